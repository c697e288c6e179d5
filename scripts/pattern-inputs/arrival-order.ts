import type { SeededRandom } from './seeded-random.ts';

/** A row of an input; `ts` is its event time in milliseconds since 1970. */
export type TimedRow = { readonly ts: number } & Readonly<Record<string, unknown>>;

export interface Arrival {
  /** The delay that the table's watermark allows. */
  readonly watermarkDelayMs: number;
  /** The number of rows that arrive later than the watermark allows. */
  readonly lateRows: number;
  /** The least and the largest delay of these rows. */
  readonly lateByMs: readonly [number, number];
}

/**
 * Returns the rows in the order in which they arrive. Most arrive without delay, some are out of
 * order within the watermark's delay, and a few are late.
 */
export function inArrivalOrder(rows: readonly TimedRow[], random: SeededRandom, arrival: Arrival): readonly TimedRow[] {
  const late = new Set<number>();
  while (late.size < arrival.lateRows) late.add(random.whole(Math.floor(rows.length * 0.1), rows.length - 1));
  return rows
    .map((row, i) => {
      const usual = random.chance(0.2) ? random.fraction() * arrival.watermarkDelayMs * 0.9 : 0;
      const delay = late.has(i) ? random.whole(...arrival.lateByMs) : usual;
      return { row, at: row.ts + delay };
    })
    .sort((a, b) => a.at - b.at || a.row.ts - b.row.ts)
    .map(({ row }) => row);
}

/** Returns one JSON object per line. The time is written as a TIMESTAMP(3) of SQL. */
export function jsonLines(rows: readonly TimedRow[]): string {
  return rows.map((row) => `${JSON.stringify({ ...row, ts: timestampText(row.ts) })}\n`).join('');
}

function timestampText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}
