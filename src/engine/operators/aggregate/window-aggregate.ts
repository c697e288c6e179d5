import { type Batch, INSERT, MAX_WATERMARK, MIN_WATERMARK, type WatermarkMarks } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import { type Field, timestamp } from '../../../core/data-type.ts';
import { invariant } from '../../../core/invariant.ts';
import type { WindowAggregateNode } from '../../../plan/plan-node.ts';
import { Entries } from '../../state/entries.ts';
import type { Segment, TableSpec, TimedTable } from '../../state/state-store.ts';
import { firstMarkReaching, watermarkAt } from '../../windows/mark-cursor.ts';
import { type WindowSlices, windowSlices } from '../../windows/window-slices.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { AggregateCalls } from './aggregate-calls.ts';
import { type SliceRows, WindowCursor } from './window-cursor.ts';

/**
 * GROUP BY of TUMBLE, HOP or CUMULATE windows: one row per window and key when the watermark
 * reaches the window's end - 1 ms. A row is late when the last window it belongs to has fired;
 * otherwise it counts in those that have not (Flink's AbstractSliceSyncStateWindowAggProcessor).
 *
 * State: a timed table of accumulators by (slice end, key). A slice goes when its last window has
 * fired, so after the watermark passed the last window the state is empty. Rows of a window come
 * out in the arrival order of their keys.
 */
export class WindowAggregateOperator implements Operator {
  readonly #node: WindowAggregateNode;
  readonly #slices: WindowSlices;
  readonly #zone: WindowZone;
  readonly #calls: AggregateCalls;
  readonly #spec: TableSpec;
  readonly #table: TimedTable;
  readonly #keyColumns: readonly number[];
  readonly #context: OperatorContext;
  #watermark = MIN_WATERMARK;
  /** Ends of windows that will fire, ascending. */
  #pending: number[] = [];
  /** When the first of them does. */
  #nextFire = Number.POSITIVE_INFINITY;
  #slots = new Int32Array(0);
  #lateRows = 0;

