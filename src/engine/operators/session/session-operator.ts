import { Batch, MIN_WATERMARK } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { WindowTime } from '../../../plan/window-spec.ts';
import type { Operator, OperatorContext, Output } from '../../operator.ts';
import { type LateRows, lateRowsFor } from '../../operator-kit/late-rows.ts';
import { watermarkAt } from '../../operator-kit/marks.ts';
import { runSteps, type Steps, waitFor } from '../../operator-kit/steps.ts';
import { NO_ENTRY } from '../../state/ordered-keys.ts';
import { KeyTimers } from '../../timers/key-timers.ts';
import type { KeyTimer } from '../../timers/timer-chunk.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import { OpenSessions, TIMERS_TABLE } from './open-sessions.ts';
import type { SessionContent } from './session-content.ts';

/** A bucket of timers is this fraction of the gap. */
const BUCKETS = 16;
/** The row is late. */
const LATE = -1;
const NO_BATCH = new Batch(0, []);

export interface SessionOptions {
  readonly gapMs: number;
  readonly time: WindowTime;
  /** The key columns of the sessions. */
  readonly key: readonly number[];
  readonly fields: readonly Field[];
  readonly content: SessionContent;
}

/** Width of a bucket of a session operator's timers. */
export const timerBucketMs = (gapMs: number): number => Math.max(1, Math.ceil(gapMs / BUCKETS));

export interface SessionSnapshot {
  /** null: no watermark yet. */
  readonly watermark: number | null;
  readonly lateRows: number;
  /** The sequence of the next timer. */
  readonly timers: number;
}

/**
 * SESSION windows. A session is emitted when the watermark reaches its end - 1 ms. A late row is
 * merged into an open session that it touches. Otherwise it is dropped (recorded: `session-late`).
 *
 * The state has the open sessions of each key with their content, and a timer for each session. A
 * row that extends a session does not change the timer. A timer that fires before the session's end
 * is set again.
 *
 * All rows of a batch are assigned to sessions before a session is emitted, although there are
 * marks between the rows. A session does not take rows that arrive after its end.
 *
 * Sessions are emitted by their end, then in the order in which they were opened.
 */
export class SessionOperator implements Operator {
  readonly results?: 'at-marks';
  readonly #options: SessionOptions;
  readonly #content: SessionContent;
  readonly #zone: WindowZone;
  readonly #sessions: OpenSessions;
  readonly #timers: KeyTimers;
  readonly #context: OperatorContext;
  readonly #byClock: boolean;
  /** The batch that is being processed, and its last watermark. */
  #batch = NO_BATCH;
  #until = MIN_WATERMARK;
  /** The sessions that the current row touches. */
  readonly #touched: number[] = [];
  /** The watermark before the batch, then of the last mark that was passed. */
  #watermark = MIN_WATERMARK;
  /** By position of the row: the slot of its key. */
  #keys = new Int32Array(0);
  #dueKeys = new Int32Array(0);
  /** Rows that are assigned to a session and not yet added to its content. */
  #rows = new Int32Array(0);
  #slots = new Int32Array(0);
  #rowKeys = new Int32Array(0);
  #count = 0;
  #lateRows = 0;
  /** Sessions that have ended at `#endedAt` and are emitted together. */
  readonly #ended: number[] = [];
  readonly #endedKeys: number[] = [];
  #endedAt = MIN_WATERMARK;

