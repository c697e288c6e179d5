import { catalogDifference } from '../../../src/service/compile/catalog-difference.ts';
import type { Compiler } from '../../../src/service/compile/compile-pool.ts';
import { compilePattern } from '../../../src/service/patterns/compile-pattern.ts';
import { readSubmission } from '../../../src/service/submission.ts';
import type { SimulatedProcess } from '../world.ts';

const SLOWEST_MS = 20;

/**
 * The compiler of the service, which takes some time of the simulation. `fault`: the probability
 * that its thread ends in the text of a pattern.
 */
export const simulatedCompiler = (life: SimulatedProcess, fault: () => number): Compiler => ({
  submission: (sql, settings, limits) =>
    life.inTime('compiles', SLOWEST_MS, () => {
      const { result, warnings, unusableView } = readSubmission(sql, settings, limits);
      const { statements, settings: after } = result;
      const catalog = catalogDifference(limits.catalog, result.catalog);
      return { kind: 'submission', result: { statements, settings: after }, catalog, warnings, unusableView };
    }),
  pattern: ({ name, file, text, serviceSettings, defaultSettings }) =>
    life.inTime(`compiles ${name}`, SLOWEST_MS, () => {
      if (life.world.random.chance(fault())) throw new Error("the compiler's thread ended");
      return compilePattern(name, file, text, serviceSettings, defaultSettings);
    }),
  close: () => Promise.resolve(),
});
