import { column, constant, flag, list, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import { columnName } from './column-names.ts';
import {
  movedColumn,
  type NodeBase,
  type NodeDefinition,
  onlyInserts,
  remainingColumns,
  sameKeys,
  sameWidth,
} from './node-definition.ts';

/** Sorts all rows of an input that ends. The rows are sent at the end of the input. */
export interface SortOperation {
  readonly kind: 'sort';
  readonly order: readonly SortKey[];
  /** The input only adds rows. */
  readonly insertOnly: boolean;
}
export interface SortNode extends NodeBase, SortOperation {}
export interface SortKey {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export const sortDefinition: NodeDefinition<SortOperation> = {
  inputs: 'one',
  expressions: () => [],
  // It waits only for the last watermark, which every input has.
  waitsForWatermark: () => false,
  columnsRead: ({ order }, _schemas, wanted) => [[...wanted, ...order.map((key) => key.column)]],
  prune: (operation, pruning) => ({
    operation: {
      ...operation,
      order: operation.order.map((key) => ({ ...key, column: movedColumn(pruning)(key.column) })),
    },
    kept: remainingColumns(pruning),
  }),
  lineage(node, [input]) {
    const rows = hashOf({ meaning: meaningOf(node, input!.columns), of: input!.rows });
    return { rows, columns: input!.columns };
  },
  meaning: (node, [columns]) => hashOf({ meaning: meaningOf(node, columns!), columns }),
  changes: onlyInserts,
  keys: sameKeys,
  together: () => [[]],
  keepsState: () => true,
  stateBound: () => ({ lasts: 'keyed', text: 'all rows, until the input ends' }),
  explain: ({ order }, { inputs }) =>
    `Sort by (${order.map((key) => `${columnName(inputs[0]!, key.column)}${key.descending ? ' DESC' : ''}`).join(', ')})`,
  fingerprint: (operation) => operation,
  decode: record<SortOperation>({
    kind: constant('sort'),
    order: list(record<SortKey>({ column, descending: flag, nullsFirst: flag })),
    insertOnly: flag,
  }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};

function meaningOf({ kind, order, insertOnly }: SortOperation, columns: readonly string[]): unknown {
  return { kind, insertOnly, order: order.map((key) => ({ ...key, column: columns[key.column] })) };
}
