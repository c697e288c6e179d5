import { expression } from '../decode/decode-expression.ts';
import { constant, list, record } from '../decode/decoder.ts';
import { explainExpression } from '../explain-expression.ts';
import type { Expression } from '../expression.ts';
import { hashOf } from '../hash.ts';
import { columnsOf, moveColumns, withLineage } from '../walk-expression.ts';
import { aliased } from './column-names.ts';
import {
  allColumns,
  anywhere,
  keptKeys,
  movedColumn,
  type NodeBase,
  type NodeDefinition,
  sameChanges,
} from './node-definition.ts';

/** One expression per output field. */
export interface ProjectOperation {
  readonly kind: 'project';
  readonly expressions: readonly Expression[];
}
export interface ProjectNode extends NodeBase, ProjectOperation {}

export const projectDefinition: NodeDefinition<ProjectOperation> = {
  inputs: 'one',
  expressions: ({ expressions }) => expressions,
  waitsForWatermark: () => false,
  columnsRead: ({ expressions }, _schemas, wanted) => [columnsOf(expressions.filter((_, i) => wanted.has(i)))],
  prune({ kind, expressions }, pruning) {
    const kept = allColumns(pruning.fields).filter((i) => pruning.wanted.has(i));
    const at = movedColumn(pruning);
    return { operation: { kind, expressions: kept.map((i) => moveColumns(expressions[i]!, at)) }, kept };
  },
  lineage({ expressions }, [input], { zone }) {
    const columns = expressions.map((each) =>
      each.kind === 'column'
        ? input!.columns[each.index]!
        : hashOf({ expression: withLineage(each, input!.columns), zone }),
    );
    return { rows: input!.rows, columns };
  },
  meaning: null,
  changes: sameChanges,
  keys: ({ expressions }, _schemas, [input]) => keptKeys(input!, (column) => fieldWith(expressions, column)),
  together: anywhere,
  keepsState: () => false,
  stateBound: () => null,
  explain({ expressions }, { fields, inputs }) {
    const columns = expressions.map((each, i) => aliased(explainExpression(each, inputs[0]!), fields[i]!.name));
    return `Project (${columns.join(', ')})`;
  },
  fingerprint: (operation) => operation,
  decode: record<ProjectOperation>({ kind: constant('project'), expressions: list(expression) }),
  misfit: ({ expressions }, { fields }) =>
    expressions.length === fields.length ? null : 'has another number of fields than of expressions',
};

/** Returns the field that shows the column as it is. */
function fieldWith(expressions: readonly Expression[], column: number): number | undefined {
  const field = expressions.findIndex((each) => each.kind === 'column' && each.index === column);
  return field < 0 ? undefined : field;
}
