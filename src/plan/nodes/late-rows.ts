import { constant, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import type { Operation } from '../plan-node.ts';
import { NO_KEYS } from '../traits.ts';
import { allColumns, anywhere, type NodeBase, type NodeDefinition, onlyInserts } from './node-definition.ts';

/**
 * The late rows that its input drops. The input is a window or a pattern. The fields are the fields
 * of the input's input.
 */
export interface LateRowsOperation {
  readonly kind: 'late-rows';
}
export interface LateRowsNode extends NodeBase, LateRowsOperation {}

/** Returns whether the operation drops rows whose time is not after the watermark. */
export function dropsLateRows(operation: Operation): boolean {
  switch (operation.kind) {
    case 'match':
    case 'window-aggregate':
      return operation.time.time === 'rowtime';
    case 'window-table':
      return operation.window.kind === 'session' && operation.time.time === 'rowtime';
    default:
      return false;
  }
}

export const lateRowsDefinition: NodeDefinition<LateRowsOperation> = {
  inputs: 'one',
  expressions: () => [],
  waitsForWatermark: () => false,
  // `prune-columns.ts` keeps all columns of the input's input.
  columnsRead: () => [[]],
  prune: (operation, { fields }) => ({ operation, kept: allColumns(fields) }),
  lineage(node, [input]) {
    const rows = hashOf({ late: input!.rows });
    return { rows, columns: node.fields.map((_, i) => hashOf({ rows, field: i })) };
  },
  meaning: null,
  changes: onlyInserts,
  keys: () => NO_KEYS,
  together: anywhere,
  keepsState: () => false,
  stateBound: () => null,
  explain: () => 'LateRows',
  fingerprint: (operation) => operation,
  decode: record<LateRowsOperation>({ kind: constant('late-rows') }),
  misfit: () => null,
};
