import { type Batch, MAX_WATERMARK, MIN_WATERMARK } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { WindowTime } from '../../../plan/window-spec.ts';
import type { Operator, OperatorContext, Output } from '../../operator.ts';
import { RowMarkCursor } from '../../operator-kit/row-mark-cursor.ts';
import { runSteps, type Steps, waitFor } from '../../operator-kit/steps.ts';
import { KeyTimers } from '../../timers/key-timers.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import { OpenSessions, TIMERS_TABLE } from './open-sessions.ts';
import type { SessionContent } from './session-content.ts';

/** A bucket of timers is this fraction of the gap. */
const BUCKETS = 16;
/** The row is late. */
const LATE = -1;

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
 * Sessions are emitted by their end, then in the order in which their timers were set.
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
  readonly #cursor = new RowMarkCursor();
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
    this.#timers = new KeyTimers(state, { operator, table: TIMERS_TABLE }, timerBucketMs(options.gapMs));
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
    return runSteps(this.#batchSteps(batch, this.#builder(out)));
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

  *#batchSteps(batch: Batch, builder: BatchBuilder): Steps {
    const now = this.#byClock && batch.selected > 0 ? this.#context.clock.now() : null;
    const last = batch.lastWatermark(this.#watermark);
    // Windows on processing time ignore watermarks except the end of the input.
    const passed = now === null ? this.#watermark : now - 1;
    const until = this.#byClock && last !== MAX_WATERMARK ? passed : Math.max(this.#watermark, last);
    this.#makeRoom(batch.selected);
    yield* waitFor(this.#sessions.table.lookup(batch, this.#options.key, this.#keys));
    if (this.#content.begin !== undefined) yield* this.#content.begin(batch, this.#keys);
    yield* this.#findDue(until);
    this.#sessions.fetchColumns();
    if (now !== null) this.#fire(passed, builder);
    const cursor = this.#cursor;
    for (cursor.begin(batch, this.#watermark); cursor.next(this.#byClock ? MAX_WATERMARK : this.#timers.nextDue); ) {
      this.#assign(now, until);
      this.#addRows(batch);
      cursor.passMarks(builder);
      if (!cursor.reached) {
        if (!this.#byClock) this.#watermark = cursor.watermark;
        continue;
      }
      this.#fire(cursor.watermark, builder);
      builder.mark(cursor.watermark);
    }
    this.#timers.finish();
    builder.flush();
  }

  /** Loads the sessions of the keys whose timers are due by then. */
  *#findDue(until: number): Steps {
    yield* waitFor(this.#timers.prepare(until));
    const { due } = this.#timers;
    if (due.length === 0) return;
    if (this.#dueKeys.length < due.length) this.#dueKeys = new Int32Array(due.length * 2);
    yield* waitFor(this.#sessions.table.lookupEncoded(due, this.#dueKeys));
    if (this.#content.beginDue !== undefined) yield* this.#content.beginDue(due, this.#dueKeys);
    for (let i = 0; i < due.length; i++) due[i]!.slot = this.#dueKeys[i]!;
    this.#sessions.fetchColumns();
  }

  #makeRoom(rows: number): void {
    if (this.#keys.length >= rows) return;
    this.#keys = new Int32Array(rows);
    this.#rows = new Int32Array(rows);
    this.#slots = new Int32Array(rows);
    this.#rowKeys = new Int32Array(rows);
  }

  /**
   * Finds or creates the sessions for the rows of the cursor's stretch. If the session of a row is
   * due before all others, the stretch ends after this row, and the cursor searches for the next
   * mark again.
   */
  #assign(now: number | null, until: number): void {
    const cursor = this.#cursor;
    const { batch, from, to } = cursor;
    const times = batch.columns[this.#options.time.column];
    const numbers = times?.kind === 'number' && times.nulls === null ? times.values : null;
    for (let i = from; i < to; i++) {
      const row = cursor.rowAt(i);
      const instant = now ?? (numbers !== null ? numbers[row]! : (times!.get(row) as number | null));
      if (instant === null) continue;
      const { nextDue } = this.#timers;
      const key = this.#keys[i]!;
      const slot = this.#sessionOf(key, row, this.#zone.toLocal(instant), until);
      if (slot === LATE) {
        this.#lateRows++;
        continue;
      }
      this.#rows[this.#count] = row;
      this.#slots[this.#count] = slot;
      this.#rowKeys[this.#count++] = key;
      if (this.#timers.nextDue < nextDue) {
        cursor.cutBefore(i + 1);
        return;
      }
    }
  }

  /** Returns the session of a row. The session includes the row's span. */
  #sessionOf(key: number, row: number, time: number, until: number): number {
    const sessions = this.#sessions;
    const end = time + this.#options.gapMs;
    const slot = sessions.firstTouched(key, time, end);
    let merged = end;
    let touched = 0;
    for (let each = slot; each >= 0; each = sessions.nextTouched(each, end)) {
      if (sessions.ends[each]! > merged) merged = sessions.ends[each]!;
      touched++;
    }
    if (this.#isLate(row, merged, until)) return LATE;
    if (touched === 0) {
      const due = this.#dueOf(end);
      const opened = sessions.open(key, time, end, due);
      this.#timers.add(due, 'exact', sessions.table, key);
      return opened;
    }
    if (touched === 1 && time >= sessions.table.placeOf(slot)) {
      sessions.table.touch(slot);
      sessions.ends[slot] = merged;
      return slot;
    }
    // Add the pending rows first, because their sessions may be merged or moved.
    this.#addRows(this.#cursor.batch);
    return sessions.widen(key, slot, time, end, merged);
  }

  /** Session ends are local times. The watermark is an instant. */
  #dueOf(end: number): number {
    return this.#zone.timerInstant(end - 1);
  }

  /** Whether a session with this end is over when the row arrives. */
  #isLate(row: number, end: number, until: number): boolean {
    const due = this.#dueOf(end);
    if (due > until) return false;
    return due <= (this.#byClock ? this.#watermark : this.#cursor.watermarkAt(row));
  }

  #addRows(batch: Batch): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.#content.addRows(batch, { rows: this.#rows, count }, this.#sessions.table, this.#slots, this.#rowKeys);
  }

  /** Ends the sessions whose timers are due at a watermark. */
  #fire(watermark: number, builder: BatchBuilder): void {
    this.#watermark = watermark;
    const { table } = this.#sessions;
    for (let timer = this.#timers.fire(watermark); timer !== null; timer = this.#timers.fire(watermark)) {
      const key = timer.slot;
      for (let slot = table.first(key); slot >= 0; ) {
        const next = table.next(slot);
        this.#look(key, slot, timer.time, builder);
        slot = next;
      }
    }
  }

  /** Handles a timer of the key. The session has ended, or its timer must be set again. */
  #look(key: number, slot: number, time: number, builder: BatchBuilder): void {
    const { table, ends, timers } = this.#sessions;
    const end = ends[slot]!;
    const due = this.#dueOf(end);
    if (due <= time) {
      this.#content.emit(table, key, slot, { start: table.placeOf(slot), end, due }, builder);
      table.remove(slot);
    } else if (timers[slot]! <= time) {
      table.touch(slot);
      timers[slot] = due;
      this.#timers.add(due, 'exact', table, key);
    }
  }
}
