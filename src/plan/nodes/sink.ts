import { column, constant, list, oneOf, optional, record, text } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import { type TableOptions, tableOptions } from '../table-options.ts';
import {
  allColumns,
  anywhere,
  type NodeBase,
  type NodeDefinition,
  sameChanges,
  sameKeys,
  sameWidth,
} from './node-definition.ts';

/**
 * The end of a plan. `table` is `result` for a bare SELECT, whose `options.connector` is
 * `collect`.
 */
export interface SinkOperation {
  readonly kind: 'sink';
  readonly table: string;
  readonly options: TableOptions;
  /** `insert`: only +I arrives; `changelog`: all four kinds. */
  readonly changelog: 'insert' | 'changelog';
  /** Positions of the primary key, empty when there is none. */
  readonly primaryKey: readonly number[];
  /** Positions of the columns that are written as names of folders. Absent: none. */
  readonly partitionedBy?: readonly number[];
}
export interface SinkNode extends NodeBase, SinkOperation {}

export const sinkDefinition: NodeDefinition<SinkOperation> = {
  inputs: 'one',
  expressions: () => [],
  waitsForWatermark: () => false,
  columnsRead: (_operation, { inputs }) => [allColumns(inputs[0]!)],
  prune: (operation, { fields }) => ({ operation, kept: allColumns(fields) }),
  lineage({ kind, table, options, changelog, primaryKey, partitionedBy, fields }, [input]) {
    const { rows, columns } = input!;
    return {
      rows: hashOf({ kind, table, options, changelog, primaryKey, partitionedBy, fields, columns, of: rows }),
      columns,
    };
  },
  meaning: null,
  changes: sameChanges,
  keys: sameKeys,
  together: anywhere,
  keepsState: () => false,
  stateBound: () => null,
  explain({ table, options, changelog, primaryKey }, { fields }) {
    const key = primaryKey.length === 0 ? '' : `, key (${primaryKey.map((i) => fields[i]!.name).join(', ')})`;
    return `Sink ${table} (${options['connector'] ?? '?'}), ${changelog === 'insert' ? 'new rows only' : 'changes'}${key}`;
  },
  fingerprint: (operation) => operation,
  decode: record<SinkOperation>({
    kind: constant('sink'),
    table: text,
    options: tableOptions,
    changelog: oneOf('insert', 'changelog'),
    primaryKey: list(column),
    partitionedBy: optional(list(column)),
  }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};
