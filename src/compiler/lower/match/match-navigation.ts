import type { Expression, MatchNavigation } from '../../../plan/expression.ts';
import { readsClassifier } from '../../../plan/match-reach.ts';
import type { CallAst, ExpressionAst } from '../../ast/expression.ts';
import { oneRowTyper, singleVariable } from './match-row.ts';
import { type MatchScope, nullable } from './match-scope.ts';
import { needsStandard } from './needs-standard.ts';

/**
 * Types FIRST(expr [, n]) and LAST(expr [, n]). They read the n-th row of a variable from the start
 * or the end. All columns in `expr` belong to one variable.
 */
export function logicalNavigation(ast: CallAst, match: MatchScope): MatchNavigation | null {
  const parts = argumentsOf(ast, match, 0);
  if (parts === null) return null;
  const found = readOf(ast, parts.value, match);
  if (found === null) return null;
  return {
    kind: 'match-navigation',
    variable: found.variable,
    direction: ast.name === 'FIRST' ? 'first' : 'last',
    offset: parts.offset,
    ...(ast.matchMode === 'FINAL' && match.allRows ? { final: true } : {}),
    expression: found.expression,
    type: nullable(found.expression),
  };
}

/**
 * Types PREV(expr [, n]) and NEXT(expr [, n]). They read the row that is n rows (default 1) before
 * or after the row of `expr` in the partition. That row need not be in the match. `expr` may be one
 * FIRST or LAST call.
 */
export function physicalNavigation(ast: CallAst, match: MatchScope): Expression | null {
  const { diagnostics } = match.session;
  if (ast.matchMode !== null)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      `${ast.matchMode} cannot stand before ${ast.name}`,
      `write it before what is inside, for example ${ast.name}(${ast.matchMode} LAST(A.x))`,
    );
  if (!match.standard && ast.name === 'NEXT') {
    return needsStandard(ast.span, 'NEXT (an offset in the partition)', match.session);
  }
  if (!match.standard)
    match.session.extension(
      ast.span,
      'PREV (an offset in the partition)',
      'LAST(A.x, 1) is the row before within the match',
    );
  const parts = argumentsOf(ast, match, 1);
  if (parts === null) return null;
  const physical = ast.name === 'PREV' ? -parts.offset : parts.offset;
  const inner = isLogical(parts.value) ? logicalNavigation(parts.value, match) : plainRow(ast, parts.value, match);
  if (inner === null) return null;
  if (!match.standard && readsClassifier(inner))
    return needsStandard(ast.span, 'CLASSIFIER of another row of the partition', match.session);
  return physical === 0 ? inner : { ...inner, physical };
}

const isLogical = (ast: ExpressionAst): ast is CallAst =>
  ast.kind === 'call' && !ast.operator && (ast.name === 'FIRST' || ast.name === 'LAST');

/** Returns the last row of the variable to which the columns in `value` belong. */
function plainRow(ast: CallAst, value: ExpressionAst, match: MatchScope): MatchNavigation | null {
  const found = readOf(ast, value, match);
  if (found === null) return null;
  const { variable, expression } = found;
  return { kind: 'match-navigation', variable, direction: 'last', offset: 0, expression, type: nullable(expression) };
}

function readOf(
  ast: CallAst,
  value: ExpressionAst,
  match: MatchScope,
): { readonly variable: string | null; readonly expression: Expression } | null {
  const { diagnostics } = match.session;
  const found = singleVariable(value, ast.name, match);
  if (found === null) return null;
  if (found.nothing && match.standard)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      value.span,
      `${ast.name} reads no column of a row`,
      `for example ${ast.name}(A.x)`,
    );
  const expression = oneRowTyper(match, found.variable).type(value);
  return expression === null ? null : { variable: found.variable, expression };
}

function argumentsOf(
  ast: CallAst,
  match: MatchScope,
  otherwise: number,
): { readonly value: ExpressionAst; readonly offset: number } | null {
  const { diagnostics } = match.session;
  const [value, offsetAst] = ast.args;
  if (value === undefined || ast.args.length > 2)
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      ast.span,
      `${ast.name} takes an expression and, if wanted, an offset`,
    );
  const offset = offsetAst === undefined ? otherwise : constantOffset(offsetAst);
  if (offset === null)
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      offsetAst!.span,
      `the offset of ${ast.name} must be a whole number`,
      `for example ${ast.name}(A.x, 1)`,
    );
  return { value, offset };
}

function constantOffset(ast: ExpressionAst): number | null {
  return ast.kind === 'literal' && ast.type.kind === 'int' && typeof ast.value === 'number' && ast.value >= 0
    ? ast.value
    : null;
}
