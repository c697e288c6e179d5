import type { Batch } from '../../batch/batch.ts';
import type { ProjectNode } from '../../plan/nodes/project.ts';
import { compileVector } from '../expressions/compile-vector.ts';
import type { VectorExpression } from '../expressions/evaluate.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { WatermarkColumn } from './watermark-column.ts';

/**
 * Evaluates one expression per output column. Rows, kinds and watermarks do not change. It has no
 * state.
 */
export class ProjectOperator implements Operator {
  readonly results = 'in-place';
  readonly #expressions: readonly VectorExpression[];

  readonly #watermark: WatermarkColumn;

  constructor(node: ProjectNode, inputWidth: number, context: OperatorContext) {
    this.#watermark = new WatermarkColumn(inputWidth);
    this.#expressions = node.expressions.map((e) => compileVector(this.#watermark.rewrite(e), context.environment));
  }

  snapshot(): unknown {
    return this.#watermark.snapshot();
  }

  restore(snapshot: unknown): void {
    this.#watermark.restore(snapshot);
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const rows = { rows: batch.selection, count: batch.selected };
    const input = this.#watermark.extend(batch);
    out.emit(batch.withColumns(this.#expressions.map((expression) => expression(input, rows))));
  }
}
