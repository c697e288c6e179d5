import { constant, count, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import {
  type NodeBase,
  type NodeDefinition,
  oneKey,
  remainingColumns,
  sameChanges,
  sameKeys,
  sameWidth,
} from './node-definition.ts';

/** The first rows of an input that only adds rows: `count` of them after the first `offset`. */
export interface LimitOperation {
  readonly kind: 'limit';
  readonly count: number;
  readonly offset: number;
}
export interface LimitNode extends NodeBase, LimitOperation {}

export const limitDefinition: NodeDefinition<LimitOperation> = {
  inputs: 'one',
  expressions: () => [],
  waitsForWatermark: () => false,
  columnsRead: (_operation, _schemas, wanted) => [wanted],
  prune: (operation, pruning) => ({ operation, kept: remainingColumns(pruning) }),
  lineage: (node, [input]) => ({
    rows: hashOf({ meaning: meaningOf(node), of: input!.rows }),
    columns: input!.columns,
  }),
  meaning: meaningOf,
  changes: sameChanges,
  keys: (operation, schemas, inputs) => (operation.count === 1 ? oneKey([]) : sameKeys(operation, schemas, inputs)),
  together: () => [[]],
  keepsState: () => true,
  stateBound: () => ({ lasts: 'windowed', text: 'the number of rows so far' }),
  explain: ({ count: most, offset }) => `Limit ${most}${offset === 0 ? '' : ` behind the first ${offset}`}`,
  fingerprint: (operation) => operation,
  decode: record<LimitOperation>({ kind: constant('limit'), count, offset: count }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};

/** Returns the meaning without columns, because only rows are counted. */
function meaningOf({ kind, count: most, offset }: LimitOperation): unknown {
  return hashOf({ kind, count: most, offset });
}
