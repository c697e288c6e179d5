import { Batch, MAX_WATERMARK, MIN_WATERMARK, type WatermarkMarks, watermarkBatch } from '../../batch/batch.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { Source } from '../source.ts';
import type { Barrier } from './barrier.ts';
import { IdleAdvance } from './idle-advance.ts';
import type { SourceChain } from './source-chain.ts';
import { SplitReader } from './split-reader.ts';

/**
 * A source with its splits. Its output has one watermark: the lowest of the splits that are neither
 * finished nor idle. A source is idle when its splits are idle or finished, and at least one is
 * idle. A growing source whose splits are all finished is idle after the time-out.
 */
export class SourceReader {
  readonly plan: ScanNode;
  readonly source: Source;
  readonly chain: SourceChain;
  /** The watermark that was sent. */
  watermark = MIN_WATERMARK;
  idle = false;
  /** In their reading order for equal watermarks. */
  splits: readonly SplitReader[] = [];
  /** Milliseconds without rows after which a split is idle; null: never. */
  readonly idleTimeoutMs: number | null;
  readonly #idleAdvance: IdleAdvance | null;
  /** The source has notified the reader of rows, or it was not polled yet. */
  #called = true;
  /**
   * Monotonic time since which all splits of a growing source have been finished; null: a split is
   * not finished, or the source does not grow.
   */
  #emptySince: number | null = null;
  #wake: () => void = () => {};

  constructor(
    plan: ScanNode,
    source: Source,
    chain: SourceChain,
    idle: { readonly timeoutMs: number | null; readonly advanceMs: number | null },
  ) {
    this.plan = plan;
    this.source = source;
    this.chain = chain;
    this.idleTimeoutMs = chain.hasEventTime ? idle.timeoutMs : null;
    this.#idleAdvance = chain.hasEventTime && idle.advanceMs !== null ? new IdleAdvance(idle.advanceMs) : null;
  }

  /** Starts reading. `wake` is called when there may be rows where there were none. */
  start(wake: () => void): void {
    this.#wake = wake;
    this.source.start?.(() => {
      this.#called = true;
      wake();
    });
  }

  get finished(): boolean {
    return this.watermark === MAX_WATERMARK;
  }

  /**
   * Finds splits and reads available rows. Returns a promise only if idleness advances the
   * watermark.
   */
  fill(maxRows: number): void | Promise<void> {
    if (this.#called) this.#look();
    for (const split of this.splits) split.fill(maxRows, this.#wake);
    const wait = this.idleTimeoutMs === null ? undefined : this.#checkIdle(this.idleTimeoutMs);
    return wait ? wait.then(() => this.#followClock()) : this.#followClock();
  }

  /** Advances the watermark of a silent source with the clock. */
  #followClock(): void | Promise<void> {
    if (this.#idleAdvance === null) return;
    const now = this.chain.clock.monotonicMs();
    const watermark = this.#idleAdvance.watermarkAt(this.splits, this.#emptySince !== null, this.watermark, now);
    if (watermark <= this.watermark) return;
    for (const split of this.splits) split.raise(watermark);
    return this.#advance(watermark);
  }

  #look(): void {
    this.#called = false;
    const listed = this.source.splits();
    for (const split of this.splits) split.waiting = false;
    const known = new Map(this.splits.map((reader) => [reader.split.id, reader]));
    const readers = listed.map((split) => known.get(split.id) ?? new SplitReader(split, this.chain));
    const ids = new Set(listed.map(({ id }) => id));
    const left = this.splits.filter((reader) => !reader.finished && !ids.has(reader.split.id));
    this.splits = [...readers, ...left];
    this.#noteEmpty();
  }

  #noteEmpty(): void {
    const empty = this.source.growing === true && this.splits.every((split) => split.finished);
    this.#emptySince = empty ? (this.#emptySince ?? this.chain.clock.monotonicMs()) : null;
  }

  /** Sends rows of the next split. See `SplitReader.give`. */
  send(split: SplitReader, limit: number, orEqual: boolean): void | Promise<void> {
    const alone = this.splits.length === 1 && split.watermark === this.watermark;
    const part = split.give(limit, orEqual);
    if (part === null) {
      this.#noteEmpty();
      return this.#advance(this.#lowest(null));
    }
    if (alone) {
      this.watermark = split.watermark;
      return this.chain.emit(part);
    }
    const marks = part.marks === null ? null : this.#marksOfSource(part.marks, this.#lowest(split));
    return this.chain.emit(new Batch(part.size, part.columns, part.kinds, part.selection, part.selected, marks));
  }

  /**
   * Converts the marks of one split to those of the source. No mark exceeds `ceiling`, the
   * lowest watermark of the other splits.
   */
  #marksOfSource(marks: WatermarkMarks, ceiling: number): WatermarkMarks | null {
    const positions = new Int32Array(marks.count);
    const values = new Float64Array(marks.count);
    let count = 0;
    for (let k = 0; k < marks.count && this.watermark < ceiling; k++) {
      const value = Math.min(marks.values[k]!, ceiling);
      if (value <= this.watermark) continue;
      this.watermark = value;
      positions[count] = marks.positions[k]!;
      values[count++] = value;
    }
    return count === 0 ? null : { count, positions, values };
  }

