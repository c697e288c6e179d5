import { type Batch, MAX_WATERMARK, MIN_WATERMARK } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { WindowTime } from '../../../plan/window-spec.ts';
import type { KeyedTable, Segment, StateColumn, TimedTable } from '../../state/state-store.ts';
import { assignSession, type Session, type SessionCells, sessionsCodec } from '../../windows/sessions.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';

/**
 * Timers stand in buckets of this many milliseconds; what is due within a bucket is looked at
 * exactly.
 */
const BUCKET_MS = 1000;

/** What is kept of a session's rows, and what comes out when it ends. */
export interface SessionContent {
  /** State columns of one session. */
  readonly columns: readonly StateColumn[];
  /** Binds a batch; the result adds one of its rows. */
  prepare(batch: Batch): (cells: SessionCells, row: number) => void;
  /** `from` was swallowed; its rows came later in time. */
  merge(into: SessionCells, from: SessionCells): void;
  emit(session: Session, key: readonly unknown[], zone: WindowZone, builder: BatchBuilder): void;
}

export interface SessionOptions {
  readonly gapMs: number;
  readonly time: WindowTime;
  /** Columns by which sessions are told apart. */
  readonly key: readonly number[];
  readonly fields: readonly Field[];
  readonly content: SessionContent;
}

/**
 * SESSION windows: a session comes out when the watermark reaches its end - 1 ms. A late row that
 * touches an open session is merged into it, else dropped (recorded: `session-late`).
 *
 * State: per key its open sessions with their content, and a timer per session in a timed table. A
 * timer is set once and set again only when it fires before the session's end, so rows that extend
 * a session cost no timer.
 */
export class SessionOperator implements Operator {
  readonly results?: 'at-marks';
  readonly #options: SessionOptions;
  readonly #content: SessionContent;
  readonly #zone: WindowZone;
  readonly #sessions: KeyedTable;
  readonly #timers: TimedTable;
  readonly #context: OperatorContext;
  #watermark = MIN_WATERMARK;
  /** No session ends before this watermark. */
  #nextFire = Number.POSITIVE_INFINITY;
  #slots = new Int32Array(0);
  readonly #timerSlot = new Int32Array(1);
  /**
   * The buckets up to this time are in `#due`; not part of the state, made again after a restore.
   */
  #loadedUpTo = Number.NEGATIVE_INFINITY;
  readonly #due = new DueKeys();
  #lateRows = 0;
  /** Session ends are local times, the watermark is an instant. */
  readonly #isOver = (end: number): boolean => this.#zone.timerInstant(end - 1) <= this.#watermark;