  constructor(options: SessionOptions, inputFields: readonly Field[], context: OperatorContext) {
    if (options.time.time === 'rowtime') this.results = 'at-marks';
    this.#options = options;
    this.#content = options.content;
    this.#context = context;
    this.#byClock = options.time.time === 'proctime';
    this.#zone = windowZone(options.time.zone);
    const key = options.key.map((column) => inputFields[column]!.type);
    const { operator, state } = context;
    this.#sessions = new OpenSessions(state, operator, key, options.content);
    this.#timers = new KeyTimers(state, {
      operator,
      table: TIMERS_TABLE,
      bucketMs: timerBucketMs(options.gapMs),
      versionOf: (key) => this.#sessions.table.versionOf(key),
      postpone: (key, time, from) => this.#postpone(key, time, from),
    });
  }

  /** Called at a barrier. It first writes timers from memory to the table. */
  snapshot(): SessionSnapshot {
    this.#timers.flush();
    const watermark = Number.isFinite(this.#watermark) ? this.#watermark : null;
    return { watermark, lateRows: this.#lateRows, timers: this.#timers.sequence };
  }

  restore(snapshot: unknown): void {
    const { watermark, lateRows, timers } = snapshot as SessionSnapshot;
    this.#watermark = watermark ?? MIN_WATERMARK;
    this.#lateRows = lateRows;
    this.#timers.startAfter(this.#watermark);
    this.#timers.sequence = timers;
  }

  metrics(): Readonly<Record<string, number>> {
    return { lateRows: this.#lateRows };
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    return runSteps(this.#batchSteps(batch, this.#builder(out), out));
  }

  /**
   * On processing time, a session ends 1 ms later, because more rows of its last millisecond may
   * arrive.
   */
  onProcessingTime(now: number, out: Output): void | Promise<void> {
    if (!this.#byClock || now - 1 < this.#timers.firstTime) return;
    return runSteps(this.#clockSteps(now - 1, this.#builder(out)));
  }

  *#clockSteps(over: number, builder: BatchBuilder): Steps {
    yield* this.#findDue(over);
    this.#fire(over, builder);
    this.#timers.finish();
    builder.flush();
  }

  #builder(out: Output): BatchBuilder {
    return new BatchBuilder(
      this.#options.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
  }

  *#batchSteps(batch: Batch, builder: BatchBuilder, out: Output): Steps {
    const late = lateRowsFor(out);
    const now = this.#byClock && batch.selected > 0 ? this.#context.clock.now() : null;
    const last = batch.lastWatermark(this.#watermark);
    // Windows on processing time ignore watermarks, also the one at the end of the input. A session
    // that is open then is dropped, as in Flink.
    const passed = now === null ? this.#watermark : now - 1;
    const until = this.#byClock ? passed : Math.max(this.#watermark, last);
    this.#makeRoom(batch.selected);
    yield* waitFor(this.#sessions.table.lookup(batch, this.#options.key, this.#keys));
    if (this.#content.begin !== undefined) yield* this.#content.begin(batch, this.#keys);
    yield* this.#findDue(until);
    this.#sessions.fetchColumns();
    if (now !== null) this.#fire(passed, builder);
    this.#batch = batch;
    this.#until = until;
    this.#assign(batch, now, late);
    this.#addRows();
    this.#passMarks(batch, builder, out.onlyLastMark === true);
    this.#timers.finish();
    builder.flush();
    late?.emit(batch, out);
  }

  /**
   * Emits the sessions that end at each mark, then the mark. All rows have been assigned to their
   * sessions, so the last mark alone has the same results.
   */
  #passMarks({ marks }: Batch, builder: BatchBuilder, onlyLast: boolean): void {
    if (marks === null) return;
    for (let mark = onlyLast ? marks.count - 1 : 0; mark < marks.count; mark++) {
      const watermark = marks.values[mark]!;
      if (!this.#byClock) this.#fire(watermark, builder);
      builder.mark(watermark);
    }
  }

  /** Loads the sessions of the keys whose timers are due by then. */
  *#findDue(until: number): Steps {
    this.#sessions.fetchColumns();
    yield* waitFor(this.#timers.prepare(until));
    const { due } = this.#timers;
    if (due.length === 0) return;
    const unknown = due.filter(({ slot }) => slot === NO_ENTRY);
    if (this.#dueKeys.length < due.length) this.#dueKeys = new Int32Array(due.length * 2);
    if (unknown.length > 0) yield* waitFor(this.#sessions.table.lookupEncoded(unknown, this.#dueKeys));
    for (let i = 0; i < unknown.length; i++) unknown[i]!.slot = this.#dueKeys[i]!;
    if (this.#content.beginDue !== undefined) {
      for (let i = 0; i < due.length; i++) this.#dueKeys[i] = due[i]!.slot;
      yield* this.#content.beginDue(due, this.#dueKeys);
    }
    this.#sessions.fetchColumns();
  }

  /** Moves the timer of a session that has been extended. See `Postpone`. */
  #postpone(key: number, time: number, from: number): number {
    const { table, ends, timers } = this.#sessions;
    for (let slot = table.first(key); slot !== NO_ENTRY; slot = table.next(slot)) {
      if (timers[slot] !== time) continue;
      const due = this.#dueOf(ends[slot]!);
      if (due < from) return time;
      table.touch(slot);
      timers[slot] = due;
      return due;
    }
    return time;
  }

  #makeRoom(rows: number): void {
    if (this.#keys.length >= rows) return;
    this.#keys = new Int32Array(rows);
    this.#rows = new Int32Array(rows);
    this.#slots = new Int32Array(rows);
    this.#rowKeys = new Int32Array(rows);
  }

  /**
   * Finds or creates the sessions for the rows of the batch. The sessions that end within the batch
   * are emitted later. Until then, `#isOver` excludes them for the rows after their end.
   */
  #assign(batch: Batch, now: number | null, late: LateRows | null): void {
    const times = batch.columns[this.#options.time.column];
    const numbers = times?.kind === 'number' && times.nulls === null ? times.values : null;
    const { selection, selected } = batch;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i]!;
      const instant = now ?? (numbers !== null ? numbers[row]! : (times!.get(row) as number | null));
      if (instant === null) continue;
      const key = this.#keys[i]!;
      const slot = this.#sessionOf(key, row, this.#zone.toLocal(instant));
      if (slot === LATE) {
        this.#lateRows++;
        late?.add(row);
        continue;
      }
      this.#rows[this.#count] = row;
      this.#slots[this.#count] = slot;
      this.#rowKeys[this.#count++] = key;
    }
  }

  /** Returns the session of a row. The session includes the row's span. */
  #sessionOf(key: number, row: number, time: number): number {
    const { table, ends } = this.#sessions;
    const end = time + this.#options.gapMs;
    let slot = NO_ENTRY;
    let mergedEnd = end;
    let touched = 0;
    // As in Flink (TimeWindow.intersects), a span touches a session that ends exactly at its start.
    for (let each = table.first(key); each !== NO_ENTRY && table.placeOf(each) <= end; each = table.next(each)) {
      if (ends[each]! < time || this.#isOver(ends[each]!, row)) continue;
      if (touched === 0) slot = each;
      this.#touched[touched++] = each;
      if (ends[each]! > mergedEnd) mergedEnd = ends[each]!;
    }
    if (this.#isOver(mergedEnd, row)) return LATE;
    if (touched === 0) {
      const due = this.#dueOf(end);
      const opened = this.#sessions.open(key, time, end, due);
      this.#timers.add(due, 'exact', table, key);
      return opened;
    }
    if (touched === 1 && time >= table.placeOf(slot)) {
      table.touch(slot);
      ends[slot] = mergedEnd;
      return slot;
    }
    // Add the pending rows first, because their sessions may be merged or moved.
    this.#addRows();
    for (let i = 1; i < touched; i++) this.#sessions.merge(key, slot, this.#touched[i]!);
    return this.#sessions.widen(slot, time, mergedEnd);
  }

  /** Session ends are local times. The watermark is an instant. */
  #dueOf(end: number): number {
    return this.#zone.timerInstant(end - 1);
  }

  /** Whether a session with this end is over when the row arrives. */
  #isOver(end: number, row: number): boolean {
    const due = this.#dueOf(end);
    if (due > this.#until) return false;
    if (due <= this.#watermark) return true;
    return !this.#byClock && due <= watermarkAt(this.#batch.marks, row, this.#watermark);
  }

  #addRows(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.#content.addRows(this.#batch, { rows: this.#rows, count }, this.#sessions.table, this.#slots, this.#rowKeys);
  }

  /** Ends the sessions whose timers are due at a watermark. */
  #fire(watermark: number, builder: BatchBuilder): void {
    this.#watermark = watermark;
    const { table } = this.#sessions;
    for (let timer = this.#timers.fire(watermark); timer !== null; timer = this.#timers.fire(watermark)) {
      if (timer.time !== this.#endedAt) {
        this.#emitEnded(builder);
        this.#endedAt = timer.time;
      }
      for (let slot = table.first(timer.slot); slot >= 0; slot = table.next(slot)) this.#look(timer, slot);
    }
    this.#emitEnded(builder);
  }

  /** Handles a timer of the key. The session has ended, or its timer must be set again. */
  #look(timer: KeyTimer, slot: number): void {
    const { time, slot: key } = timer;
    const { table, ends, timers } = this.#sessions;
    const due = this.#dueOf(ends[slot]!);
    if (due <= time) {
      this.#ended.push(slot);
      this.#endedKeys.push(key);
    } else if (timers[slot]! <= time) {
      table.touch(slot);
      timers[slot] = due;
      this.#timers.add(due, 'exact', table, key, timer.sequence);
    }
  }

  /**
   * Emits the sessions that have ended at `#endedAt`, in the order in which they were opened. The
   * order of their timers would depend on the size of the batches, because a merged session has the
   * timer that fires first, and timers are set again between batches.
   */
  #emitEnded(builder: BatchBuilder): void {
    const ended = this.#ended;
    if (ended.length === 1) this.#emit(ended[0]!, this.#endedKeys[0]!, builder);
    else if (ended.length > 1) {
      const { table } = this.#sessions;
      const order = [...ended.keys()].sort((a, b) => table.sequenceOf(ended[a]!) - table.sequenceOf(ended[b]!));
      for (const i of order) this.#emit(ended[i]!, this.#endedKeys[i]!, builder);
    }
    ended.length = 0;
    this.#endedKeys.length = 0;
  }

  #emit(slot: number, key: number, builder: BatchBuilder): void {
    const { table, ends } = this.#sessions;
    // A merged session may have two timers at its end.
    if (!table.exists(slot)) return;
    const end = ends[slot]!;
    this.#content.emit(table, key, slot, { start: table.placeOf(slot), end, due: this.#dueOf(end) }, builder);
    table.remove(slot);
  }
}
