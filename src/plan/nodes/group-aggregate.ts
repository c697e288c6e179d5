import { aggregateCall } from '../decode/decode-expression.ts';
import { column, constant, flag, list, record } from '../decode/decoder.ts';
import { explainAggregate } from '../explain-expression.ts';
import type { AggregateCall } from '../expression.ts';
import { hashOf } from '../hash.ts';
import { isInsertOnly } from '../traits.ts';
import { columnsOf, mapAggregate, moveColumns, partsOf, withLineage } from '../walk-expression.ts';
import { columnNames } from './column-names.ts';
import { allColumns, movedColumn, type NodeBase, type NodeDefinition, oneKey } from './node-definition.ts';

/**
 * Unbounded GROUP BY: output fields are the keys, then the aggregates; a changelog. The input may
 * be a changelog too.
 */
export interface GroupAggregateOperation {
  readonly kind: 'group-aggregate';
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** Whether consumers need −U before +U. */
  readonly updateBefore: boolean;
}
export interface GroupAggregateNode extends NodeBase, GroupAggregateOperation {}

export const groupAggregateDefinition: NodeDefinition<GroupAggregateOperation> = {
  inputs: 'one',
  expressions: ({ aggregates }) => aggregates.flatMap(partsOf),
  waitsForWatermark: () => false,
  columnsRead: ({ keys, aggregates }, _schemas, wanted) => {
    const read = aggregatesRead(keys.length, aggregates.length, wanted);
    return [[...keys, ...columnsOf(aggregates.filter((_, i) => read.has(keys.length + i)).flatMap(partsOf))]];
  },
  columnsKept: ({ keys }) => keys.map((_, i) => i),
  // A change is sent only if an aggregate changed, so an aggregate that nobody reads must go.
  rowsDependOnColumns: ({ aggregates }) => aggregates.length > 0,
  prune(operation, pruning) {
    const at = movedColumn(pruning);
    const first = operation.keys.length;
    const read = aggregatesRead(first, operation.aggregates.length, pruning.wanted);
    const left = operation.aggregates.filter((_, i) => read.has(first + i));
    const aggregates = left.map((call) => mapAggregate(call, (part) => moveColumns(part, at)));
    const kept = allColumns(pruning.fields).filter((column) => column < first || read.has(column));
    return { operation: { ...operation, keys: operation.keys.map(at), aggregates }, kept };
  },
  lineage(node, [input]) {
    const rows = hashOf({ meaning: meaningOf(node, input!.columns), of: [input!.rows] });
    return { rows, columns: node.fields.map((_, i) => hashOf({ rows, field: i })) };
  },
  meaning: (node, [columns]) => meaningOf(node, columns!),
  // A group is removed when its last row is retracted.
  changes: ({ updateBefore }, [input]) => ({
    updates: updateBefore ? 'before-and-after' : 'after',
    deletes: isInsertOnly(input!) ? 'none' : 'full',
  }),
  keys: ({ keys }) => oneKey(keys.map((_, i) => i)),
  together: ({ keys }) => [keys],
  keepsState: () => true,
  stateBound: () => ({ lasts: 'keyed', text: 'one entry for each group, for ever' }),
  explain({ keys, aggregates }, { inputs }) {
    const input = inputs[0]!;
    const calls = aggregates.map((call) => explainAggregate(call, input));
    return `GroupAggregate by (${columnNames(input, keys)}) computing (${calls.join(', ')})`;
  },
  // Plans of format 1 have a time to live. It is always 0.
  fingerprint: (operation) => ({ ...operation, ttlMs: 0 }),
  decode: record<GroupAggregateOperation>({
    kind: constant('group-aggregate'),
    keys: list(column),
    aggregates: list(aggregateCall),
    updateBefore: flag,
  }),
  misfit: ({ keys, aggregates }, { fields }) =>
    keys.length + aggregates.length === fields.length
      ? null
      : 'has another number of fields than of keys and aggregates',
};

/**
 * Returns the wanted aggregates. A grouping without keys keeps at least its first one, as in Flink.
 */
function aggregatesRead(first: number, aggregates: number, wanted: ReadonlySet<number>): ReadonlySet<number> {
  return first === 0 && aggregates > 0 && wanted.size === 0 ? new Set([0]) : wanted;
}

function meaningOf(node: GroupAggregateNode, columns: readonly string[]): string {
  const { kind, fields, updateBefore } = node;
  const keys = node.keys.map((i) => columns[i]!);
  const calls = node.aggregates.map((call) => mapAggregate(call, (part) => withLineage(part, columns)));
  return hashOf({ kind, fields, keys, calls, updateBefore });
}
