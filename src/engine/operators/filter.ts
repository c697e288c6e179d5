import { Batch } from '../../batch/batch.ts';
import type { FilterNode } from '../../plan/nodes/filter.ts';
import { compilePredicate } from '../expressions/compile-predicate.ts';
import type { Predicate } from '../expressions/evaluate.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { WatermarkColumn } from './watermark-column.ts';

/**
 * Narrows the selection to the rows for which the condition is TRUE. Watermarks of dropped rows
 * remain. It has no state.
 */
export class FilterOperator implements Operator {
  readonly results = 'in-place';
  readonly #condition: Predicate;

  readonly #watermark: WatermarkColumn;

  constructor(node: FilterNode, inputWidth: number, context: OperatorContext) {
    this.#watermark = new WatermarkColumn(inputWidth);
    this.#condition = compilePredicate(this.#watermark.rewrite(node.condition), context.environment);
  }

  snapshot(): unknown {
    return this.#watermark.snapshot();
  }

  restore(snapshot: unknown): void {
    this.#watermark.restore(snapshot);
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const kept = this.#condition(this.#watermark.extend(batch), { rows: batch.selection, count: batch.selected });
    if (kept.count === 0 && batch.marks === null) return;
    // The predicate reuses its result, and the batch may wait in a queue.
    const selection = kept.rows === null ? null : kept.rows.slice(0, kept.count);
    out.emit(new Batch(batch.size, batch.columns, batch.kinds, selection, kept.count, batch.marks));
  }
}
