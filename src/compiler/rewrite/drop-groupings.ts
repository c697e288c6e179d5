import { type DataType, withNullable } from '../../core/data-type.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Keys } from '../../plan/traits.ts';
import type { Relation } from '../lower/relation.ts';
import { convert } from '../typecheck/convert.ts';

/** These aggregates return the value itself if a group has one row. */
const SINGLE = new Set(['SUM', 'MIN', 'MAX']);

/**
 * Returns a function for `pruneColumns`. It replaces GROUP BY and DISTINCT by a projection if their
 * keys contain a unique key of the input, so that each group has one row. The projection does not
 * read keys that nobody reads. The changes of the input pass through. An update stays −U
 * and +U instead of −D and +I.
 *
 * As in Flink (`FlinkAggregateRemoveRule`), the aggregates that somebody reads must be SUM, MIN or
 * MAX without FILTER, and there must be a key (recorded: the cases `grouped-by-unique-key-*`).
 */
export function groupingDropper(): (relation: Relation, columns: ReadonlySet<number>) => Relation {
  const keys = new Map<Relation, Keys>();
  const keysOf = (relation: Relation): Keys => {
    const known = keys.get(relation);
    if (known !== undefined) return known;
    const { operation, fields, inputs } = relation;
    const schemas = { fields, inputs: inputs.map((input) => input.fields) };
    const own = definitionOf(operation).keys(operation, schemas, inputs.map(keysOf));
    keys.set(relation, own);
    return own;
  };
  return (relation, columns) => withoutGrouping(relation, columns, keysOf);
}

function withoutGrouping(
  relation: Relation,
  columns: ReadonlySet<number>,
  keysOf: (relation: Relation) => Keys,
): Relation {
  const { operation, fields } = relation;
  if (operation.kind !== 'group-aggregate' || operation.keys.length === 0) return relation;
  const { keys, aggregates } = operation;
  const input = relation.inputs[0]!;
  const isUnique = keysOf(input).unique.some((key) => key.every((column) => keys.includes(column)));
  const isRead = (aggregate: number): boolean => columns.has(keys.length + aggregate);
  if (!isUnique || !aggregates.every((call, i) => !isRead(i) || isSingle(call))) return relation;
  const expressions: Expression[] = [
    ...keys.map((index, i): Expression => ({ kind: 'column', index, type: fields[i]!.type })),
    // Column pruning removes the column of an aggregate that nobody reads.
    ...aggregates.map((call, i) => (isRead(i) ? convert(call.args[0]!, call.type) : nothing(call.type))),
  ];
  return { ...relation, operation: { kind: 'project', expressions } };
}

const nothing = (type: DataType): Expression => ({ kind: 'literal', value: null, type: withNullable(type, true) });

const isSingle = ({ function: name, args, filter }: AggregateCall): boolean =>
  SINGLE.has(name) && args.length === 1 && filter === undefined;
