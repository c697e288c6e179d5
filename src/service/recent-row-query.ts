import type { RecentRow } from './service-api.ts';

/** What a reader of the latest rows asks for. */
export interface RecentRowQuery {
  /** Only rows with a larger sequence number. */
  readonly after?: number;
  /** Only rows of this job. */
  readonly job?: string;
  /** Only rows whose JSON text contains this text, in any case. */
  readonly contains?: string;
  /** False: without rows that change or retract an earlier row (−U and +U). */
  readonly updates?: boolean;
  /** The newest so many rows of each sink. */
  readonly perSink?: number;
  /** The newest so many rows of all. */
  readonly limit: number;
}

/**
 * Returns the rows that a query asks for, oldest first. `sinks`: the rows of each sink of each job,
 * oldest first. The limits apply to the rows that the other conditions leave.
 */
export function selectRows(
  sinks: readonly (readonly RecentRow[])[],
  { after = -1, job, contains, updates = true, perSink, limit }: RecentRowQuery,
): RecentRow[] {
  const text = contains?.toLowerCase();
  const isWanted = (row: RecentRow): boolean =>
    row.sequence > after &&
    (updates || !isUpdate(row.line)) &&
    (text === undefined || valuesOf(row.line).toLowerCase().includes(text));
  return sinks
    .filter((rows) => job === undefined || rows[0]?.job === job)
    .flatMap((rows) => {
      const wanted = rows.filter(isWanted);
      return perSink === undefined ? wanted : wanted.slice(-perSink);
    })
    .sort((a, b) => a.sequence - b.sequence)
    .slice(-limit);
}

/** A line begins with `{"op":"+I","row":`. */
const isUpdate = (line: string): boolean => line.startsWith('{"op":"-U"') || line.startsWith('{"op":"+U"');
const valuesOf = (line: string): string => line.slice('{"op":"+I","row":'.length);
