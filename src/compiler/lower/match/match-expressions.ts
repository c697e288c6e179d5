import { didYouMean } from '../../../core/did-you-mean.ts';
import type { AggregateCall, Expression } from '../../../plan/expression.ts';
import type { CallAst, ExpressionAst } from '../../ast/expression.ts';
import { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import { Scope } from '../../typecheck/scope.ts';
import { typeAggregate } from '../aggregate-call.ts';
import { aggregateCallOf } from '../find-aggregate-calls.ts';
import { checkNullTreatment } from '../null-treatment.ts';
import { classifier, matchNumber, matchStatus, matchTime } from './match-functions.ts';
import { logicalNavigation, physicalNavigation } from './match-navigation.ts';
import { oneRowTyper, rowExpression, singleVariable } from './match-row.ts';
import { isVariable, type MatchPlace, type MatchScope, nullable, variablesHint } from './match-scope.ts';

/**
 * Types an expression of MEASURES or DEFINE. `A.col` is the value in the last row of A so far.
 * `col` is the value in the last row of all variables. In DEFINE of A both read the row under test
 * (flink-semantics 1.3).
 */
export function matchTyper(match: MatchScope, place: MatchPlace): ExpressionTyper {
  const { session } = match;
  const { diagnostics } = session;
  const scope = Scope.of(match.inputAlias, match.known ? match.fields : null);
  return new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    intercept: (ast) => intercept(ast, match, place, scope),
  });
}

function intercept(
  ast: ExpressionAst,
  match: MatchScope,
  place: MatchPlace,
  scope: Scope,
): Expression | null | undefined {
  const { diagnostics } = match.session;
  if (ast.kind === 'column') return columnOf(ast, match, place, scope);
  if (ast.kind !== 'call') return undefined;
  if (ast.matchMode === 'RUNNING' && !match.standard && !match.allRows)
    return diagnostics.notSupported(ast.span, 'RUNNING', 'MEASURES are final in ONE ROW PER MATCH');
  if (ast.matchMode === 'FINAL' && place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, 'FINAL cannot stand in DEFINE');
  if (!ast.operator) {
    if (!checkNullTreatment(ast, diagnostics)) return null;
    if (ast.name === 'FIRST' || ast.name === 'LAST') return logicalNavigation(ast, match);
    if (ast.name === 'PREV' || ast.name === 'NEXT') return physicalNavigation(ast, match);
    if (ast.name === 'CLASSIFIER') return classifier(ast, match);
    if (ast.name === 'MATCH_NUMBER') return matchNumber(ast, match, place);
    if (ast.name === 'MATCH_STATUS') return matchStatus(ast, match, place);
    if (ast.name === 'MATCH_ROWTIME' || ast.name === 'MATCH_PROCTIME') return matchTime(ast, match, place);
  }
  return aggregateCallOf(ast) === null ? undefined : matchAggregate(ast, match);
}

/**
 * Types a plain column reference. The reference reads LAST(…, 0) of its variable, or the row
 * under test.
 */
function columnOf(
  ast: Extract<ExpressionAst, { kind: 'column' }>,
  match: MatchScope,
  place: MatchPlace,
  scope: Scope,
): Expression | null {
  const { diagnostics } = match.session;
  const [first, ...rest] = ast.parts;
  const qualified = rest.length > 0 && isVariable(first!, match);
  const parts = qualified ? rest : ast.parts;
  if (
    !qualified &&
    rest.length > 0 &&
    match.known &&
    !scope.columnNames().includes(first!.text) &&
    first!.text !== match.inputAlias
  ) {
    return diagnostics.error(
      'SQL_UNKNOWN_VARIABLE',
      first!.span,
      `no pattern variable \`${first!.text}\``,
      didYouMean(first!.text, match.variables) ?? variablesHint(match),
    );
  }
  const row = rowExpression(parts, qualified ? first! : null, match, scope);
  if (row === null) return null;
  const variable = qualified ? first!.text : null;
  if (place.kind === 'define' && (variable === null || variable === place.variable)) return row;
  return { kind: 'match-navigation', variable, direction: 'last', offset: 0, expression: row, type: nullable(row) };
}

function matchAggregate(ast: CallAst, match: MatchScope): Expression | null {
  const { diagnostics } = match.session;
  if (ast.distinct) return diagnostics.notSupported(ast.span, `DISTINCT in ${ast.name} of a pattern`);
  if (ast.filter !== null) return diagnostics.notSupported(ast.filter.span, `FILTER in ${ast.name} of a pattern`);
  if (ast.nullTreatment !== null) {
    match.session.extension(ast.nullTreatment.span, 'IGNORE NULLS or RESPECT NULLS in a pattern');
  }
  if (ast.args.length > 1 && ast.name === 'COUNT')
    match.session.extension(ast.span, 'COUNT of several values in a pattern');
  const star = starOf(ast, match);
  if (star !== null) {
    match.session.extension(ast.span, 'COUNT(A.*)', 'COUNT of a column that is never NULL');
    const call = typeAggregate({ ...ast, args: [], star: true }, oneRowTyper(match, star), false);
    return call === null ? null : aggregateOf(ast, star, call, match);
  }
  const found = singleVariable({ kind: 'row-list', items: ast.args, span: ast.span }, ast.name, match);
  if (found === null) return null;
  const call = typeAggregate(ast, oneRowTyper(match, found.variable), false);
  if (call === null) return null;
  return aggregateOf(ast, found.variable, call, match);
}

function aggregateOf(ast: CallAst, variable: string | null, call: AggregateCall, match: MatchScope): Expression {
  const final = ast.matchMode === 'FINAL' && match.allRows ? { final: true as const } : {};
  return { kind: 'match-aggregate', variable, ...final, call, type: call.type };
}

/** Returns the variable of COUNT(A.*), the number of rows of A. */
function starOf(ast: CallAst, match: MatchScope): string | null {
  const [only] = ast.args;
  if (ast.name !== 'COUNT' || ast.args.length !== 1 || only?.kind !== 'star') return null;
  return only.qualifier !== null && isVariable(only.qualifier, match) ? only.qualifier.text : null;
}
