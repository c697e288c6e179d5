import { Batch, MAX_WATERMARK, MIN_WATERMARK, watermarkBatch } from '../../batch/batch.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { Clock } from '../../core/clock.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import { firstMarkReaching } from '../operator-kit/marks.ts';
import { WatermarkOperator } from '../operators/watermark.ts';
import type { PollResult, Source } from '../source.ts';
import type { Barrier } from './barrier.ts';
import type { GraphNode } from './graph-node.ts';

/**
 * A source with the stateless operators up to its watermark. Batches are taken through that chain
 * first and then sent in turns: with several sources the one with the lowest watermark goes next,
 * row by row (design: "Several sources form one total order").
 */
export class SourceTask {
  readonly plan: ScanNode;
  readonly source: Source;
  /** From the scan to the watermark operator, in order; the last one's consumers get the turns. */
  readonly chain: readonly GraphNode[];
  /** Watermark after the last row sent. */
  watermark = MIN_WATERMARK;
  ended = false;
  idle = false;
  rowsIn = 0;
  readonly #watermarks: WatermarkOperator | null;
  readonly #clock: Clock;
  #held: Batch | null = null;
  /** What went into each node of the chain for the held batch. */
  readonly #into: Batch[] = [];
  /** First physical row and first mark of the held batch that were not sent. */
  #row = 0;
  #mark = 0;
  #positionBefore: unknown;
  readonly #emptyColumns: readonly Vector[];
  /** Rows to drop after a restore: sent before the checkpoint. */
  #skip = 0;

  constructor(plan: ScanNode, source: Source, chain: readonly GraphNode[], clock: Clock) {
    this.#clock = clock;
    this.plan = plan;
    this.source = source;
    this.chain = chain;
    const operators = chain.map((n) => n.operator);
    this.#watermarks = operators.find((o) => o instanceof WatermarkOperator) ?? null;
    this.#positionBefore = source.position();
    const tail = chain[chain.length - 1]!.plan;
    this.#emptyColumns = tail.fields.map((f) => new VectorBuilder(f.type, 0).finish());
  }

  /** The source has a watermark, and with it a place in the total order. */
  get hasEventTime(): boolean {
    return this.#watermarks !== null;
  }

  /** Rows are ready, or the end was reached. */
  get ready(): boolean {
    return this.#held !== null || this.ended;
  }

