import { type Batch, MAX_WATERMARK, MIN_WATERMARK } from '../../batch/batch.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { SplitSnapshot } from '../checkpoint/source-snapshot.ts';
import { firstMarkReaching } from '../operator-kit/marks.ts';
import { MarkLane } from '../operators/watermark.ts';
import type { PollResult, Split } from '../source.ts';
import { selectedFrom, sliceRows } from './slice-rows.ts';
import type { SourceChain } from './source-chain.ts';

/**
 * Reads one split. A batch goes through the source's chain and is held. Then its rows are sent in
 * parts, as far as the order of the splits allows.
 */
export class SplitReader {
  readonly split: Split;
  readonly chain: SourceChain;
  /** The watermark after the last row sent. */
  watermark = MIN_WATERMARK;
  ended = false;
  /** It had no rows for the idle time-out, so it does not hold the others. */
  idle = false;
  /** The last poll found nothing. */
  waiting = false;
  /** Monotonic time since which it has had no rows; null: it has rows. */
  waitingSince: number | null = null;
  readonly #lane = new MarkLane();
  #polling = false;
  #failure: Error | null = null;
  #held: Batch | null = null;
  /** The input of each node of the chain for the held batch. */
  #into: readonly Batch[] = [];
  /** The first physical row and the first mark of the held batch that were not sent. */
  #row = 0;
  #mark = 0;
  #positionBefore: unknown;
  /** Rows to drop after a restore: sent before the checkpoint. */
  #skip = 0;

  constructor(split: Split, chain: SourceChain) {
    this.split = split;
    this.chain = chain;
    this.#positionBefore = split.position();
  }

  /** Rows are ready, or the end was reached. */
  get ready(): boolean {
    return this.#held !== null || this.ended;
  }

  /** All its rows have been sent. */
  get finished(): boolean {
    return this.watermark === MAX_WATERMARK;
  }

  /**
   * Reads the next batch unless one is held or being read, or the last poll found nothing. If the
   * split must wait, `onRead` is called when there is a batch.
   */
  fill(maxRows: number, onRead: () => void): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#held !== null || this.ended || this.waiting || this.#polling) return;
    this.#positionBefore = this.split.position();
    const now = this.chain.clock.monotonicMs();
    const polled = this.split.poll(maxRows);
    if (!(polled instanceof Promise)) {
      this.#take(polled, now);
      return;
    }
    this.#polling = true;
    this.waitingSince ??= now;
    polled
      .then((result) => this.#take(result, now))
      .catch((error: Error) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#polling = false;
        onRead();
      });
  }

  #take(result: PollResult, askedAt: number): void {
    if (result === 'idle') {
      this.waiting = true;
      this.waitingSince ??= askedAt;
      return;
    }
    this.waitingSince = null;
    this.chain.noteRead(askedAt);
    if (result === 'end') {
      this.ended = true;
      return;
    }
    let batch = result;
    if (this.#skip > 0) {
      batch = sliceRows(result, Math.min(this.#skip, result.size), result.size);
      this.#row = Math.min(this.#skip, result.size);
      this.#skip -= this.#row;
    }
    const made = batch.selected === 0 ? null : this.#run(batch);
    if (made === null) {
      this.#release();
      return;
    }
    this.#held = made.out;
    this.#into = made.into;
  }

  /** Runs the source's chain. An error about a row names the place where the row was read. */
  #run(batch: Batch): ReturnType<SourceChain['run']> {
    try {
      return this.chain.run(batch, this.#lane);
    } catch (error) {
      const row = error instanceof EngineError ? error.details['row'] : undefined;
      const place = typeof row === 'number' ? (this.split.placeOf?.(row) ?? null) : null;
      if (place === null) throw error;
      const { code, message, details } = error as EngineError;
      throw new EngineError(code, `${place}: ${message}`, { ...details, place }, error);
    }
  }

  /**
   * Returns rows of the held batch until the watermark passes `limit` (or reaches it, if `orEqual`
   * is false). Null at the end of the split.
   */
  give(limit: number, orEqual: boolean): Batch | null {
    const batch = this.#held;
    if (batch === null) {
      this.watermark = MAX_WATERMARK;
      return null;
    }
    const { marks } = batch;
    const reaching =
      limit === MAX_WATERMARK ? -1 : firstMarkReaching(marks, this.#mark, orEqual ? nextAbove(limit) : limit);
    const cut = marks === null || reaching < 0 || reaching >= marks.count ? batch.size : marks.positions[reaching]!;
    if (cut === batch.size && this.#row === 0 && this.#mark === 0) {
      this.watermark = batch.lastWatermark(this.watermark);
      this.#release();
      return batch;
    }
    const part = sliceRows(batch, this.#row, cut, this.#mark);
    this.#mark += part.marks?.count ?? 0;
    this.#row = cut;
    this.watermark = part.lastWatermark(this.watermark);
    if (cut === batch.size) this.#release();
    return part;
  }

  /**
   * Raises the watermark of a split that has no rows. Later rows with a lower watermark add no
   * mark.
   */
  raise(watermark: number): void {
    if (watermark <= this.watermark) return;
    this.watermark = watermark;
    if (watermark > this.#lane.current) this.#lane.current = watermark;
  }

  #release(): void {
    this.#held = null;
    this.#row = 0;
    this.#mark = 0;
  }

  /** The number of rows that were read and not sent yet. */
  get rowsHeld(): number {
    return this.#held === null ? 0 : selectedFrom(this.#held, this.#row);
  }

  /** Adds the rows that each node of the chain has counted and that were not sent yet. */
  addUnsent(counts: { in: number; out: number }[]): void {
    const held = this.#held;
    if (held === null) return;
    const rows = [...this.#into, held].map((batch) => selectedFrom(batch, this.#row));
    counts.forEach((count, i) => {
      count.in += rows[i]!;
      count.out += rows[i + 1]!;
    });
  }

  snapshot(): SplitSnapshot {
    const held = this.#held !== null;
    const finite = Number.isFinite(this.watermark);
    return {
      position: held || this.#polling ? this.#positionBefore : this.split.position(),
      rows: (held ? this.#row : 0) + this.#skip,
      watermark: finite ? this.watermark : null,
      ended: this.ended && this.finished,
      ...(this.idle ? { idle: true } : {}),
    };
  }

  restore(snapshot: SplitSnapshot): void {
    this.split.seek(snapshot.position);
    this.#positionBefore = this.split.position();
    this.#skip = snapshot.rows;
    this.watermark = snapshot.ended ? MAX_WATERMARK : (snapshot.watermark ?? MIN_WATERMARK);
    this.ended = snapshot.ended;
    this.idle = snapshot.idle === true;
    this.#lane.current = snapshot.watermark ?? MIN_WATERMARK;
  }
}

/** Returns the smallest float above a watermark of whole milliseconds. */
const nextAbove = (value: number): number => (value === MIN_WATERMARK ? -Number.MAX_VALUE : value + 0.5);
