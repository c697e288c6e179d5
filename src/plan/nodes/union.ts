import { constant, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import { NO_KEYS } from '../traits.ts';
import { allColumns, type NodeBase, type NodeDefinition, sameWidth } from './node-definition.ts';

/** UNION ALL: the rows of all inputs, in the total order of the sources. */
export interface UnionOperation {
  readonly kind: 'union';
}
export interface UnionNode extends NodeBase, UnionOperation {}

const UPDATES = ['none', 'after', 'before-and-after'] as const;
const DELETES = ['none', 'key', 'full'] as const;

/** Returns the element that is last in `order`. */
const widest = <T>(order: readonly T[], found: readonly T[]): T =>
  order[Math.max(...found.map((each) => order.indexOf(each)))]!;

export const unionDefinition: NodeDefinition<UnionOperation> = {
  inputs: 'several',
  expressions: () => [],
  waitsForWatermark: () => false,
  columnsRead: (_operation, { inputs }, wanted) => inputs.map(() => wanted),
  // An input may still have columns that the others dropped.
  prune(operation, { fields, wanted, moved }) {
    const kept = allColumns(fields).filter((i) => wanted.has(i));
    return { operation, kept, forms: moved.map((positions) => kept.map((i) => positions[i]!)) };
  },
  lineage(node, inputs) {
    const rows = hashOf({ union: inputs.map((input) => input.rows) });
    return { rows, columns: node.fields.map((_, i) => hashOf(inputs.map(({ columns }) => columns[i]!))) };
  },
  meaning: null,
  changes: (_operation, inputs) => ({
    updates: widest(
      UPDATES,
      inputs.map(({ updates }) => updates),
    ),
    deletes: widest(
      DELETES,
      inputs.map(({ deletes }) => deletes),
    ),
  }),
  keys: () => NO_KEYS,
  together: (_operation, { inputs }) => inputs.map(() => null),
  keepsState: () => false,
  stateBound: () => null,
  explain: () => 'UnionAll',
  fingerprint: (operation) => operation,
  decode: record<UnionOperation>({ kind: constant('union') }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};
