import { type Batch, MIN_WATERMARK } from '../../batch/batch.ts';
import { NumberVector } from '../../batch/vector.ts';
import type { Expression } from '../../plan/expression.ts';
import { mapChildren } from '../../plan/walk-expression.ts';
import { RowMarkCursor } from '../operator-kit/row-mark-cursor.ts';

/**
 * CURRENT_WATERMARK in expressions. An additional column after those of the input contains the
 * watermark at each row's arrival, without the effect of the row itself. It is NULL before the
 * first watermark. Only operators whose expressions use it add the column.
 */
export class WatermarkColumn {
  readonly #index: number;
  #used = false;
  #current = MIN_WATERMARK;
  readonly #cursor = new RowMarkCursor();

  /** `width`: the number of input columns. */
  constructor(width: number) {
    this.#index = width;
  }

  rewrite(expression: Expression): Expression {
    if (expression.kind === 'call' && expression.function === 'CURRENT_WATERMARK') {
      this.#used = true;
      return { kind: 'column', index: this.#index, type: expression.type };
    }
    return mapChildren(expression, (child) => this.rewrite(child));
  }

  /** Returns the batch, with the column if expressions use it. */
  extend(batch: Batch): Batch {
    if (!this.#used) return batch;
    const values = new Float64Array(batch.size);
    const nulls = new Uint8Array(batch.size);
    const cursor = this.#cursor;
    for (cursor.begin(batch, this.#current); cursor.next(); ) {
      for (let i = cursor.from; i < cursor.to; i++) {
        const row = cursor.rowAt(i);
        if (cursor.before === MIN_WATERMARK) nulls[row] = 1;
        else values[row] = cursor.before;
      }
    }
    this.#current = cursor.watermark;
    return batch.withColumns([...batch.columns, new NumberVector(values, nulls)]);
  }

  snapshot(): unknown {
    return this.#used && Number.isFinite(this.#current) ? this.#current : undefined;
  }

  restore(snapshot: unknown): void {
    this.#current = snapshot as number;
  }
}
