import { constant, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import { allColumns, type NodeBase, type NodeDefinition, sameWidth } from './node-definition.ts';

/** UNION ALL: the rows of all inputs, in the total order of the sources. */
export interface UnionOperation {
  readonly kind: 'union';
}
export interface UnionNode extends NodeBase, UnionOperation {}

export const unionDefinition: NodeDefinition<UnionOperation> = {
  inputs: 'several',
  expressions: () => [],
  waitsForWatermark: () => false,
  columnsRead: (_operation, { inputs }, wanted) => inputs.map(() => wanted),
  // Inputs may have kept columns that others dropped.
  prune(operation, { fields, wanted, moved }) {
    const kept = allColumns(fields).filter((i) => wanted.has(i));
    return { operation, kept, forms: moved.map((positions) => kept.map((i) => positions[i]!)) };
  },
  lineage(node, inputs) {
    const rows = hashOf({ union: inputs.map((input) => input.rows) });
    return { rows, columns: node.fields.map((_, i) => hashOf(inputs.map(({ columns }) => columns[i]!))) };
  },
  meaning: null,
  keepsState: () => false,
  stateBound: () => null,
  explain: () => 'UnionAll',
  fingerprint: (operation) => operation,
  decode: record<UnionOperation>({ kind: constant('union') }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};
