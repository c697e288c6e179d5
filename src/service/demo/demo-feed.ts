import fs from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Plan } from '../../plan/plan.ts';
import { loadCase } from '../golden/golden-case.ts';
import type { PatternFile } from '../patterns/pattern-folder.ts';
import type { ServiceStore } from '../store/service-store.ts';
import type { JobSpec } from '../worker/messages.ts';
import { demoTimeline } from './demo-timeline.ts';

const ROWS_PER_SECOND = 20;

/**
 * Replaces a pattern's tables in the demo: its inputs as sources, files as sinks. Returns null if
 * the pattern has no inputs.
 */
export function demoOf(
  found: PatternFile,
  plans: readonly Plan[],
  outputDirectory: string,
  store: ServiceStore,
  clock: Clock,
): JobSpec['demo'] {
  const golden = found.folder === null ? null : loadCase(found.folder);
  if (golden === null || golden.inputs.size === 0) return null;
  // The time of the first start is stored: event time continues after each restart of the
  // process.
  let startAt = store.demoStarts.get(found.name);
  if (startAt === undefined) {
    startAt = clock.now();
    store.record({ kind: 'demo-started', pattern: found.name, at: startAt });
  }
  return {
    tables: demoTimeline(plans, golden.inputs, { startAt, rowsPerSecond: rateOf(golden.directory) }),
    outputDirectory: path.join(outputDirectory, found.name),
  };
}

/** Reads `"demo": {"rowsPerSecond": 20}` in the case's `case.json`. */
function rateOf(directory: string): number {
  const file = path.join(directory, 'case.json');
  if (!fs.existsSync(file)) return ROWS_PER_SECOND;
  const { demo } = JSON.parse(fs.readFileSync(file, 'utf8')) as { demo?: { rowsPerSecond?: unknown } };
  const rate = demo?.rowsPerSecond;
  return typeof rate === 'number' && rate > 0 && rate <= 10_000 ? rate : ROWS_PER_SECOND;
}
