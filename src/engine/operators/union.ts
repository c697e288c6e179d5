import { Batch, watermarkBatch } from '../../batch/batch.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { UnionNode } from '../../plan/nodes/union.ts';
import type { Operator, Output } from '../operator.ts';
import { CombinedWatermark } from '../operator-kit/combined-watermark.ts';

/** UNION ALL. Rows pass through in the total order of the sources. */
export class UnionOperator implements Operator {
  readonly results = 'in-place';
  readonly #watermark: CombinedWatermark;
  readonly #noRows: readonly Vector[];

  constructor(node: UnionNode) {
    this.#watermark = new CombinedWatermark(node.inputs.length);
    this.#noRows = node.fields.map(({ type }) => new VectorBuilder(type, 0).finish());
  }

  onBatch(batch: Batch, input: number, out: Output): void {
    const marks = batch.marks === null ? null : this.#watermark.combine(batch.marks, input);
    if (batch.selected === 0 && marks === null) return;
    out.emit(new Batch(batch.size, batch.columns, batch.kinds, batch.selection, batch.selected, marks));
  }

  onInputIdle(input: number, idle: boolean, out: Output): void {
    if (this.#watermark.setIdle(input, idle)) out.emit(watermarkBatch(this.#noRows, this.#watermark.current));
  }

  snapshot(): unknown {
    return this.#watermark.snapshot();
  }

  restore(snapshot: unknown): void {
    this.#watermark.restore(snapshot as ReturnType<CombinedWatermark['snapshot']>);
  }
}
