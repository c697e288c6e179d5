import { isTimestamp } from '../../../core/data-type.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import type { MatchClause } from '../../ast/match.ts';
import { plainName } from '../../typecheck/describe-call.ts';
import type { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import type { QueryPlace } from '../query-place.ts';

export interface MatchOrder {
  readonly time: MatchNode['time'];
  readonly rest: MatchNode['order'];
}

/**
 * Lowers ORDER BY. The first column is the ascending time attribute. The other columns order rows
 * of equal time.
 */
export function orderOf(clause: MatchClause, rows: ExpressionTyper, place: QueryPlace): MatchOrder | null {
  const { diagnostics } = place.job.session;
  const [first, ...others] = clause.order;
  if (first === undefined)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      clause.headSpan,
      'MATCH_RECOGNIZE needs ORDER BY a time column',
      'write ORDER BY with the column that has the watermark',
    );
  const time = rows.type(first.expression);
  const rest = others.map((item) => {
    const typed = rows.type(item.expression);
    if (typed !== null && typed.kind !== 'column')
      return diagnostics.notSupported(item.span, 'an expression in ORDER BY of a pattern');
    if (typed === null) return null;
    // NULL is the smallest value unless the text says otherwise
    return { column: typed.index, descending: item.descending, nullsFirst: item.nullsFirst ?? !item.descending };
  });
  if (time === null) return null;
  const attribute = isTimestamp(time.type) ? time.type.attribute : undefined;
  if (time.kind !== 'column' || attribute === undefined) {
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      first.span,
      `ORDER BY of a pattern begins with a time column that has a watermark (or PROCTIME()), got ${plainName(time.type)}`,
      isTimestamp(time.type)
        ? 'declare WATERMARK FOR the column in CREATE TABLE; expressions and aggregations lose it'
        : undefined,
    );
  }
  if (first.descending)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      first.span,
      'the time of a pattern must be ascending',
      'leave DESC out',
    );
  if (rest.includes(null)) return null;
  return { time: { column: time.index, time: attribute }, rest: rest as MatchOrder['rest'] };
}
