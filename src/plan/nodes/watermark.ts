import { expression } from '../decode/decode-expression.ts';
import { column, constant, record } from '../decode/decoder.ts';
import { explainExpression } from '../explain-expression.ts';
import type { Expression } from '../expression.ts';
import { hashOf } from '../hash.ts';
import { columnsOf, moveColumns, withLineage } from '../walk-expression.ts';
import { columnName } from './column-names.ts';
import {
  movedColumn,
  type NodeBase,
  type NodeDefinition,
  remainingColumns,
  sameChanges,
  sameKeys,
  sameWidth,
} from './node-definition.ts';

/**
 * Makes `column` the event time. After each row the watermark becomes the largest value of
 * `expression` so far (milliseconds; NULL and smaller ones ignored). A row whose `column` is NULL
 * fails the job, as in Flink.
 */
export interface WatermarkOperation {
  readonly kind: 'watermark';
  readonly column: number;
  readonly expression: Expression;
}
export interface WatermarkNode extends NodeBase, WatermarkOperation {}

export const watermarkDefinition: NodeDefinition<WatermarkOperation> = {
  inputs: 'one',
  expressions: (operation) => [operation.expression],
  waitsForWatermark: () => false,
  columnsRead: (operation, _schemas, wanted) => [[...wanted, operation.column, ...columnsOf([operation.expression])]],
  prune(operation, pruning) {
    const at = movedColumn(pruning);
    const moved = moveColumns(operation.expression, at);
    return {
      operation: { kind: operation.kind, column: at(operation.column), expression: moved },
      kept: remainingColumns(pruning),
    };
  },
  lineage(node, [input], { withConditions }) {
    const delay = withConditions ? withLineage(node.expression, input!.columns) : null;
    const rows = hashOf({ watermark: input!.columns[node.column], expression: delay, of: input!.rows });
    return { rows, columns: input!.columns };
  },
  meaning: null,
  changes: sameChanges,
  keys: sameKeys,
  // The watermark is of all rows.
  together: () => [[]],
  keepsState: () => false,
  stateBound: () => null,
  explain: (operation, { inputs }) =>
    `Watermark for ${columnName(inputs[0]!, operation.column)} as ${explainExpression(operation.expression, inputs[0]!)}`,
  fingerprint: (operation) => operation,
  decode: record<WatermarkOperation>({ kind: constant('watermark'), column, expression }),
  misfit: (_operation, schemas) => sameWidth(schemas),
};