  /**
   * Returns the lowest watermark of the splits that are neither finished nor idle, without
   * `except`.
   */
  #lowest(except: SplitReader | null): number {
    let lowest = MAX_WATERMARK;
    let holds = except !== null;
    let idle = this.source.growing === true;
    for (const split of this.splits) {
      if (split === except || split.finished) continue;
      if (split.idle) {
        idle = true;
        continue;
      }
      holds = true;
      if (split.watermark < lowest) lowest = split.watermark;
    }
    return holds || !idle ? lowest : this.watermark;
  }

  #advance(watermark: number): void | Promise<void> {
    if (watermark <= this.watermark) return;
    this.watermark = watermark;
    return this.chain.emit(watermarkBatch(this.chain.emptyColumns, watermark));
  }

  /**
   * Sends the last watermark, although there may be more rows. It drops rows that were read and not
   * sent. The position in the snapshot is before these rows.
   */
  async drain(): Promise<void> {
    await this.#setIdle(false);
    await this.#advance(MAX_WATERMARK);
  }

  /** There is no split to read, but one may appear, and the source is not idle. */
  get holdsEmpty(): boolean {
    return this.#emptySince !== null && !this.idle;
  }

  /** Some split is neither finished nor idle. */
  get #holds(): boolean {
    return this.splits.some((split) => !split.finished && !split.idle);
  }

  get #idleSplits(): boolean {
    return this.splits.some((split) => split.idle);
  }

  /**
   * Splits without rows for the time-out become idle; idle splits that have rows again become
   * active. The clock is read only if a split waits.
   */
  #checkIdle(timeoutMs: number): void | Promise<void> {
    let changed = false;
    let now: number | null = null;
    for (const split of this.splits) {
      if (split.ready) {
        changed ||= split.idle;
        split.idle = false;
      } else if (split.waitingSince !== null && !split.idle) {
        now ??= this.chain.clock.monotonicMs();
        if (now - split.waitingSince < timeoutMs) continue;
        split.idle = true;
        changed = true;
      }
    }
    if (changed || (this.#emptySince !== null && !this.idle)) return this.#settleIdle(timeoutMs);
  }

  async #settleIdle(timeoutMs: number): Promise<void> {
    const emptyMs = this.#emptySince === null ? 0 : this.chain.clock.monotonicMs() - this.#emptySince;
    const idle = this.#emptySince === null ? this.#idleSplits && !this.#holds : emptyMs >= timeoutMs;
    if (!idle) await this.#setIdle(false);
    await this.#advance(this.#lowest(null));
    if (idle) await this.#setIdle(true);
  }

  async #setIdle(idle: boolean): Promise<void> {
    if (idle === this.idle) return;
    this.idle = idle;
    await this.chain.tail.handIdleRound(idle);
  }

  /**
   * Returns the milliseconds until a waiting split becomes idle, or the clock advances the
   * watermark.
   */
  idleInMs(now: number): number {
    return Math.min(this.#timeoutInMs(now), this.#idleAdvance?.nextInMs(now) ?? Number.POSITIVE_INFINITY);
  }

  #timeoutInMs(now: number): number {
    if (this.idleTimeoutMs === null) return Number.POSITIVE_INFINITY;
    let since = this.idle ? Number.POSITIVE_INFINITY : (this.#emptySince ?? Number.POSITIVE_INFINITY);
    for (const split of this.splits) {
      if (!split.idle && split.waitingSince !== null && split.waitingSince < since) since = split.waitingSince;
    }
    return since + this.idleTimeoutMs - now;
  }

  /** Sends a barrier before the next batch. */
  sendBarrier(barrier: Barrier): void {
    barrier.passSource(this.plan.name, this.snapshot());
    // The chain has counted rows that were not sent yet. They are counted again after a restore.
    const unsent = this.chain.nodes.map(() => ({ in: 0, out: 0 }));
    for (const split of this.splits) split.addUnsent(unsent);
    this.chain.nodes.forEach((node, i) => {
      barrier.passNode(node, unsent[i]);
    });
    this.chain.tail.handBarrierOn(barrier);
  }

  get rowsHeld(): number {
    return this.splits.reduce((sum, split) => sum + split.rowsHeld, 0);
  }

  snapshot(): SourceSnapshot {
    const silence = this.#idleAdvance?.snapshot(this.chain.clock.monotonicMs()) ?? null;
    return {
      ...(silence === null ? {} : { silence }),
      watermark: Number.isFinite(this.watermark) ? this.watermark : null,
      splits: Object.fromEntries(this.splits.map((reader) => [reader.split.id, reader.snapshot()])),
    };
  }

  /** Call this once, before the first batch. */
  async restore({ watermark, splits, silence }: SourceSnapshot): Promise<void> {
    if (silence !== undefined) this.#idleAdvance?.restore(silence, this.chain.clock.monotonicMs());
    this.source.restore?.(new Map(Object.entries(splits).map(([id, { position }]) => [id, position])));
    this.#look();
    for (const reader of this.splits) {
      const kept = splits[reader.split.id];
      if (kept !== undefined) reader.restore(this.idleTimeoutMs === null ? { ...kept, idle: false } : kept);
    }
    const ended = this.source.growing !== true && this.splits.every((split) => split.finished);
    this.watermark = ended ? MAX_WATERMARK : (watermark ?? MIN_WATERMARK);
    if (this.#idleSplits && !this.#holds) await this.#setIdle(true);
  }
}
