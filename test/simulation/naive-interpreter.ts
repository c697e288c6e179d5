/**
 * Queries in plain loops over all rows. They compute the engine's expected output without any of
 * its code.
 */

import type { MatchCase } from '../fuzz/match-case.ts';
import { resultVariables } from '../fuzz/match-node-of.ts';
import { referenceOutput } from '../fuzz/reference/reference-output.ts';
import type { TestRow } from '../unit/engine/operators/match-harness.ts';

/** Computes SELECT id, k, v … WHERE v > 0. */
export function passing(rows: readonly TestRow[]): string[] {
  return rows.flatMap(({ id, k, v }) => (v !== null && v > 0 ? [JSON.stringify({ id, k, v })] : []));
}

/**
 * Computes count, sum and greatest id by key and window of `size` milliseconds. Drops rows whose
 * window is over.
 */
export function tumbling(
  rows: readonly TestRow[],
  size: number,
  delayMs: number,
): { readonly lines: string[]; readonly late: number } {
  const windows = new Map<string, { k: string | null; start: number; c: number; s: number | null; m: number }>();
  let watermark = Number.NEGATIVE_INFINITY;
  let late = 0;
  for (const { id, k, v, ts } of rows) {
    const start = Math.floor(ts / size) * size;
    if (start + size - 1 <= watermark) late++;
    else {
      const name = `${k} ${start}`;
      const w = windows.get(name) ?? { k, start, c: 0, s: null, m: 0 };
      windows.set(name, { k, start, c: w.c + 1, s: v === null ? w.s : (w.s ?? 0) + v, m: Math.max(w.m, id) });
    }
    watermark = Math.max(watermark, ts - delayMs);
  }
  const lines = [...windows.values()].map(({ k, start, c, s, m }) =>
    JSON.stringify({ k, w: timeText(start), c, s, m }),
  );
  return { lines, late };
}

/** Computes SELECT k, COUNT(*), SUM(v) … GROUP BY k as a changelog in Debezium's envelope. */
export function grouped(rows: readonly TestRow[]): string[] {
  const groups = new Map<string | null, { k: string | null; c: number; s: number | null }>();
  const lines: string[] = [];
  for (const { k, v } of rows) {
    const before = groups.get(k);
    const after = { k, c: (before?.c ?? 0) + 1, s: v === null ? (before?.s ?? null) : (before?.s ?? 0) + v };
    if (before !== undefined) lines.push(JSON.stringify({ before, after: null, op: 'd' }));
    lines.push(JSON.stringify({ before: null, after, op: 'c' }));
    groups.set(k, after);
  }
  return lines;
}

/** Computes a pattern with the naive matcher. Returns null if the job fails. */
export function matching(given: MatchCase): string[] | null {
  const output = referenceOutput(given);
  if (output === null) return null;
  const names = [...(given.partitioned ? ['k'] : []), ...measureNames(given), 'last_id'];
  return [...output.values()].flat().flatMap((line) => {
    if (!line.startsWith('[')) return [];
    const values = JSON.parse(line) as unknown[];
    return [JSON.stringify(Object.fromEntries(names.map((name, i) => [name, values[i]])))];
  });
}

/**
 * Returns the names of the measures: the first id, the last id and the number of rows of each
 * variable.
 */
export function measureNames(given: MatchCase): readonly string[] {
  return resultVariables(given).flatMap((v) => [`${v}_first`, `${v}_last`, `${v}_count`]);
}

const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
