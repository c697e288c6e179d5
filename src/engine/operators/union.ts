import { Batch, MIN_WATERMARK, type WatermarkMarks } from '../../batch/batch.ts';
import type { UnionNode } from '../../plan/plan-node.ts';
import type { Operator, Output } from './operator.ts';

/**
 * UNION ALL: rows pass as they come, in the total order of the sources; the watermark is the
 * smallest of the inputs'.
 */
export class UnionOperator implements Operator {
  readonly #watermarks: Float64Array;
  #current = MIN_WATERMARK;

  constructor(node: UnionNode) {
    this.#watermarks = new Float64Array(node.inputs.length).fill(MIN_WATERMARK);
  }

  onBatch(batch: Batch, input: number, out: Output): void {
    const marks = batch.marks === null ? null : this.#merge(batch.marks, input);
    if (batch.selected === 0 && marks === null) return;
    out.emit(new Batch(batch.size, batch.columns, batch.kinds, batch.selection, batch.selected, marks));
  }

  #merge(marks: WatermarkMarks, input: number): WatermarkMarks | null {
    const positions = new Int32Array(marks.count);
    const values = new Float64Array(marks.count);
    let count = 0;
    for (let k = 0; k < marks.count; k++) {
      this.#watermarks[input] = marks.values[k]!;
      let smallest = Number.POSITIVE_INFINITY;
      for (const w of this.#watermarks) if (w < smallest) smallest = w;
      if (smallest <= this.#current) continue;
      this.#current = smallest;
      positions[count] = marks.positions[k]!;
      values[count++] = smallest;
    }
    return count === 0 ? null : { count, positions, values };
  }

  snapshot(): unknown {
    return [...this.#watermarks].map((w) => (Number.isFinite(w) ? w : String(w)));
  }

  restore(snapshot: unknown): void {
    (snapshot as (number | string)[]).forEach((w, i) => {
      this.#watermarks[i] = Number(w);
    });
    this.#current = Math.min(...this.#watermarks);
  }
}
