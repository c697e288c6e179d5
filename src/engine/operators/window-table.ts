import { Batch, INSERT, MIN_WATERMARK } from '../../batch/batch.ts';
import { BatchBuilder } from '../../batch/batch-builder.ts';
import { NumberVector } from '../../batch/vector.ts';
import { invariant } from '../../core/invariant.ts';
import type { WindowTableNode } from '../../plan/nodes/window-table.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { RowMarkCursor } from '../operator-kit/row-mark-cursor.ts';
import { type WindowSlices, windowSlices } from '../windows/window-slices.ts';
import { type WindowZone, windowZone } from '../windows/window-zone.ts';

/**
 * A window table function without aggregation. It adds window_start, window_end and window_time to
 * each row. HOP and CUMULATE repeat a row for each of its windows, earliest first. It also passes
 * late rows (recorded: `tvf-pass-late`). It has no state.
 */
export class WindowTableOperator implements Operator {
  readonly results?: 'in-place';
  readonly #node: WindowTableNode;
  readonly #slices: WindowSlices;
  readonly #zone: WindowZone;
  readonly #context: OperatorContext;
  readonly #cursor = new RowMarkCursor();

  constructor(node: WindowTableNode, context: OperatorContext) {
    invariant(node.window.kind !== 'session', 'session windows have their own operator');
    if (node.window.kind === 'tumble') this.results = 'in-place';
    this.#node = node;
    this.#context = context;
    this.#slices = windowSlices(node.window);
    this.#zone = windowZone(node.time.zone);
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    if (this.#node.window.kind === 'tumble') out.emit(this.#tumble(batch));
    else this.#repeat(batch, out);
  }

  /** Adds the three columns of the window to the batch. Each row has one window. */
  #tumble(batch: Batch): Batch {
    const starts = new Float64Array(batch.size);
    const ends = new Float64Array(batch.size);
    const times = new Float64Array(batch.size);
    const nulls = new Uint8Array(batch.size);
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const time = this.#localTime(batch, row);
      if (time === null) {
        nulls[row] = 1;
        continue;
      }
      const end = this.#slices.sliceEnd(time);
      starts[row] = this.#slices.windowStart(end);
      ends[row] = end;
      times[row] = this.#zone.timerInstant(end - 1);
    }
    const columns = [starts, ends, times].map((values) => new NumberVector(values, nulls.includes(1) ? nulls : null));
    return new Batch(
      batch.size,
      [...batch.columns, ...columns],
      batch.kinds,
      batch.selection,
      batch.selected,
      batch.marks,
    );
  }

  #repeat(batch: Batch, out: Output): void {
    const { kinds } = batch;
    const width = batch.columns.length;
    const builder = new BatchBuilder(
      this.#node.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
    const cursor = this.#cursor;
    for (cursor.begin(batch, MIN_WATERMARK); cursor.next(); ) {
      for (let i = cursor.from; i < cursor.to; i++) {
        const row = cursor.rowAt(i);
        const time = this.#localTime(batch, row);
        if (time === null) continue;
        for (const end of this.#windows(time)) {
          const to = builder.row(kinds === null ? INSERT : kinds[row]!);
          for (let c = 0; c < width; c++) builder.set(c, to, batch.columns[c]!.get(row));
          builder.set(width, to, this.#slices.windowStart(end));
          builder.set(width + 1, to, end);
          builder.set(width + 2, to, this.#zone.timerInstant(end - 1));
        }
      }
      if (cursor.reached) builder.mark(cursor.watermark);
    }
    builder.flush();
  }

  #windows(time: number): readonly number[] {
    const end = this.#slices.sliceEnd(time);
    // If windows have gaps (slide > size), a slice may belong to no window.
    return this.#slices.windowsOf(end).filter((w) => this.#slices.windowStart(w) <= time && time < w);
  }

  #localTime(batch: Batch, row: number): number | null {
    const { time } = this.#node;
    if (time.time === 'proctime') return this.#zone.toLocal(this.#context.clock.now());
    const value = batch.columns[time.column]!.get(row) as number | null;
    return value === null ? null : this.#zone.toLocal(value);
  }
}