  /** Reads the next batch unless one is held. */
  fill(maxRows: number): void | Promise<void> {
    if (this.#held !== null || this.ended) return;
    this.#positionBefore = this.source.position();
    const since = this.#clock.monotonicMs();
    const polled = this.source.poll(maxRows);
    if (polled instanceof Promise) return polled.then((result) => this.#take(result, since));
    return this.#take(polled, since);
  }

  #take(result: PollResult, since: number): void | Promise<void> {
    this.idle = result === 'idle';
    if (result === 'idle') return;
    // Waiting for rows is no work: only what brought some counts.
    this.chain[0]!.busyMs += this.#clock.monotonicMs() - since;
    if (result === 'end') {
      this.ended = true;
      return;
    }
    this.rowsIn += result.size - this.#skip;
    let batch = result;
    if (this.#skip > 0) {
      batch = sliceRows(result, Math.min(this.#skip, result.size), result.size);
      this.#row = Math.min(this.#skip, result.size);
      this.#skip -= this.#row;
      if (batch.selected === 0) return this.#release();
    }
    this.#held = this.#throughChain(batch);
    if (this.#held === null) this.#release();
  }

  /** Stateless operators never wait, and make at most one batch of one. */
  #throughChain(batch: Batch): Batch | null {
    let current = batch;
    this.#into.length = 0;
    for (const node of this.chain) {
      this.#into.push(current);
      let made: Batch | null = null;
      node.rowsIn += current.selected;
      const since = this.#clock.monotonicMs();
      void node.operator.onBatch(current, 0, {
        emit: (b) => {
          made = b;
        },
      });
      node.busyMs += this.#clock.monotonicMs() - since;
      if (made === null) return null;
      current = made;
      node.rowsOut += current.selected;
    }
    return current;
  }

  /**
   * Sends rows until the watermark passes `limit` (reaches it, if `orEqual` is false), at most the
   * held batch; at the end of the input, the last watermark.
   */
  send(limit: number, orEqual: boolean): void | Promise<void> {
    const batch = this.#held;
    if (batch === null) {
      this.watermark = MAX_WATERMARK;
      return this.#emit(watermarkBatch(this.#emptyColumns, MAX_WATERMARK));
    }
    const { marks } = batch;
    const reaching =
      limit === MAX_WATERMARK ? -1 : firstMarkReaching(marks, this.#mark, orEqual ? nextAbove(limit) : limit);
    const cut = marks === null || reaching < 0 || reaching >= marks.count ? batch.size : marks.positions[reaching]!;
    if (cut === batch.size && this.#row === 0 && this.#mark === 0) {
      this.watermark = batch.lastWatermark(this.watermark);
      this.#release();
      return this.#emit(batch);
    }
    const part = sliceRows(batch, this.#row, cut, this.#mark);
    this.#mark += part.marks?.count ?? 0;
    this.#row = cut;
    this.watermark = part.lastWatermark(this.watermark);
    if (cut === batch.size) this.#release();
    return this.#emit(part);
  }

  /**
   * The last watermark, although there may be more rows: what was read and not sent is left out,
   * and the position says so.
   */
  drain(): void | Promise<void> {
    this.watermark = MAX_WATERMARK;
    return this.#emit(watermarkBatch(this.#emptyColumns, MAX_WATERMARK));
  }

  #release(): void {
    this.#held = null;
    this.#row = 0;
    this.#mark = 0;
  }

  #emit(batch: Batch): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.chain[this.chain.length - 1]!.deliverRound(batch);
    if (wait) return wait.then(() => this.#handedOn(since));
    this.#handedOn(since);
  }

  #handedOn(since: number): void {
    const ms = this.#clock.monotonicMs() - since;
    for (const node of this.chain) node.handedOnMs += ms;
  }

  /** Rows read and not sent yet. */
  get rowsHeld(): number {
    return this.#held === null ? 0 : selectedFrom(this.#held, this.#row);
  }

  /** Sends a barrier where the next batch would go. */
  sendBarrier(barrier: Barrier): void {
    barrier.passSource(this.plan.name, this.snapshot());
    // Rows that the chain has counted and that were not sent yet are counted again after a restore.
    const held = this.#held;
    const unsent = held === null ? null : [...this.#into, held].map((batch) => selectedFrom(batch, this.#row));
    this.chain.forEach((node, i) => {
      barrier.passNode(node, unsent === null ? undefined : { in: unsent[i]!, out: unsent[i + 1]! });
    });
    this.chain[this.chain.length - 1]!.handBarrierOn(barrier);
  }

  snapshot(): SourceSnapshot {
    const held = this.#held !== null;
    return {
      position: held ? this.#positionBefore : this.source.position(),
      rows: (held ? this.#row : 0) + this.#skip,
      watermark: Number.isFinite(this.watermark) ? this.watermark : null,
      ended: this.ended && this.watermark === MAX_WATERMARK,
    };
  }

  async restore(snapshot: SourceSnapshot): Promise<void> {
    await this.source.seek(snapshot.position);
    this.#positionBefore = this.source.position();
    this.#skip = snapshot.rows;
    this.watermark = snapshot.ended ? MAX_WATERMARK : (snapshot.watermark ?? MIN_WATERMARK);
    this.ended = snapshot.ended;
    if (this.#watermarks !== null) this.#watermarks.current = snapshot.watermark ?? MIN_WATERMARK;
  }
}

/**
 * Physical rows from..to-1 of a batch with the marks at positions up to `to`, from mark `firstMark`
 * on. Positions stay physical.
 */
function sliceRows(batch: Batch, from: number, to: number, firstMark = 0): Batch {
  const { selection, selected, marks } = batch;
  const rows = new Int32Array(to - from);
  let count = 0;
  if (selection === null) for (let row = from; row < to; row++) rows[count++] = row;
  else
    for (let i = 0; i < selected; i++) if (selection[i]! >= from && selection[i]! < to) rows[count++] = selection[i]!;
  let part: Batch['marks'] = null;
  if (marks !== null) {
    let last = firstMark;
    while (last < marks.count && marks.positions[last]! <= to) last++;
    if (last > firstMark) {
      part = {
        count: last - firstMark,
        positions: marks.positions.subarray(firstMark, last),
        values: marks.values.subarray(firstMark, last),
      };
    }
  }
  return new Batch(batch.size, batch.columns, batch.kinds, rows, count, part);
}

/** How many of the selected rows stand at physical row `from` or behind it. */
function selectedFrom({ selection, selected }: Batch, from: number): number {
  if (from === 0) return selected;
  if (selection === null) return Math.max(0, selected - from);
  let count = 0;
  for (let i = 0; i < selected; i++) if (selection[i]! >= from) count++;
  return count;
}

/** The smallest float above a watermark of whole milliseconds. */
const nextAbove = (value: number): number => (value === MIN_WATERMARK ? -Number.MAX_VALUE : value + 0.5);
