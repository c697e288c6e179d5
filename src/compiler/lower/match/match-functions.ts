import { BIGINT, isTimestamp, STRING, timestamp, timestampLtz } from '../../../core/data-type.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { CallAst } from '../../ast/expression.ts';
import { classifierOf, oneRowTyper } from './match-row.ts';
import type { MatchPlace, MatchScope } from './match-scope.ts';

/**
 * Types MATCH_STATUS(). The function tells whether a row belongs to a match or to a partial match
 * that timed out.
 */
export function matchStatus(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.name} stands only in MEASURES`);
  if (ast.args.length > 0) return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_STATUS takes no argument');
  match.session.extension(ast.span, 'MATCH_STATUS()');
  return { kind: 'match-status', type: { ...STRING, nullable: false } };
}

/**
 * Types CLASSIFIER([U]). The function returns the variable of the last row of all, or of the last
 * row of U. DEFINE includes the row under test.
 */
export function classifier(ast: CallAst, match: MatchScope): Expression | null {
  const { diagnostics } = match.session;
  if (ast.matchMode !== null)
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.matchMode} cannot stand before CLASSIFIER`);
  const rows = classifierOf(ast, match);
  if (rows === null) return null;
  match.session.extension(ast.span, 'CLASSIFIER()');
  const type = { ...STRING, nullable: true };
  const expression: Expression = { kind: 'match-classifier', type };
  return { kind: 'match-navigation', variable: rows.variable, direction: 'last', offset: 0, expression, type };
}

/** Types MATCH_NUMBER(). The function counts the matches of a partition from 1. */
export function matchNumber(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (ast.matchMode !== null)
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.matchMode} cannot stand before MATCH_NUMBER`);
  if (ast.args.length > 0) return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_NUMBER takes no argument');
  if (place.kind === 'define' && !match.standard)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      "MATCH_NUMBER stands only in MEASURES with Flink's way of matching, which tries several matches at a time",
    );
  match.session.extension(ast.span, 'MATCH_NUMBER()');
  return { kind: 'match-number', type: { ...BIGINT, nullable: false } };
}

/** Types MATCH_ROWTIME([column]) and MATCH_PROCTIME(), the time attributes of the output. */
export function matchTime(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.name} stands only in MEASURES`);
  if (ast.name === 'MATCH_PROCTIME') {
    if (ast.args.length > 0)
      return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_PROCTIME takes no argument');
    return { kind: 'match-time', time: 'proctime', type: { ...timestampLtz(3, false), attribute: 'proctime' } };
  }
  const [argument] = ast.args;
  if (ast.args.length > 1)
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_ROWTIME takes one column at most');
  // Without an argument the time is a TIMESTAMP in UTC, also where the input has a TIMESTAMP_LTZ.
  let type: Expression['type'] = timestamp(3, false);
  if (argument !== undefined) {
    const typed = argument.kind === 'column' ? oneRowTyper(match, null).typePlain(argument) : null;
    if (typed === null)
      return argument.kind === 'column'
        ? null
        : diagnostics.error('SQL_INVALID_ARGUMENT', argument.span, 'MATCH_ROWTIME takes a column');
    if (!isTimestamp(typed.type) || typed.type.attribute !== 'rowtime') {
      return diagnostics.error(
        'SQL_INVALID_ARGUMENT',
        argument.span,
        'MATCH_ROWTIME needs the event time column of the input',
      );
    }
    type = typed.type;
  }
  if (match.time === 'proctime')
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'MATCH_ROWTIME needs ORDER BY an event time',
      'use MATCH_PROCTIME()',
    );
  return {
    kind: 'match-time',
    time: 'rowtime',
    type: isTimestamp(type) ? { ...type, attribute: 'rowtime' } : type,
  };
}
