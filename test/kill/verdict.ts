import fs from 'node:fs';
import path from 'node:path';
import { SINKS, visibleLines } from './workload.ts';

/**
 * Returns the difference between the output in `directory` and that of an undisturbed run, line by
 * line and in order; null: they are the same.
 */
export function difference(undisturbed: string, directory: string): string | null {
  for (const sink of SINKS) {
    const want = visibleLines(path.join(undisturbed, sink));
    const got = visibleLines(path.join(directory, sink));
    if (want.length === 0) return `${sink} is empty: the workload tests nothing`;
    const at = want.findIndex((line, i) => line !== got[i]);
    if (at >= 0 || got.length !== want.length) {
      const line = at < 0 ? want.length : at;
      return `${sink}: ${got.length} lines instead of ${want.length}; line ${line + 1}: ${got[line]} instead of ${want[line]}`;
    }
  }
  return null;
}

/**
 * Returns the first difference of a job that still continues. Its visible output must be a prefix
 * of an undisturbed run's output. Null: no difference.
 */
export function strayOutput(undisturbed: string, directory: string): string | null {
  for (const sink of SINKS) {
    const want = visibleLines(path.join(undisturbed, sink));
    const got = visibleLines(path.join(directory, sink));
    const at = got.findIndex((line, i) => line !== want[i]);
    if (at >= 0) return `${sink}, before the end: line ${at + 1} is ${got[at]} instead of ${want[at]}`;
  }
  return null;
}

/**
 * Removes the output that a job made visible after a checkpoint. A user who restores the
 * checkpoint must do the same.
 */
export function takeAwayOutput(sinkDirectory: string, epoch: number): void {
  if (!fs.existsSync(sinkDirectory)) return;
  for (const name of fs.readdirSync(sinkDirectory)) {
    const of = /^part-.*-(\d+)-\d+\.jsonl$/.exec(name)?.[1];
    if (of !== undefined && Number(of) > epoch) fs.rmSync(path.join(sinkDirectory, name));
  }
}
