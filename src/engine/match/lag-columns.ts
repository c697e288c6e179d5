import type { Field } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { mapChildren, replaceColumns } from '../../plan/walk-expression.ts';

/** A column of an earlier row of the partition. */
export interface Lag {
  readonly column: number;
  readonly rows: number;
}

/**
 * A pattern whose PREVs read columns of the row itself. The columns are the columns of the input,
 * then the lags.
 */
export interface LaggedNode {
  readonly node: MatchNode;
  readonly fields: readonly Field[];
  readonly lags: readonly Lag[];
}

/**
 * Replaces PREV by additional columns. The value of PREV depends only on the row, not on the match.
 * So each row gets the values of the previous rows as additional columns, and the matcher needs no
 * code for PREV.
 */
export function withLagColumns(node: MatchNode, input: readonly Field[]): LaggedNode {
  const lags: Lag[] = [];
  const place = (column: number, rows: number): number => {
    const known = lags.findIndex((lag) => lag.column === column && lag.rows === rows);
    return input.length + (known >= 0 ? known : lags.push({ column, rows }) - 1);
  };
  const rewrite = (expression: Expression): Expression => {
    if (expression.kind !== 'match-navigation' || expression.physical === undefined)
      return mapChildren(expression, rewrite);
    const { physical, ...navigation } = expression;
    const inner = replaceColumns(expression.expression, (column) => ({
      ...column,
      index: place(column.index, -physical),
      type: { ...column.type, nullable: true },
    }));
    return { ...navigation, expression: inner };
  };
  const define = node.define.map((each) => ({ ...each, condition: ofRow(rewrite(each.condition), each.variable) }));
  const measures = node.measures.map(rewrite);
  const fields = lags.map(({ column, rows }) => ({
    name: `${input[column]!.name} ${rows} before`,
    type: { ...input[column]!.type, nullable: true },
  }));
  return { node: { ...node, define, measures }, fields: [...input, ...fields], lags };
}

/**
 * Replaces the last row by the row under test. In DEFINE both are the same row for the variable
 * itself and for all variables. A condition on the row under test can be evaluated for a whole
 * batch at once.
 */
function ofRow(expression: Expression, variable: string): Expression {
  if (expression.kind !== 'match-navigation') return mapChildren(expression, (child) => ofRow(child, variable));
  const own = expression.variable === null || expression.variable === variable;
  return own && expression.direction === 'last' && expression.offset === 0 ? expression.expression : expression;
}
