import type { AggregateCall, ColumnExpression, Expression } from './expression.ts';

/** Returns the same expression with each direct child replaced. */
export function mapChildren(expression: Expression, map: (child: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'column':
    case 'literal':
    case 'match-time':
    case 'match-classifier':
    case 'match-number':
    case 'match-status':
      return expression;
    case 'call':
    case 'and':
    case 'or':
    case 'not':
      return { ...expression, args: expression.args.map(map) };
    case 'cast':
    case 'field':
      return { ...expression, input: map(expression.input) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map((branch) => ({ when: map(branch.when), then: map(branch.then) })),
        otherwise: map(expression.otherwise),
      };
    case 'match-navigation':
      return { ...expression, expression: map(expression.expression) };
    case 'match-aggregate':
      return { ...expression, call: mapAggregate(expression.call, map) };
  }
}

export function mapAggregate(call: AggregateCall, map: (child: Expression) => Expression): AggregateCall {
  return {
    ...call,
    args: call.args.map(map),
    ...(call.filter === undefined ? {} : { filter: map(call.filter) }),
  };
}

/** Replaces each column of the input row. */
export function replaceColumns(expression: Expression, replace: (column: ColumnExpression) => Expression): Expression {
  if (expression.kind === 'column') return replace(expression);
  return mapChildren(expression, (child) => replaceColumns(child, replace));
}

/** Calls `visit` for the expression and everything inside it. */
export function walk(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  mapChildren(expression, (child) => {
    walk(child, visit);
    return child;
  });
}

/** Adds the positions of all columns that the expression reads. */
export function collectColumns(expression: Expression, into: Set<number>): void {
  walk(expression, (part) => {
    if (part.kind === 'column') into.add(part.index);
  });
}

/** Returns the positions of all columns that the expressions read. */
export function columnsOf(expressions: readonly Expression[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const expression of expressions) collectColumns(expression, found);
  return found;
}

/** Returns the expression over an input whose columns have moved. */
export const moveColumns = (expression: Expression, at: (column: number) => number): Expression =>
  replaceColumns(expression, (column) => ({ ...column, index: at(column.index) }));

/** Returns the expression with the lineage (`Lineage`) of each column instead of its position. */
export const withLineage = (expression: Expression, columns: readonly string[]): Expression =>
  replaceColumns(expression, (column) => {
    const replaced = { ...column, index: 0, holds: columns[column.index]! };
    return replaced;
  });

/** Returns the expressions that an aggregate call evaluates. */
export const partsOf = (call: AggregateCall): readonly Expression[] =>
  call.filter === undefined ? call.args : [...call.args, call.filter];
