import type { Expression } from '../../plan/expression.ts';

/**
 * Returns the expressions directly inside an expression. For pattern nodes returns the expressions
 * that they evaluate on each row.
 */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
    case 'and':
    case 'or':
    case 'not':
      return expression.args;
    case 'cast':
    case 'field':
      return [expression.input];
    case 'case':
      return [...expression.branches.flatMap((branch) => [branch.when, branch.then]), expression.otherwise];
    case 'match-navigation':
      return [expression.expression];
    case 'match-aggregate':
      return [...expression.call.args, ...(expression.call.filter === undefined ? [] : [expression.call.filter])];
    default:
      return [];
  }
}

/** Returns the columns that any part of the expression reads. */
export function columnsIn(expression: Expression): number[] {
  return expression.kind === 'column' ? [expression.index] : childrenOf(expression).flatMap(columnsIn);
}

/**
 * Returns the columns that are read from earlier rows of the match. Those rows must keep these
 * columns.
 */
export function columnsKeptFor(expression: Expression): number[] {
  return isMatchNode(expression) ? columnsIn(expression) : childrenOf(expression).flatMap(columnsKeptFor);
}

/** Returns whether the expression reads anything except the row under test. */
export function readsMatch(expression: Expression): boolean {
  return isMatchNode(expression) || childrenOf(expression).some(readsMatch);
}

function isMatchNode(expression: Expression): boolean {
  const { kind } = expression;
  return kind === 'match-navigation' || kind === 'match-aggregate' || kind === 'match-time' || kind === 'match-number';
}
