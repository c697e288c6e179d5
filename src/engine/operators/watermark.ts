import { Batch, MIN_WATERMARK } from '../../batch/batch.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { WatermarkNode } from '../../plan/nodes/watermark.ts';
import { compileVector } from '../expressions/compile-vector.ts';
import type { VectorExpression } from '../expressions/evaluate.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';

/** The watermark of one split, and the memory for the marks of its current batch. */
export class MarkLane {
  /** The watermark after the last row seen. */
  current = MIN_WATERMARK;
  positions = new Int32Array(0);
  values = new Float64Array(0);

  reserve(rows: number): void {
    if (this.positions.length >= rows) return;
    this.positions = new Int32Array(rows);
    this.values = new Float64Array(rows);
  }
}

/**
 * Adds a watermark mark after each row that raises the watermark (Flink with
 * `scan.watermark.emit.strategy = on-event`). A NULL event time fails the job. A NULL watermark
 * adds no mark. The operator is part of a source's chain, so it reuses its mark arrays with the
 * next batch.
 */
export class WatermarkOperator implements Operator {
  readonly results = 'in-place';
  /** The lane of the split that sends the next batch. */
  lane = new MarkLane();
  readonly #column: number;
  readonly #expression: VectorExpression;
  readonly #name: string;

  constructor(node: WatermarkNode, context: OperatorContext) {
    this.#column = node.column;
    this.#name = node.fields[node.column]!.name;
    this.#expression = compileVector(node.expression, context.environment);
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const { size } = batch;
    const time = batch.columns[this.#column]!;
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      if (!time.isNull(row)) continue;
      const column = this.#name;
      throw new EngineError(
        'FORMAT_VALUE',
        `the event time column \`${column}\` must not be NULL; give such rows a time with a computed column, \`t AS COALESCE(${column}, …)\`, and declare the watermark for it`,
        { column, row },
      );
    }
    const watermarks = this.#expression(batch, { rows: batch.selection, count: batch.selected });
    const { lane } = this;
    lane.reserve(size);
    const { positions, values } = lane;
    let count = 0;
    let { current } = lane;
    const plain = watermarks.kind === 'number' && watermarks.nulls === null ? watermarks.values : null;
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const value = plain !== null ? plain[row]! : (watermarks.get(row) as number | null);
      // Flink's assigner begins at 0: a watermark at or before 1970-01-01 is never sent, so rows
      // before it are not late.
      if (value === null || !(value > current) || value <= 0) continue;
      current = value;
      positions[count] = row + 1;
      values[count++] = value;
    }
    lane.current = current;
    const marks = count === 0 ? null : { count, positions, values };
    out.emit(new Batch(size, batch.columns, batch.kinds, batch.selection, batch.selected, marks));
  }
}
