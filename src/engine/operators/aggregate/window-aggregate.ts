import { type Batch, INSERT, MAX_WATERMARK, MIN_WATERMARK } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import { type Field, timestamp } from '../../../core/data-type.ts';
import { invariant } from '../../../core/invariant.ts';
import type { WindowAggregateNode } from '../../../plan/nodes/window-aggregate.ts';
import type { Operator, OperatorContext, Output } from '../../operator.ts';
import { type LateRows, lateRowsFor } from '../../operator-kit/late-rows.ts';
import { RowMarkCursor } from '../../operator-kit/row-mark-cursor.ts';
import { runSteps, type Steps, waitFor, waitForAll } from '../../operator-kit/steps.ts';
import { Entries } from '../../state/entries.ts';
import type { Segment, TableSpec, TimedTable } from '../../state/state-store.ts';
import { type QueuedTimer, TimerQueue } from '../../timers/timer-queue.ts';
import { type WindowSlices, windowSlices } from '../../windows/window-slices.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import { AggregateCalls } from './aggregate-calls.ts';
import { OpenSlices, type SliceRows } from './open-slices.ts';

/**
 * GROUP BY of TUMBLE, HOP or CUMULATE windows. A window emits one row per key when the watermark
 * reaches its end - 1 ms. A row is late when the last of its windows has fired. Otherwise it counts
 * in the windows that have not fired (Flink's AbstractSliceSyncStateWindowAggProcessor).
 *
 * The state is a timed table of accumulators by (slice end, key). A slice is removed when its last
 * window has fired. After the watermark has passed the last window, the state is empty. A window
 * emits its rows in the arrival order of their keys.
 */
export class WindowAggregateOperator implements Operator {
  readonly results?: 'at-marks';
  readonly #node: WindowAggregateNode;
  readonly #windows: WindowSlices;
  readonly #hops: boolean;
  readonly #zone: WindowZone;
  readonly #calls: AggregateCalls;
  readonly #spec: TableSpec;
  readonly #table: TimedTable;
  readonly #keyColumns: readonly number[];
  readonly #context: OperatorContext;
  #watermark = MIN_WATERMARK;
  /** Ordered by the end of their window. */
  readonly #timers = new TimerQueue<WindowTimer>();
  /** Ends of the windows that have a timer. */
  readonly #expected = new Set<number>();
  /** Rows get the time of the clock. Windows that are columns of the rows have their own times. */
  readonly #byClock: boolean;
  readonly #cursor = new RowMarkCursor();
  readonly #slices = new OpenSlices();
  #slots = new Int32Array(0);
  #lateRows = 0;

