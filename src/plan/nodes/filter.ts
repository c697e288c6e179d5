import { expression } from '../decode/decode-expression.ts';
import { constant, record } from '../decode/decoder.ts';
import { explainExpression } from '../explain-expression.ts';
import type { Expression } from '../expression.ts';
import { hashOf } from '../hash.ts';
import { columnsOf, moveColumns, withLineage } from '../walk-expression.ts';
import {
  anywhere,
  movedColumn,
  type NodeBase,
  type NodeDefinition,
  remainingColumns,
  sameChanges,
  sameKeys,
  sameWidth,
} from './node-definition.ts';

/** Keeps the rows for which the condition is TRUE. */
export interface FilterOperation {
  readonly kind: 'filter';
  readonly condition: Expression;
}
export interface FilterNode extends NodeBase, FilterOperation {}

export const filterDefinition: NodeDefinition<FilterOperation> = {
  inputs: 'one',
  expressions: ({ condition }) => [condition],
  waitsForWatermark: () => false,
  columnsRead: ({ condition }, _schemas, wanted) => [[...wanted, ...columnsOf([condition])]],
  prune: ({ kind, condition }, pruning) => ({
    operation: { kind, condition: moveColumns(condition, movedColumn(pruning)) },
    kept: remainingColumns(pruning),
  }),
  lineage({ condition }, [input], { withConditions, zone }) {
    if (!withConditions) return input!;
    const rows = hashOf({ condition: withLineage(condition, input!.columns), of: input!.rows, zone });
    return { rows, columns: input!.columns };
  },
  meaning: null,
  changes: sameChanges,
  keys: sameKeys,
  together: anywhere,
  keepsState: () => false,
  stateBound: () => null,
  explain: ({ condition }, { inputs }) => `Filter ${explainExpression(condition, inputs[0]!)}`,
  fingerprint: (operation) => operation,
  decode: record<FilterOperation>({ kind: constant('filter'), condition: expression }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};
