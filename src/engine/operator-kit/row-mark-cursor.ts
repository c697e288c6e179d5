import { Batch, MIN_WATERMARK } from '../../batch/batch.ts';
import type { BatchBuilder } from '../../batch/batch-builder.ts';
import { firstMarkReaching, watermarkAt } from './marks.ts';

const NO_BATCH = new Batch(0, []);

/**
 * Iterates over the rows and the watermark marks of a batch in their order. Each step is a stretch:
 * rows, then the mark that ends it. With `next(due)`, only a mark that reaches the time `due` ends
 * a stretch. An operator can process all rows between two timers in one loop, although there are
 * marks between them.
 *
 *     for (cursor.begin(batch, watermark); cursor.next(timers.first); ) {
 *       for (let i = cursor.from; i < cursor.to; i++) add(cursor.rowAt(i));
 *       if (cursor.reached) fire(cursor.watermark);
 *     }
 */
export class RowMarkCursor {
  batch: Batch = NO_BATCH;
  /**
   * The rows of the stretch have the positions `from` to `to - 1` among the selected rows of the
   * batch.
   */
  from = 0;
  to = 0;
  /** The stretch ends with a mark that reaches `due`. */
  reached = false;
  /** The watermark before the first row of the stretch. */
  before = MIN_WATERMARK;
  /** The watermark after the stretch, including its last mark. */
  watermark = MIN_WATERMARK;
  /** Marks of the stretch: `#markFrom` to `#markTo - 1`. */
  #markFrom = 0;
  #markTo = 0;
  #started = false;

  /** Begins a batch. `watermark` is the watermark before the batch. */
  begin(batch: Batch, watermark: number): void {
    this.batch = batch;
    this.from = 0;
    this.to = 0;
    this.reached = false;
    this.before = watermark;
    this.watermark = watermark;
    this.#markFrom = 0;
    this.#markTo = 0;
    this.#started = false;
  }

  /**
   * Moves to the next stretch. It ends after the first mark that reaches `due`, or at the end of
   * the batch. Returns false if the batch has no more rows and marks. By default each mark ends a
   * stretch.
   */
  next(due: number = MIN_WATERMARK): boolean {
    const { selected, marks } = this.batch;
    const markCount = marks === null ? 0 : marks.count;
    const mark = this.#markTo;
    if (this.to >= selected && mark >= markCount && this.#started) return false;
    this.#started = true;
    this.from = this.to;
    this.before = this.watermark;
    this.#markFrom = mark;
    const end = mark < markCount && marks!.values[mark]! >= due ? mark : firstMarkReaching(marks, mark, due);
    this.reached = end < markCount;
    this.#markTo = this.reached ? end + 1 : markCount;
    this.to = this.reached ? this.#positionOf(marks!.positions[end]!) : selected;
    if (this.#markTo > 0) this.watermark = marks!.values[this.#markTo - 1]!;
    return true;
  }

  /**
   * Ends the stretch before a row, because a new timer may be due before the end of the stretch.
   * The marks of the stretch become part of the next one.
   */
  cutBefore(position: number): void {
    this.to = position;
    this.#markTo = this.#markFrom;
    this.watermark = this.before;
    this.reached = false;
  }

  /** Returns the physical row at a position. */
  rowAt(position: number): number {
    const { selection } = this.batch;
    return selection === null ? position : selection[position]!;
  }

  /**
   * Returns the watermark at the arrival of a physical row, without the effect of the row itself.
   */
  watermarkAt(row: number): number {
    return Math.max(this.before, watermarkAt(this.batch.marks, row, this.before));
  }

  /**
   * Emits the marks of the stretch, except a last mark that reached `due`, because the results of
   * its timers precede it. Each mark is emitted separately, because a pattern further downstream
   * depends on each of them.
   */
  passMarks(builder: BatchBuilder): void {
    const { marks } = this.batch;
    const end = this.reached ? this.#markTo - 1 : this.#markTo;
    for (let mark = this.#markFrom; mark < end; mark++) builder.mark(marks!.values[mark]!);
  }

  /** Returns the first position with a physical row of at least `limit`. */
  #positionOf(limit: number): number {
    const { selection, selected } = this.batch;
    if (selection === null) return Math.min(limit, selected);
    let low = this.from;
    let high = selected;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (selection[middle]! < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
