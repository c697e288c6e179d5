import { type Batch, MIN_WATERMARK } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { WindowTime } from '../../../plan/plan-node.ts';
import type { KeyedTable, Segment, StateColumn, TimedTable } from '../../state/state-store.ts';
import { assignSession, type Session, type SessionCells, sessionsCodec } from '../../windows/sessions.ts';
import { type WindowZone, windowZone } from '../../windows/window-zone.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';

/** Timers stand in buckets of this many milliseconds; what is due within a bucket is looked at exactly. */
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
 * SESSION windows: a session comes out when the watermark reaches its end - 1 ms. A late row that touches an open session is merged into it, else dropped (recorded:
 * `session-late`).
 *
 * State: per key its open sessions with their content, and a timer per session in a timed table. A timer is set once and set again only when it fires
 * before the session's end, so rows that extend a session cost no timer.
 */
export class SessionOperator implements Operator {
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
  #lateRows = 0;

  constructor(options: SessionOptions, inputFields: readonly Field[], context: OperatorContext) {
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
    const builder = new BatchBuilder(
      this.#options.fields.map((f) => f.type),
      this.#context.batchRows,
      (b) => out.emit(b),
    );
    let mark = 0;
    for (let i = 0; i <= selected; i++) {
      const row = i === selected ? batch.size : selection === null ? i : selection[i]!;
      for (; marks !== null && mark < marks.count && marks.positions[mark]! <= row; mark++) {
        this.#watermark = marks.values[mark]!;
        if (this.#watermark >= this.#nextFire) await this.#fire(builder);
        builder.mark(this.#watermark);
      }
      if (i < selected) {
        const wait = this.#addRow(batch, row, slots[i]!, add);
        if (wait) await wait;
      }
    }
    builder.flush();
  }

  #addRow(
    batch: Batch,
    row: number,
    slot: number,
    add: (cells: SessionCells, row: number) => void,
  ): void | Promise<void> {
    const instant = batch.columns[this.#options.time.column]!.get(row) as number | null;
    if (instant === null) return;
    const time = this.#zone.toLocal(instant);
    const column = this.#sessions.columns[0] as unknown[];
    if (this.#sessions.exists(slot)) this.#sessions.touch(slot);
    const sessions = (column[slot] as Session[] | null) ?? [];
    const assigned = assignSession(sessions, time, this.#options.gapMs, this.#watermark, this.#content.columns);
    if (assigned === null) {
      this.#lateRows++;
      return;
    }
    this.#sessions.touch(slot);
    column[slot] = sessions;
    const { session, swallowed } = assigned;
    for (const s of swallowed) this.#content.merge(session.cells, s.cells);
    add(session.cells, row);
    if (session.timer !== session.timer) return this.#setTimer(session, this.#sessions.keyOf(slot));
  }

  #setTimer(session: Session, key: readonly unknown[]): void | Promise<void> {
    const due = this.#zone.timerInstant(session.end - 1);
    session.timer = Math.floor(due / BUCKET_MS) * BUCKET_MS;
    if (due < this.#nextFire) this.#nextFire = due;
    const segment = this.#timers.segment(session.timer);
    const wait = segment.lookupKeys([key], this.#timerSlot);
    if (wait) return wait.then(() => segment.touch(this.#timerSlot[0]!));
    segment.touch(this.#timerSlot[0]!);
  }

  /** Ends the sessions that the watermark has reached, in the order (end, arrival of the timer). */
  async #fire(builder: BatchBuilder): Promise<void> {
    const watermark = this.#watermark;
    let next = Number.POSITIVE_INFINITY;
    let segment: Segment | undefined = this.#timers.due(watermark)[0];
    while (segment !== undefined) {
      const time: number = segment.time;
      await segment.load();
      const keys = Array.from(segment.slots(), segment.keyOf.bind(segment));
      const slots = new Int32Array(keys.length);
      await this.#sessions.lookupKeys(keys, slots);
      const over: { session: Session; key: readonly unknown[]; order: number }[] = [];
      const later: { session: Session; key: readonly unknown[] }[] = [];
      for (let i = 0; i < keys.length; i++) {
        if (!this.#sessions.exists(slots[i]!)) continue;
        const column = this.#sessions.columns[0] as unknown[];
        const mine = (column[slots[i]!] as Session[]).filter((s) => s.timer === time);
        for (const session of mine) {
          if (this.#zone.timerInstant(session.end - 1) <= watermark) over.push({ session, key: keys[i]!, order: i });
          else later.push({ session, key: keys[i]! });
        }
        const ended = new Set(over.map((o) => o.session));
        if (!mine.some((s) => ended.has(s))) continue;
        this.#sessions.touch(slots[i]!);
        const left = (column[slots[i]!] as Session[]).filter((s) => !ended.has(s));
        column[slots[i]!] = left;
        if (left.length === 0) this.#sessions.remove(slots[i]!);
      }
      over.sort((a, b) => a.session.end - b.session.end || a.order - b.order);
      for (const { session, key } of over) this.#content.emit(session, key, this.#zone, builder);
      this.#timers.drop(segment);
      for (const { session, key } of later) {
        await this.#setTimer(session, key);
        next = Math.min(next, this.#zone.timerInstant(session.end - 1));
      }
      segment = this.#timers.due(watermark).find((s) => s.time > time);
    }
    this.#nextFire = Math.min(next, this.#timers.firstTime);
  }
}
