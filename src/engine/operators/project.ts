import type { Batch } from '../../batch/batch.ts';
import type { ProjectNode } from '../../plan/plan-node.ts';
import { compileVector } from '../expressions/compile-vector.ts';
import type { VectorExpression } from '../expressions/evaluate.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';

/** One expression per output column; rows, kinds and watermarks stay as they are. No state. */
export class ProjectOperator implements Operator {
  readonly #expressions: readonly VectorExpression[];

  constructor(node: ProjectNode, context: OperatorContext) {
    this.#expressions = node.expressions.map((e) => compileVector(e, context.environment));
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const rows = { rows: batch.selection, count: batch.selected };
    out.emit(batch.withColumns(this.#expressions.map((expression) => expression(batch, rows))));
  }
}
