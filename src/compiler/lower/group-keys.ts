import type { AggregateCall, ColumnExpression, Expression } from '../../plan/expression.ts';
import { collectColumns, mapAggregate, partsOf, replaceColumns } from '../../plan/walk-expression.ts';
import { project, type Relation, type RelationField } from './relation.ts';

/** A key of GROUP BY: an expression over the input row. */
export interface GroupKey {
  readonly expression: Expression;
  readonly name: string;
}

export interface PreparedKeys {
  readonly input: Relation;
  readonly keys: readonly number[];
  readonly names: readonly string[];
  readonly aggregates: readonly AggregateCall[];
  /** The legacy window's time column. */
  readonly time: number | null;
}

/** Converts keys to columns. Adds a projection if a key is an expression. */
export function prepareKeys(
  input: Relation,
  keys: readonly GroupKey[],
  aggregates: readonly AggregateCall[],
  time: number | null,
  scope: string,
): PreparedKeys {
  const names = keys.map((key) => key.name);
  if (keys.every((key) => key.expression.kind === 'column')) {
    return { input, keys: keys.map((key) => (key.expression as { index: number }).index), names, aggregates, time };
  }
  const used = new Set<number>();
  for (const call of aggregates) for (const part of partsOf(call)) collectColumns(part, used);
  if (time !== null) used.add(time);
  const kept = [...used].sort((a, b) => a - b);
  const expressions = [
    ...keys.map((key) => key.expression),
    ...kept.map((index): Expression => ({ kind: 'column', index, type: input.fields[index]!.type })),
  ];
  const fields = [
    ...keys.map((key): RelationField => {
      const window = key.expression.kind === 'column' ? input.fields[key.expression.index]!.window : undefined;
      const added = key.expression.kind === 'column' ? {} : ({ added: true } as const);
      return { name: key.name, type: key.expression.type, ...(window === undefined ? {} : { window }), ...added };
    }),
    ...kept.map((index) => input.fields[index]!),
  ];
  const moved = (column: ColumnExpression): Expression => ({
    ...column,
    index: keys.length + kept.indexOf(column.index),
  });
  return {
    input: project(input, expressions, fields, scope),
    keys: keys.map((_, i) => i),
    names,
    aggregates: aggregates.map((call) => mapAggregate(call, (part) => replaceColumns(part, moved))),
    time: time === null ? null : keys.length + kept.indexOf(time),
  };
}
