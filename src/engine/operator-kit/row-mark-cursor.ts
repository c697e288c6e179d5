import { Batch, MIN_WATERMARK } from '../../batch/batch.ts';
import type { BatchBuilder } from '../../batch/batch-builder.ts';
import { firstMarkReaching, watermarkAt } from './marks.ts';

const NO_BATCH = new Batch(0, []);

/**
 * Goes through the rows and the watermark marks of a batch in their order, stretch by stretch. A
 * stretch is rows, then the mark that ends it. Which marks end one is the operator's choice: with
 * `next(due)` only a mark that reaches the time `due`, so that rows between two timers are one loop
 * however many marks lie between them.
 *
 *     for (cursor.begin(batch, watermark); cursor.next(timers.first); ) {
 *       for (let i = cursor.from; i < cursor.to; i++) add(cursor.rowAt(i));
 *       if (cursor.reached) fire(cursor.watermark);
 *     }
 */
export class RowMarkCursor {
  batch: Batch = NO_BATCH;
  /** Rows of the stretch: positions `from` to `to - 1` among the batch's selected rows. */
  from = 0;
  to = 0;
  /** The stretch ends with a mark that reaches `due`. */
  reached = false;
  /** The watermark before the first row of the stretch. */
  before = MIN_WATERMARK;
  /** The watermark after the stretch, its last mark included. */
  watermark = MIN_WATERMARK;
  /** Marks of the stretch: `#markFrom` to `#markTo - 1`. */
  #markFrom = 0;
  #markTo = 0;
  #started = false;

  /** `watermark`: the one that holds before the batch. */
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
   * Moves on to the next stretch, which ends behind the first mark that reaches `due` or else with
   * the batch; false when the batch is used up. By default each mark ends a stretch.
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
   * Ends the stretch at a row of it: a timer was set that may be due before the stretch's end. The
   * marks of the stretch come with the next one.
   */
  cutBefore(position: number): void {
    this.to = position;
    this.#markTo = this.#markFrom;
    this.watermark = this.before;
    this.reached = false;
  }

  /** The physical row at a position. */
  rowAt(position: number): number {
    const { selection } = this.batch;
    return selection === null ? position : selection[position]!;
  }

  /** The watermark at a physical row's arrival, the row itself not counted. */
  watermarkAt(row: number): number {
    return Math.max(this.before, watermarkAt(this.batch.marks, row, this.before));
  }

  /**
   * Hands on the marks of the stretch, but for a last one that reached `due`: what that fires comes
   * before it. Marks that fire nothing are handed on one by one, since what a pattern further on
   * does depends on each.
   */
  passMarks(builder: BatchBuilder): void {
    const { marks } = this.batch;
    const end = this.reached ? this.#markTo - 1 : this.#markTo;
    for (let mark = this.#markFrom; mark < end; mark++) builder.mark(marks!.values[mark]!);
  }

  /** The first position whose physical row is not before `limit`. */
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
