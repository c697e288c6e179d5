import { EngineError } from '../../src/core/engine-error.ts';
import { type Kill, MatchHarness } from '../unit/engine/operators/match-harness.ts';
import type { MatchCase } from './match-case.ts';
import { matchNodeOf } from './match-node-of.ts';
import type { OutputByKey } from './reference/reference-output.ts';

/** The way of running the operator. The output must not depend on it. */
export interface OperatorMode {
  readonly batchRows: number;
  readonly kill: Kill;
}

/** Returns the output of the whole operator. Returns null if AFTER MATCH fails it. */
export async function engineOutput(given: MatchCase, mode: OperatorMode): Promise<OutputByKey | null> {
  const harness = new MatchHarness(matchNodeOf(given));
  try {
    await harness.run(given.rows, mode.batchRows, given.delayMs, mode.kill);
    await harness.advance(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'MATCH_SKIP') return null;
    throw error;
  }
  const keys = new Set(given.rows.map(({ k }) => (given.partitioned ? String(k) : '')));
  const output = new Map([...keys].map((key) => [key, [] as string[]]));
  for (const line of harness.output) {
    if (line.startsWith('watermark')) for (const lines of output.values()) lines.push(line);
    else output.get(given.partitioned ? String(JSON.parse(line)[0]) : '')!.push(line);
  }
  return output;
}