  constructor(options: SessionOptions, inputFields: readonly Field[], context: OperatorContext) {
    if (options.time.time === 'rowtime') this.results = 'at-marks';
    this.#options = options;
    this.#content = options.content;
    this.#context = context;
    this.#zone = windowZone(options.time.zone);
    const key = options.key.map((k) => inputFields[k]!.type);
    this.#sessions = context.state.keyedTable({
      operator: context.operator,
      table: 0,
      name: 'sessions',
      key,
      columns: [{ kind: 'value', codec: sessionsCodec(options.content.columns) }],
    });
    this.#timers = context.state.timedTable({
      operator: context.operator,
      table: 1,
      name: 'session timers',
      key,
      columns: [],
    });
  }

  snapshot(): unknown {
    return { watermark: Number.isFinite(this.#watermark) ? this.#watermark : null, lateRows: this.#lateRows };
  }

  restore(snapshot: unknown): void {
    const { watermark, lateRows } = snapshot as { watermark: number | null; lateRows: number };
    this.#watermark = watermark ?? MIN_WATERMARK;
    this.#lateRows = lateRows;
    this.#nextFire = this.#timers.firstTime;
  }

  metrics(): Readonly<Record<string, number>> {
    return { lateRows: this.#lateRows };
  }

  async onBatch(batch: Batch, _input: number, out: Output): Promise<void> {
    const { selection, selected, marks } = batch;
    if (this.#slots.length < selected) this.#slots = new Int32Array(selected);
    await this.#sessions.lookup(batch, this.#options.key, this.#slots);
    const slots = this.#slots;
    const add = this.#content.prepare(batch);
    const builder = this.#builder(out);
    const byClock = this.#options.time.time === 'proctime';
    const now = byClock && selected > 0 ? this.#context.clock.now() : null;
    if (now !== null) {
      this.#watermark = now - 1;
      if (this.#watermark >= this.#nextFire) await this.#fire(builder);
    }
    let mark = 0;
    for (let i = 0; i <= selected; i++) {
      const row = i === selected ? batch.size : selection === null ? i : selection[i]!;
      for (; marks !== null && mark < marks.count && marks.positions[mark]! <= row; mark++) {
        const watermark = marks.values[mark]!;
        // Event time says nothing to windows on the clock, but for the end of the input.
        if (!byClock || watermark === MAX_WATERMARK) {
          this.#watermark = watermark;
          if (watermark >= this.#nextFire) await this.#fire(builder);
        }
        builder.mark(watermark);
      }
      if (i < selected) {
        const wait = this.#addRow(batch, row, slots[i]!, add, now);
        if (wait) await wait;
      }
    }
    builder.flush();
  }

  /**
   * Processing time: a session is over 1 ms after its last, since rows of that very millisecond may
   * still come.
   */
  async onProcessingTime(now: number, out: Output): Promise<void> {
    if (this.#options.time.time !== 'proctime' || now - 1 < this.#nextFire) return;
    this.#watermark = now - 1;
    const builder = this.#builder(out);
    await this.#fire(builder);
    builder.flush();
  }

  #builder(out: Output): BatchBuilder {
    return new BatchBuilder(
      this.#options.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
  }

  #addRow(
    batch: Batch,
    row: number,
    slot: number,
    add: (cells: SessionCells, row: number) => void,
    now: number | null,
  ): void | Promise<void> {
    const instant = now ?? (batch.columns[this.#options.time.column]!.get(row) as number | null);
    if (instant === null) return;
    const time = this.#zone.toLocal(instant);
    const column = this.#sessions.columns[0] as unknown[];
    if (this.#sessions.exists(slot)) this.#sessions.touch(slot);
    const sessions = (column[slot] as Session[] | null) ?? [];
    const assigned = assignSession(sessions, time, this.#options.gapMs, this.#isOver, this.#content.columns);
    if (assigned === null) {
      this.#lateRows++;
      return;
    }
    this.#sessions.touch(slot);
    column[slot] = sessions;
    const { session, swallowed } = assigned;
    for (const s of swallowed) this.#content.merge(session.cells, s.cells);
    add(session.cells, row);
    if (assigned.fresh) return this.#setTimer(session, this.#sessions.keyOf(slot));
  }

  /**
   * A timer for the key in the bucket of the session's end; a session that is extended keeps the
   * earlier one.
   */
  #setTimer(session: Session, key: readonly unknown[]): void | Promise<void> {
    const due = this.#zone.timerInstant(session.end - 1);
    const bucket = Math.floor(due / BUCKET_MS) * BUCKET_MS;
    if (bucket <= this.#loadedUpTo) this.#due.push({ due, key });
    if (due < this.#nextFire) this.#nextFire = due;
    const segment = this.#timers.segment(bucket);
    const wait = segment.lookupKeys([key], this.#timerSlot);
    if (wait) return wait.then(() => segment.touch(this.#timerSlot[0]!));
    segment.touch(this.#timerSlot[0]!);
  }

  /** Ends the sessions that the watermark has reached, by end, then by arrival of the timer. */
  async #fire(builder: BatchBuilder): Promise<void> {
    const watermark = this.#watermark;
    for (;;) {
      const next = this.#timers.after(this.#loadedUpTo);
      // Bucket by bucket, so that at the end of the input not all keys that are left are due at
      // once.
      await this.#fireUpTo(Math.min(watermark, next === undefined ? watermark : next.time - 1), builder);
      if (next === undefined || next.time > watermark) break;
      await this.#loadBucket(next);
    }
    for (const segment of this.#timers.due(watermark - BUCKET_MS + 1)) this.#timers.drop(segment);
    const unloaded = this.#timers.after(this.#loadedUpTo)?.time;
    this.#nextFire = Math.min(this.#due.first, unloaded ?? Number.POSITIVE_INFINITY);
  }

  async #fireUpTo(time: number, builder: BatchBuilder): Promise<void> {
    for (let due = this.#due.take(time); due.length > 0; due = this.#due.take(time)) {
      const slots = new Int32Array(due.length);
      await this.#sessions.lookupKeys(
        due.map((d) => d.key),
        slots,
      );
      for (let i = 0; i < due.length; i++) {
        const wait = this.#fireKey(due[i]!.key, slots[i]!, builder);
        if (wait) await wait;
      }
    }
  }

  /**
   * The keys of a bucket that has come up: each has a session that ends in it, or did before it was
   * extended.
   */
  async #loadBucket(segment: Segment): Promise<void> {
    await segment.load();
    const keys = Array.from(segment.slots(), segment.keyOf.bind(segment));
    const slots = new Int32Array(keys.length);
    await this.#sessions.lookupKeys(keys, slots);
    this.#loadedUpTo = segment.time;
    for (let i = 0; i < keys.length; i++) {
      if (!this.#sessions.exists(slots[i]!)) continue;
      for (const session of (this.#sessions.columns[0] as Session[][])[slots[i]!]!) {
        const due = this.#zone.timerInstant(session.end - 1);
        if (due < segment.time + BUCKET_MS) this.#due.push({ due, key: keys[i]! });
        else {
          const wait = this.#setTimer(session, keys[i]!);
          if (wait) await wait;
        }
      }
    }
  }

  #fireKey(key: readonly unknown[], slot: number, builder: BatchBuilder): void | Promise<void> {
    if (!this.#sessions.exists(slot)) return;
    const column = this.#sessions.columns[0] as Session[][];
    const over = (session: Session): boolean => this.#isOver(session.end);
    const ended = column[slot]!.filter(over);
    if (ended.length > 0) {
      this.#sessions.touch(slot);
      const left = column[slot]!.filter((session) => !over(session));
      column[slot] = left;
      for (const session of ended) this.#content.emit(session, key, this.#zone, builder);
      if (left.length === 0) {
        this.#sessions.remove(slot);
        return;
      }
    }
    // Sessions ascend by time; a timer for the first brings the key up again, and then the others.
    return this.#setTimer(column[slot]![0]!, key);
  }
}

/** Keys whose sessions end soon, by time and then in the order in which they came. */
class DueKeys {
  /** Latest first, so that the next ones leave from the end. */
  #entries: { readonly due: number; readonly key: readonly unknown[] }[] = [];

  get first(): number {
    return this.#entries.length === 0 ? Number.POSITIVE_INFINITY : this.#entries[this.#entries.length - 1]!.due;
  }

  push(entry: { readonly due: number; readonly key: readonly unknown[] }): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.due > entry.due) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
  }

  /** Those due at or before `watermark`, earliest first. */
  take(watermark: number): readonly { readonly due: number; readonly key: readonly unknown[] }[] {
    let from = this.#entries.length;
    while (from > 0 && this.#entries[from - 1]!.due <= watermark) from--;
    return this.#entries.splice(from).reverse();
  }
}
