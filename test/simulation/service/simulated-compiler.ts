import { catalogDifference } from '../../../src/service/compile/catalog-difference.ts';
import type { Compiler } from '../../../src/service/compile/compile-pool.ts';
import { readSubmission } from '../../../src/service/submission.ts';
import type { SimulatedProcess } from '../world.ts';

const SLOWEST_MS = 20;

/** The compiler of the service, which takes some time of the simulation. */
export const simulatedCompiler = (life: SimulatedProcess): Compiler => ({
  submission: (sql, settings, limits) =>
    life.inTime('compiles', SLOWEST_MS, () => {
      const { result, warnings, unusableView } = readSubmission(sql, settings, limits);
      const { statements, settings: after } = result;
      const catalog = catalogDifference(limits.catalog, result.catalog);
      return { kind: 'submission', result: { statements, settings: after }, catalog, warnings, unusableView };
    }),
  pattern: () => Promise.reject(new Error('patterns are not simulated')),
  close: () => Promise.resolve(),
});