  constructor(node: WindowAggregateNode, inputFields: readonly Field[], context: OperatorContext) {
    invariant(node.window.kind !== 'session', 'session windows have their own operator');
    this.#node = node;
    this.#context = context;
    this.#slices = node.attached ? attachedSlices : windowSlices(node.window);
    this.#zone = windowZone(node.time.zone);
    this.#calls = new AggregateCalls(node.aggregates, false, context.environment, 0);
    // Windows that came with the rows are told apart by their start too.
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
    return { lateRows: this.#lateRows, openWindows: this.#pending.length };
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    if (this.#node.time.time === 'proctime' && !this.#node.attached) {
      // Watermarks say nothing to windows on the clock, but for the end of the input.
      const atEnd = batch.selected === 0 && batch.lastWatermark(MIN_WATERMARK) === MAX_WATERMARK;
      const now = atEnd ? null : this.#context.clock.now();
      return this.#run(new WindowCursor(batch, this.#builder(out), now));
    }
    return this.#run(new WindowCursor(batch, this.#builder(out), null));
  }

  onProcessingTime(now: number, out: Output): void | Promise<void> {
    const over = passedBy(now);
    if (this.#node.time.time !== 'proctime' || over < this.#nextFire) return;
    this.#watermark = over;
    const builder = this.#builder(out);
    const fire = (): void | Promise<void> => {
      while (this.#pending.length > 0 && this.#nextFire <= over) {
        const wait = this.#fireNext(builder);
        if (wait) return wait.then(fire);
      }
      builder.flush();
    };
    return fire();
  }

  #builder(out: Output): BatchBuilder {
    return new BatchBuilder(
      this.#node.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
  }

  /** Works through the batch piece by piece; a piece that has to read state makes the rest wait. */
  #run(cursor: WindowCursor): void | Promise<void> {
    for (;;) {
      const wait = this.#step(cursor);
      if (wait) return wait.then(() => this.#run(cursor));
      if (cursor.done) return;
    }
  }

  #step(cursor: WindowCursor): void | Promise<void> {
    const group = cursor.groups.pop();
    if (group !== undefined) return this.#add(cursor.batch, group);
    const { batch, builder } = cursor;
    const { marks } = batch;
    if (cursor.firing !== null) {
      if (this.#pending.length > 0 && this.#nextFire <= cursor.firing) return this.#fireNext(builder);
      builder.mark(cursor.firing);
      cursor.firing = null;
    }
    const byClock = cursor.now !== null;
    const fireMark = byClock ? 0 : firstMarkReaching(marks, cursor.mark, this.#nextFire);
    const fires = !byClock && this.#pending.length > 0 && marks !== null && fireMark < marks.count;
    if (byClock) this.#watermark = passedBy(cursor.now!);
    const cutShort = this.#assign(cursor, fires ? marks!.positions[fireMark]! : batch.size);
    if (cutShort) return;
    if (fires) {
      passMarks(marks!, cursor.mark, fireMark, builder);
      this.#watermark = marks!.values[fireMark]!;
      cursor.firing = this.#watermark;
      cursor.mark = fireMark + 1;
      return;
    }
    if (cursor.groups.length > 0) return;
    if (marks !== null && marks.count > 0) {
      if (!byClock) this.#watermark = marks.values[marks.count - 1]!;
      passMarks(marks, cursor.mark, marks.count, builder);
    }
    builder.flush();
    cursor.done = true;
  }

  /**
   * Sorts the rows from the cursor up to position `limit` into their slices. Stops early behind a
   * row that opens a window due before the batch's last mark: then the next mark has to be looked
   * for again. Returns whether it stopped early.
   */
  #assign(cursor: WindowCursor, limit: number): boolean {
    const { batch } = cursor;
    const { selection, selected, marks } = batch;
    const from = cursor.row;
    const lastMark = cursor.now !== null ? passedBy(cursor.now) : batch.lastWatermark(this.#watermark);
    const attached = this.#node.attached;
    const times = batch.columns[attached ? attached.end : this.#node.time.column]!;
    const numbers = times.kind === 'number' && times.nulls === null ? times.values : null;
    const plain = this.#node.time.zone === null || this.#node.time.zone === 'UTC';
    let group: SliceRows | null = null;
    let i = from;
    let cut = false;
    for (; i < selected; i++) {
      const row = selection === null ? i : selection[i]!;
      if (row >= limit) break;
      let time = cursor.now ?? (numbers !== null ? numbers[row]! : (times.get(row) as number | null));
      if (time === null) continue;
      if (!plain && !attached) time = this.#zone.toLocal(time);
      if (group === null || !(time < group.end && time >= group.start)) {
        const end = this.#slices.sliceEnd(time);
        group = cursor.group(end, end - this.#slices.sliceMs);
        if (!group.checked) {
          const windows = this.#slices.windowsOf(end);
          group.lastFire = this.#fireTime(windows[windows.length - 1]!);
          group.firstFire = this.#fireTime(windows[0]!);
          group.checked = true;
        }
      }
      if (group.firstFire <= lastMark) {
        // Some window of the slice ends before the batch does: the watermark at this very row
        // decides.
        const watermark =
          cursor.now !== null ? lastMark : Math.max(this.#watermark, watermarkAt(marks, row, this.#watermark));
        if (group.lastFire <= watermark) {
          this.#lateRows++;
          continue;
        }
        group.add(row, selected - from);
        if (this.#expect(group.end, watermark)) {
          i++;
          cut = true;
          break;
        }
      } else group.add(row, selected - from);
    }
    for (const g of cursor.takeGroups()) if (g.count > 0) this.#expect(g.end, lastMark);
    cursor.row = i;
    return cut;
  }

  #fireTime(windowEnd: number): number {
    return this.#zone.timerInstant(windowEnd - 1);
  }

  /**
   * Notes the windows of a slice that have not fired at `watermark`. Returns whether there was a
   * new one that is due before the others known.
   */
  #expect(sliceEnd: number, watermark: number): boolean {
    let earlier = false;
    for (const end of this.#slices.windowsOf(sliceEnd)) {
      const fire = this.#fireTime(end);
      if (fire <= watermark) continue;
      let at = this.#pending.length;
      while (at > 0 && this.#pending[at - 1]! > end) at--;
      if (at > 0 && this.#pending[at - 1] === end) continue;
      this.#pending.splice(at, 0, end);
      if (at === 0) {
        this.#nextFire = fire;
        earlier = true;
      }
    }
    return earlier;
  }

  #add(batch: Batch, group: SliceRows): void | Promise<void> {
    const segment = this.#table.segment(group.end);
    const { rows, count } = group;
    if (this.#slots.length < count) this.#slots = new Int32Array(Math.max(count, batch.size));
    const wait = segment.lookup(batch, this.#keyColumns, this.#slots, rows, count);
    const add = (): void => {
      const slots = this.#slots;
      for (let i = 0; i < count; i++) segment.touch(slots[i]!);
      this.#calls.addRows(batch, { rows, count }, segment, slots);
    };
    if (wait) return wait.then(add);
    add();
  }

  #fireNext(builder: BatchBuilder): void | Promise<void> {
    const end = this.#pending[0]!;
    const segments = this.#slices.slicesOf(end).flatMap((s) => this.#table.find(s) ?? []);
    const waits = segments.flatMap((s) => s.load() ?? []);
    const fire = (): void => {
      this.#pending.shift();
      this.#nextFire = this.#pending.length === 0 ? Number.POSITIVE_INFINITY : this.#fireTime(this.#pending[0]!);
      if (segments.length === 1) this.#emitSegment(segments[0]!, end, builder);
      else if (segments.length > 1) this.#emitMerged(segments, end, builder);
      for (const segment of segments) {
        const windows = this.#slices.windowsOf(segment.time);
        if (windows[windows.length - 1] === end) this.#table.drop(segment);
      }
    };
    if (waits.length > 0) return Promise.all(waits).then(fire);
    fire();
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
        this.#calls.merge(merged, to, segment, slot);
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
    const start = attached ? (key[keys.length] as number) : this.#slices.windowStart(end);
    for (const field of windowFields) {
      const value = field === 'start' ? start : field === 'end' ? end : this.#fireTime(end);
      builder.set(column++, row, value);
    }
  }
}

/** Windows that rows carry: a slice is a window. */
const attachedSlices: WindowSlices = {
  sliceMs: 1,
  sliceEnd: (end) => end,
  windowsOf: (end) => [end],
  slicesOf: (end) => [end],
  windowStart: () => Number.NaN,
};

const NOBODY = { preserve() {}, grewBig() {}, hasAbsent() {} };

/**
 * Rows of this very millisecond may still come: a clock stands for a watermark one behind it (Flink
 * delays its processing time timers by 1 ms).
 */
const passedBy = (now: number): number => now - 1;

/**
 * Watermarks that fire nothing go on one by one: what a pattern further on does depends on each.
 */
function passMarks(marks: WatermarkMarks, from: number, to: number, builder: BatchBuilder): void {
  for (let mark = from; mark < to; mark++) builder.mark(marks.values[mark]!);
}
