import type { Limit } from '../ast/query.ts';
import type { QueryPlace } from './query-place.ts';
import { isUpdating, type Relation } from './relation.ts';

/** Limits a query to its first rows. Returns null after reporting a mistake. */
export function limitRows(input: Relation, { count, offset, span }: Limit, place: QueryPlace): Relation | null {
  const { diagnostics } = place.job.session;
  if (isUpdating(input)) {
    return diagnostics.error(
      'SQL_UPDATES_NOT_ACCEPTED',
      span,
      'LIMIT takes only new rows, but its input also changes rows (an unbounded GROUP BY or DISTINCT does)',
      'aggregate over windows before it',
    );
  }
  if (count === 'all' && offset === 0) return input;
  if (count === 'all' || count === null) {
    const what = 'OFFSET or FETCH without a number of rows';
    return diagnostics.notSupported(span, what, 'write LIMIT n OFFSET m, or FETCH NEXT n ROWS ONLY');
  }
  if (![count, offset].every(Number.isSafeInteger)) {
    return diagnostics.error('SQL_INVALID_ARGUMENT', span, 'the number of rows is too large');
  }
  return { operation: { kind: 'limit', count, offset }, inputs: [input], fields: input.fields, scope: place.scope };
}
