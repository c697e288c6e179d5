import { Batch, MIN_WATERMARK } from '../../batch/batch.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { WatermarkNode } from '../../plan/nodes/watermark.ts';
import { compileVector } from '../expressions/compile-vector.ts';
import type { VectorExpression } from '../expressions/evaluate.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';

/**
 * Marks a watermark after every row that raises it (Flink with
 * `scan.watermark.emit.strategy = on-event`). A NULL event time fails the job; a NULL watermark is
 * left out. It stands in a source's chain, so its mark arrays are used again with the next batch.
 */
export class WatermarkOperator implements Operator {
  readonly results = 'in-place';
  /** The watermark after the last row seen. */
  current = MIN_WATERMARK;
  readonly #column: number;
  readonly #expression: VectorExpression;
  readonly #name: string;
  #positions = new Int32Array(0);
  #values = new Float64Array(0);

  constructor(node: WatermarkNode, context: OperatorContext) {
    this.#column = node.column;
    this.#name = node.fields[node.column]!.name;
    this.#expression = compileVector(node.expression, context.environment);
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const { size } = batch;
    const time = batch.columns[this.#column]!;
    for (let i = 0; i < batch.selected; i++) {
      if (!time.isNull(batch.selection === null ? i : batch.selection[i]!)) continue;
      throw new EngineError('FORMAT_VALUE', `the event time column \`${this.#name}\` must not be NULL`, {
        column: this.#name,
      });
    }
    const watermarks = this.#expression(batch, { rows: batch.selection, count: batch.selected });
    if (this.#positions.length < size) {
      this.#positions = new Int32Array(size);
      this.#values = new Float64Array(size);
    }
    const positions = this.#positions;
    const values = this.#values;
    let count = 0;
    let current = this.current;
    const plain = watermarks.kind === 'number' && watermarks.nulls === null ? watermarks.values : null;
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const value = plain !== null ? plain[row]! : (watermarks.get(row) as number | null);
      // Flink's assigner begins at 0: a watermark at or before the epoch is never sent, so rows
      // there are not late.
      if (value === null || !(value > current) || value <= 0) continue;
      current = value;
      positions[count] = row + 1;
      values[count++] = value;
    }
    this.current = current;
    const marks = count === 0 ? null : { count, positions, values };
    out.emit(new Batch(size, batch.columns, batch.kinds, batch.selection, batch.selected, marks));
  }
}
