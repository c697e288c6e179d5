import type { Expression } from '../../plan/expression.ts';

/** The expressions directly inside one; for pattern nodes what they evaluate on each row. */
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

/** Columns read anywhere in the expression. */
export function columnsIn(expression: Expression): number[] {
  return expression.kind === 'column' ? [expression.index] : childrenOf(expression).flatMap(columnsIn);
}

/** Columns that are read from earlier rows of the match, which must keep them. */
export function columnsKeptFor(expression: Expression): number[] {
  return isMatchNode(expression) ? columnsIn(expression) : childrenOf(expression).flatMap(columnsKeptFor);
}

/** Whether the expression reads anything except the row under test. */
export function readsMatch(expression: Expression): boolean {
  return isMatchNode(expression) || childrenOf(expression).some(readsMatch);
}

function isMatchNode(expression: Expression): boolean {
  const { kind } = expression;
  return kind === 'match-navigation' || kind === 'match-aggregate' || kind === 'match-time' || kind === 'match-number';
}