  constructor(node: WindowAggregateNode, inputFields: readonly Field[], context: OperatorContext) {
    const { window, attached } = node;
    invariant(attached || window.kind !== 'session', 'session windows have their own operator');
    if (node.time.time === 'rowtime') this.results = 'at-marks';
    this.#node = node;
    this.#context = context;
    this.#byClock = node.time.time === 'proctime' && !node.attached;
    this.#windows = attached || window.kind === 'session' ? attachedSlices : windowSlices(window);
    this.#hops = !attached && window.kind === 'hop';
    this.#zone = windowZone(node.time.zone);
    this.#calls = new AggregateCalls(node.aggregates, false, context.environment, 0);
    // Windows that are columns of the rows also differ by their start.
    this.#keyColumns = node.attached ? [...node.keys, node.attached.start] : node.keys;
    this.#spec = {
      operator: context.operator,
      table: 0,
      name: 'windows',
      key: this.#keyColumns.map((k) => inputFields[k]?.type ?? timestamp(3)),
      columns: this.#calls.columns,
    };
    this.#table = context.state.timedTable(this.#spec);
  }

  snapshot(): unknown {
    return { watermark: Number.isFinite(this.#watermark) ? this.#watermark : null, lateRows: this.#lateRows };
  }

  restore(snapshot: unknown): void {
    const { watermark, lateRows } = snapshot as { watermark: number | null; lateRows: number };
    this.#watermark = watermark ?? MIN_WATERMARK;
    this.#lateRows = lateRows;
    for (const segment of this.#table.due(Number.POSITIVE_INFINITY)) this.#expect(segment.time, this.#watermark);
  }

  metrics(): Readonly<Record<string, number>> {
    return { lateRows: this.#lateRows, openWindows: this.#timers.size };
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    return runSteps(this.#batchSteps(batch, this.#builder(out), out));
  }

  *#batchSteps(batch: Batch, builder: BatchBuilder, out: Output): Steps {
    // Windows on processing time ignore watermarks, also the one at the end of the input. A window
    // that is open then is dropped, as in Flink.
    const now = this.#byClock ? this.#context.clock.now() : null;
    if (now !== null) this.#watermark = passedBy(now);
    const late = lateRowsFor(out);
    const cursor = this.#cursor;
    for (cursor.begin(batch, this.#watermark); cursor.next(now === null ? this.#timers.first : MAX_WATERMARK); ) {
      this.#assign(now, late);
      for (const slice of this.#slices.take()) yield* this.#add(batch, slice);
      if (now === null) this.#watermark = cursor.watermark;
      cursor.passMarks(builder);
      if (!cursor.reached) continue;
      if (now === null) yield* this.#fire(cursor.watermark, builder);
      builder.mark(cursor.watermark);
    }
    builder.flush();
    late?.emit(batch, out);
  }

  onProcessingTime(now: number, out: Output): void | Promise<void> {
    if (this.#node.time.time !== 'proctime' || passedBy(now) < this.#timers.first) return;
    return runSteps(this.#clockSteps(passedBy(now), this.#builder(out)));
  }

  *#clockSteps(over: number, builder: BatchBuilder): Steps {
    this.#watermark = over;
    yield* this.#fire(over, builder);
    builder.flush();
  }

  #builder(out: Output): BatchBuilder {
    return new BatchBuilder(
      this.#node.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
  }

  /**
   * Sorts the rows of the cursor's stretch into their slices. `now`: the processing time of the
   * rows. A row may open a window that is due before the last mark of the batch. The stretch then
   * ends after this row, and the cursor searches for the next mark again.
   */
  #assign(now: number | null, late: LateRows | null): void {
    const cursor = this.#cursor;
    const { batch, from, to } = cursor;
    const { selection } = batch;
    const lastMark = batch.lastWatermark(this.#watermark);
    const passed = now === null ? lastMark : passedBy(now);
    const attached = this.#node.attached;
    const times = batch.columns[attached ? attached.end : this.#node.time.column]!;
    const numbers = times.kind === 'number' && times.nulls === null ? times.values : null;
    const plain = this.#node.time.zone === null || this.#node.time.zone === 'UTC';
    let slice: SliceRows | null = null;
    for (let i = from; i < to; i++) {
      const row = selection === null ? i : selection[i]!;
      let time = now ?? (numbers !== null ? numbers[row]! : (times.get(row) as number | null));
      if (time === null) continue;
      if (!plain && !attached) time = this.#zone.toLocal(time);
      if (slice === null || !(time < slice.end && time >= slice.start)) slice = this.#sliceOf(time);
      if (slice.firstFire <= passed) {
        // A window of the slice ends before the batch. The watermark at this row decides.
        const watermark = now === null ? cursor.watermarkAt(row) : passed;
        if (slice.lastFire <= watermark) {
          this.#lateRows++;
          late?.add(row);
          continue;
        }
        slice.add(row, batch.selected - from);
        if (this.#expect(slice.end, watermark)) {
          cursor.cutBefore(i + 1);
          break;
        }
      } else slice.add(row, batch.selected - from);
    }
    for (const { end, count } of this.#slices.slices()) if (count > 0) this.#expect(end, passed);
  }

  #sliceOf(time: number): SliceRows {
    const end = this.#windows.sliceEnd(time);
    return this.#slices.of(end, () => {
      const windows = this.#windows.windowsOf(end);
      return {
        start: end - this.#windows.sliceMs,
        firstFire: this.#fireTime(windows[0]!),
        lastFire: this.#fireTime(windows[windows.length - 1]!),
      };
    });
  }

  #fireTime(windowEnd: number): number {
    return this.#zone.timerInstant(windowEnd - 1);
  }

  /**
   * Sets timers for the windows of a slice that have not fired at `watermark`. Returns whether one
   * of them is the first timer now.
   */
  #expect(sliceEnd: number, watermark: number): boolean {
    const { first } = this.#timers;
    for (const end of this.#windows.windowsOf(sliceEnd)) {
      if (this.#expected.has(end)) continue;
      const fire = this.#fireTime(end);
      if (fire <= watermark) continue;
      this.#expected.add(end);
      this.#timers.add({ time: fire, sequence: end, end });
    }
    return this.#timers.first < first;
  }

  *#add(batch: Batch, { end, rows, count }: SliceRows): Steps {
    const segment = this.#table.segment(end);
    if (this.#slots.length < count) this.#slots = new Int32Array(Math.max(count, batch.size));
    yield* waitFor(segment.lookup(batch, this.#keyColumns, this.#slots, rows, count));
    const slots = this.#slots;
    for (let i = 0; i < count; i++) segment.touch(slots[i]!);
    this.#calls.addRows(batch, { rows, count }, segment, slots);
  }

  *#fire(watermark: number, builder: BatchBuilder): Steps {
    for (let timer = this.#timers.take(watermark); timer !== undefined; timer = this.#timers.take(watermark)) {
      const { end } = timer;
      this.#expected.delete(end);
      const segments = this.#windows.slicesOf(end).flatMap((s) => this.#table.find(s) ?? []);
      yield* waitForAll(segments.map((segment) => segment.load()));
      if (segments.length === 1) this.#emitSegment(segments[0]!, end, builder);
      else if (segments.length > 1) this.#emitMerged(segments, end, builder);
      for (const segment of segments) {
        const windows = this.#windows.windowsOf(segment.time);
        if (windows[windows.length - 1] === end) this.#table.drop(segment);
      }
    }
  }

  #emitSegment(segment: Segment, end: number, builder: BatchBuilder): void {
    const slots = segment.slots();
    for (let i = 0; i < slots.length; i++) this.#emitRow(segment, slots[i]!, end, builder);
  }

  #emitMerged(segments: readonly Segment[], end: number, builder: BatchBuilder): void {
    const merged = new Entries(this.#spec, null, NOBODY, 0);
    for (const segment of segments) {
      for (const slot of segment.slots()) {
        const to = merged.index === null ? 0 : merged.index.slotOf(segment.keyOf(slot), merged.allocator);
        if (merged.index === null && merged.size === 0) merged.allocate();
        merged.touch(to);
        if (this.#hops) this.#calls.mergeBefore(merged, to, segment, slot);
        else this.#calls.merge(merged, to, segment, slot);
      }
    }
    for (let slot = 0; slot < merged.size; slot++) this.#emitRow(merged, slot, end, builder);
  }

  #emitRow(
    cells: Pick<Segment, 'keyOf' | 'columns' | 'readLong' | 'writeLong'>,
    slot: number,
    end: number,
    builder: BatchBuilder,
  ): void {
    const { keys, windowFields, attached } = this.#node;
    const key = cells.keyOf(slot);
    const row = builder.row(INSERT);
    let column = 0;
    for (; column < keys.length; column++) builder.set(column, row, key[column]);
    for (let a = 0; a < this.#calls.count; a++) builder.set(column++, row, this.#calls.value(a, cells, slot));
    const start = attached ? (key[keys.length] as number) : this.#windows.windowStart(end);
    for (const field of windowFields) {
      const value = field === 'start' ? start : field === 'end' ? end : this.#fireTime(end);
      builder.set(column++, row, value);
    }
  }
}

/** When a window fires. */
interface WindowTimer extends QueuedTimer {
  readonly end: number;
}

/** Windows that are columns of the rows: each slice is a window. */
const attachedSlices: WindowSlices = {
  sliceMs: 1,
  sliceEnd: (end) => end,
  windowsOf: (end) => [end],
  slicesOf: (end) => [end],
  windowStart: () => Number.NaN,
};

const NOBODY = { preserve() {}, grewBig() {}, hasAbsent() {} };

/**
 * Returns the watermark at a time of the clock. More rows of this millisecond may arrive, so the
 * watermark is one behind the clock. Flink delays its processing time timers by 1 ms.
 */
const passedBy = (now: number): number => now - 1;
