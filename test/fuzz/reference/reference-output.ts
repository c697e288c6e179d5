import type { TestRow } from '../../unit/engine/operators/match-harness.ts';
import type { MatchCase } from '../match-case.ts';
import { resultVariables } from '../match-node-of.ts';
import { SkipMiss } from './reference-matcher.ts';
import { type KeyFinding, type KeyState, keyRow, limited, referenceOf } from './reference-run.ts';

/**
 * Result rows and watermarks by key, in order. Null: the job fails. A pattern without PARTITION BY
 * has the one key ''.
 */
export type OutputByKey = ReadonlyMap<string, readonly string[]>;

interface KeyRun {
  state: KeyState;
  rows: number;
  readonly lines: string[];
}

/**
 * Computes the output of MATCH_RECOGNIZE as a whole. Drops rows at or behind the watermark. The
 * other rows wait until the watermark passes them. Then they go to their key's matcher in the order
 * of (time, ORDER BY, arrival). Time advances to each row before the row, and with the watermark
 * for all keys.
 */
export function referenceOutput(given: MatchCase): OutputByKey | null {
  const matcher = referenceOf(given);
  const keys = new Map<string, KeyRun>();
  const keyOf = (row: TestRow) => (given.partitioned ? String(row.k) : '');
  for (const row of given.rows) keys.set(keyOf(row), { state: matcher.begin(), rows: 0, lines: [] });

  const advance = (key: string, time: number) => {
    const run = keys.get(key)!;
    const [state, findings] = matcher.advance(run.state, time);
    run.state = state;
    for (const finding of findings) {
      // An absence has the time of its bound, not of the watermark that passes it.
      say(key, finding, finding.kind === 'match' ? (finding.at ?? time) : time);
    }
  };
  const say = (key: string, finding: KeyFinding, time: number) => {
    if (finding.kind === 'match' || given.shows === 'timeouts') {
      keys.get(key)!.lines.push(...resultLines(given, key, finding, time));
    }
  };
  const offer = (row: TestRow) => {
    const key = keyOf(row);
    advance(key, row.ts);
    const run = keys.get(key)!;
    const [state, findings] = matcher.offer(run.state, keyRow(row, run.rows++));
    run.state = limited(state);
    for (const finding of findings) say(key, finding, row.ts);
  };

  try {
    let waiting: TestRow[] = [];
    let watermark = 0;
    const advanceWatermark = (to: number) => {
      const due = waiting.filter(({ ts }) => ts <= to);
      waiting = waiting.filter(({ ts }) => ts > to);
      for (const row of inOrder(due, given.order)) offer(row);
      for (const [key, run] of keys) {
        if (to !== Number.POSITIVE_INFINITY) advance(key, to);
        // The end of the input has no time, so time advances from bound to bound.
        else for (let t = matcher.nextBound(run.state); t < to; t = matcher.nextBound(run.state)) advance(key, t);
        run.lines.push(`watermark ${to}`);
      }
    };
    for (const row of given.rows) {
      if (row.ts > watermark) waiting.push(row);
      if (row.ts - given.delayMs <= watermark) continue;
      watermark = row.ts - given.delayMs;
      advanceWatermark(watermark);
    }
    advanceWatermark(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof SkipMiss) return null;
    throw error;
  }
  return new Map([...keys].map(([key, { lines }]) => [key, lines]));
}

/**
 * Returns a line for the finding, or a line for each of its rows with the bindings up to that row.
 */
function resultLines(given: MatchCase, key: string, finding: KeyFinding, time: number): string[] {
  if (given.shows !== 'all') return [resultLine(given, key, finding, time)];
  return finding.rows.map((_, i) => resultLine(given, key, { ...finding, rows: finding.rows.slice(0, i + 1) }, time));
}

/**
 * Returns the partition column (in ALL ROWS PER MATCH that of the row itself), then the measures of
 * `matchNodeOf`.
 */
function resultLine(given: MatchCase, key: string, finding: KeyFinding, time: number): string {
  const measures = resultVariables(given).flatMap((variable) => {
    const ids = finding.rows.filter((bound) => bound.variable === variable).map(({ row }) => row.row.id);
    return [ids[0] ?? null, ids.at(-1) ?? null, ids.length];
  });
  const last = given.measured === undefined ? [finding.rows.at(-1)!.row.row.id] : [];
  const bound = finding.rows.at(-1)!;
  const end =
    given.shows === undefined ? time : given.shows === 'timeouts' ? finding.kind.toUpperCase() : bound.variable;
  const own = given.shows === 'all' ? [bound.row.row.id] : [];
  return JSON.stringify([...(given.partitioned ? [key] : []), ...own, ...measures, ...last, end]);
}

/**
 * Compares rows by time, then by the ORDER BY columns with NULL as the smallest value, then by
 * arrival.
 */
function inOrder(rows: readonly TestRow[], order: MatchCase['order']): TestRow[] {
  return [...rows].sort((a, b) => {
    if (a.ts !== b.ts) return a.ts - b.ts;
    for (const { column, descending } of order) {
      const compared = compareNullable(a[column], b[column]);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return 0;
  });
}

function compareNullable<T extends number | string>(a: T | null, b: T | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}
