import { typeName, withNullable } from '../../core/data-type.ts';
import { constant, list, oneOf, optional, record, text } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import { type TableOptions, tableOptions } from '../table-options.ts';
import { NO_KEYS } from '../traits.ts';
import { allColumns, type NodeBase, type NodeDefinition, onlyInserts } from './node-definition.ts';

/**
 * Reads the stored columns of a table that the plan needs. Each field is one physical column, one
 * metadata column, or one column whose value is in the names of folders.
 */
export interface ScanOperation {
  readonly kind: 'scan';
  readonly table: string;
  readonly options: TableOptions;
  /** For each field: the physical column's name in the table, or the metadata key. */
  readonly columns: readonly ScanColumn[];
  /**
   * Names of all physical columns of the table in order: formats without names in the data (csv)
   * find their columns by this order.
   */
  readonly physical: readonly string[];
  /** The partition columns of the table in the order of the folders. Absent: none. */
  readonly partitionedBy?: readonly string[];
}
export interface ScanNode extends NodeBase, ScanOperation {}
export interface ScanColumn {
  readonly source: 'physical' | 'metadata' | 'partition';
  readonly key: string;
}

export const scanDefinition: NodeDefinition<ScanOperation> = {
  inputs: 'none',
  expressions: () => [],
  waitsForWatermark: () => false,
  columnsRead: () => [],
  prune(operation, { fields, wanted }) {
    const kept = allColumns(fields).filter((i) => wanted.has(i));
    return { operation: { ...operation, columns: kept.map((i) => operation.columns[i]!) }, kept };
  },
  lineage(node, _inputs, { optionsOf, withConditions, zone }) {
    const rows = hashOf({ scan: optionsOf(node), zone: withConditions ? zone : null });
    const columns = node.columns.map(({ source, key }, i) => hashOf({ rows, source, key, type: plainType(node, i) }));
    return { rows, columns };
  },
  meaning: null,
  changes: onlyInserts,
  keys: () => NO_KEYS,
  together: () => [],
  keepsState: () => false,
  stateBound: () => null,
  explain({ table }, { fields }) {
    const columns = fields.map(({ name, type }) => `${name} ${typeName(withNullable(type, true))}`);
    return `Scan ${table} (${columns.join(', ')})`;
  },
  fingerprint: (operation) => operation,
  decode: record<ScanOperation>({
    kind: constant('scan'),
    table: text,
    options: tableOptions,
    columns: list(record<ScanColumn>({ source: oneOf('physical', 'metadata', 'partition'), key: text })),
    physical: list(text),
    partitionedBy: optional(list(text)),
  }),
  misfit: ({ columns }, { fields }) =>
    columns.length === fields.length ? null : 'has another number of fields than of columns',
};

/**
 * Returns the type without the time attribute. A type becomes a time attribute later in the plan.
 */
function plainType(node: ScanNode, field: number): unknown {
  const { attribute: _attribute, ...type } = node.fields[field]!.type as object & { attribute?: unknown };
  return type;
}
