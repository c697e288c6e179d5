import { Batch } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { compileScalar } from '../expressions/compile-scalar.ts';
import type { ScalarExpression } from '../expressions/evaluate.ts';
import { type Deadline, Deadlines } from '../match/deadlines.ts';
import { columnsIn, columnsKeptFor } from '../match/expression-columns.ts';
import { BatchRow, type MatchBinding, matchResolver, rowReader } from '../match/match-binding.ts';
import { MatchOutput } from '../match/match-output.ts';
import { matchStateCodec } from '../match/match-state-codec.ts';
import type { FoundMatches, Matcher } from '../match/matcher.ts';
import { compileNfa } from '../match/nfa-compiler.ts';
import { NfaMatcher } from '../match/nfa-matcher.ts';
import type { KeptRow, MatchKeyState, PathNode } from '../match/partial-match.ts';
import { RowConditions } from '../match/row-conditions.ts';
import { RowSorter, type SortedRows } from '../match/row-sorter.ts';
import type { KeyedTable } from '../state/state-store.ts';
import { driveSteps, waitFor } from './drive-steps.ts';
import type { Operator, OperatorContext, Output } from './operator.ts';

/** Bounds are looked after in steps of a fraction of theirs, where nothing comes out at the very time. */
const CLEANUP_STEPS = 8;
const DEADLINE_BUCKETS = 32;
/** Where only the gaps of loops bound a partial match. */
const DEFAULT_BOUND_MS = 60_000;

const NO_ROWS = new Batch(0, []);

interface Snapshot {
  /** As text: it may be infinite. */
  readonly watermark: string;
  readonly arrivals: number;
  readonly lateRows: number;
  readonly matches: number;
  readonly partialMatches: number;
  readonly timedOut: number;
}

/**
 * MATCH_RECOGNIZE.
 *
 *     rows ─► late? ─► sorter ─► per key, in order of time: matcher ─► matches ─► measures
 *                         ▲                                   ▲
 *                     watermark                    deadlines (WITHIN, absence)
 *
 * State: the sorter's rows until the watermark passes them; per partition the partial matches and the rows they keep; deadlines, one table for all
 * partitions. A partition without partial matches has no state; with WITHIN none is left once the watermark has passed the last bound.
 *
 * Order: per watermark first the rows up to it, by (time, ORDER BY, arrival), each followed by its matches; then what the watermark itself frees, in the order in which
 * the partitions were seen, then by deadline. Within a partition this is Flink's order: time is advanced to each row before the row, and to the watermark at the end.
 */
export class MatchOperator implements Operator, FoundMatches {
  readonly #node: MatchNode;
  readonly #context: OperatorContext;
  readonly #eventTime: boolean;
  readonly #matcher: Matcher;
  readonly #hasPending: boolean;
  readonly #sorter: RowSorter;
  readonly #states: KeyedTable;
  readonly #deadlines: Deadlines;
  readonly #cleanupStepMs: number;
  readonly #current = new BatchRow();
  readonly #conditions: RowConditions;
  readonly #measures: readonly ScalarExpression<MatchBinding>[];
  readonly #result: MatchBinding = { path: null, current: null, variable: -1, time: 0 };
  readonly #output: MatchOutput;

  #watermark = Number.NEGATIVE_INFINITY;
  #lateRows = 0;
  #matches = 0;
  #partialMatches = 0;
  #timedOut = 0;

  // Of the call under way.
  #out!: Output;
  #slots = new Int32Array(0);
  #deadlineSlots = new Int32Array(0);
  #direct = new Int32Array(0);
  #directTimes = new Float64Array(0);
  #directCount = 0;
  #values: unknown[] = [];
  /** Slots of the keys that had rows since the last watermark, where the watermark can free something. */
  #touched: number[] = [];
  /** Of these, where a row after the epoch started a partial match since the last watermark. */
  readonly #started = new Set<number>();
  #rowStarted = false;
  #emptied: number[] = [];
  /** Where the partition's values of a match come from: a row of the batch, otherwise the key of a slot. */
  #keyBatch: Batch | null = null;
  #keyRow = 0;
  #keySlot = 0;

  constructor(node: MatchNode, input: readonly Field[], context: OperatorContext) {
    this.#node = node;
    this.#context = context;
    this.#eventTime = node.time.time === 'rowtime';
    const defined = node.define.map(({ variable }) => variable);
    const nfa = compileNfa(node.pattern, defined, { bounded: node.within !== null });
    this.#hasPending = nfa.hasPending;
    const matcher = new NfaMatcher(nfa, node.within, node.skip);
    this.#matcher = matcher;

    const conditions = node.define.map(({ condition }) => condition);
    const kept = distinct([...conditions.flatMap(columnsKeptFor), ...node.measures.flatMap(columnsIn)]);
    const order = node.order.map(({ column }) => column);
    const read = distinct([...kept, ...conditions.flatMap(columnsIn), ...node.partition, ...order]);
    const partition = node.partition.map((column) => input[column]!.type);
    const { operator, state, environment } = context;
    this.#sorter = new RowSorter(state, { operator, table: 0 }, input, read, node.order);
    this.#states = state.keyedTable({
      operator,
      table: 1,
      name: 'matches',
      key: partition,
      columns: [
        {
          kind: 'value',
          codec: matchStateCodec(
            nfa,
            () => matcher.newState(),
            kept.map((column) => input[column]!.type),
          ),
        },
      ],
    });
    const boundMs = node.within?.ms ?? DEFAULT_BOUND_MS;
    this.#cleanupStepMs = Math.max(1, Math.ceil(boundMs / CLEANUP_STEPS));
    this.#deadlines = new Deadlines(
      state,
      { operator, table: 2 },
      partition,
      Math.max(1, Math.ceil(boundMs / DEADLINE_BUCKETS)),
    );

    const keptAt = new Int32Array(input.length);
    kept.forEach((column, place) => {
      keptAt[column] = place;
    });
    const rows = rowReader(keptAt);
    const resolver = matchResolver(nfa.variables, rows, environment);
    this.#conditions = new RowConditions(nfa.variables, node.define, kept, this.#current, resolver, environment);
    this.#measures = node.measures.map((measure) =>
      compileScalar<MatchBinding>(measure, (binding, column) => rows(binding.path!.row, column), environment, resolver),
    );
    this.#output = new MatchOutput(node.fields, context.batchRows);
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    this.#out = out;
    return driveSteps(this.#steps(batch));
  }

  /** Fires the bounds that the clock has passed; a pattern on event time has nothing to do with the clock. */
  onProcessingTime(now: number, out: Output): void | Promise<void> {
    if (this.#eventTime || this.#deadlines.firstTime >= now) return;
    this.#out = out;
    return driveSteps(this.#steps(NO_ROWS));
  }

  /** Yields where state has to be read first. */
  *#steps(batch: Batch): Generator<Promise<void>, void> {
    const now = this.#context.clock.now();
    const until = this.#eventTime ? batch.lastWatermark(this.#watermark) : now - 1;
    let rows: SortedRows;
    if (this.#eventTime) {
      this.#takeIn(batch, until);
      yield* waitFor(this.#sorter.load(until));
      rows = this.#sorter.release(until, batch, this.#direct, this.#directTimes, this.#directCount);
    } else {
      rows = this.#inProcessingTime(batch, now);
    }
    yield* waitFor(this.#deadlines.prepare(until));
    if (this.#slots.length < rows.count) this.#slots = new Int32Array(Math.max(rows.count, 1024));
    if (rows.count > 0) {
      yield* waitFor(this.#states.lookup(rows.batch, this.#node.partition, this.#slots, rows.rows, rows.count));
    }
    yield* this.#lookupDeadlines();

    this.#values = this.#states.columns[0] as unknown[];
    this.#conditions.begin(rows.batch, rows.rows, rows.count);
    if (this.#eventTime) this.#runEventTime(rows, batch);
    else this.#runProcessingTime(rows, batch, now);
    this.#conditions.end();
    this.#removeEmptied();
    this.#watermark = batch.lastWatermark(this.#watermark);
    yield* waitFor(this.#deadlines.finish());
    this.#keyBatch = null;
    this.#output.flush(this.#out);
  }

  // --- rows in ------------------------------------------------------------------------------------------------------------------

  /** Drops late rows, puts by what has to wait, and lists what is due by the end of the batch. */
  #takeIn(batch: Batch, until: number): void {
    const { selection, selected, marks } = batch;
    if (this.#direct.length < selected) {
      this.#direct = new Int32Array(Math.max(selected, 1024));
      this.#directTimes = new Float64Array(this.#direct.length);
    }
    const times = batch.columns[this.#node.time.column]!;
    let watermark = this.#watermark;
    let mark = 0;
    let direct = 0;
    let begun = false;
    for (let k = 0; k < selected; k++) {
      const row = selection === null ? k : selection[k]!;
      while (marks !== null && mark < marks.count && marks.positions[mark]! <= row) watermark = marks.values[mark++]!;
      const time = times.get(row) as number;
      if (time <= watermark) {
        this.#lateRows++;
      } else if (time <= until) {
        this.#direct[direct] = row;
        this.#directTimes[direct++] = time;
      } else {
        if (!begun) this.#sorter.beginAdding(spacing(batch, this.#node.time.column));
        begun = true;
        this.#sorter.add(batch, row, time);
      }
    }
    this.#directCount = direct;
  }

  /** All rows of the batch have the clock's time; ORDER BY columns after it order them. */
  #inProcessingTime(batch: Batch, now: number): SortedRows {
    const { selection, selected } = batch;
    const direct = new Int32Array(selected);
    for (let k = 0; k < selected; k++) direct[k] = selection === null ? k : selection[k]!;
    const times = new Float64Array(selected).fill(now);
    return this.#sorter.release(Number.NEGATIVE_INFINITY, batch, direct, times, selected);
  }

  *#lookupDeadlines(): Generator<Promise<void>, void> {
    const { due } = this.#deadlines;
    if (due.length === 0) return;
    if (this.#deadlineSlots.length < due.length) this.#deadlineSlots = new Int32Array(due.length * 2);
    yield* waitFor(
      this.#states.lookupKeys(
        due.map((deadline) => deadline.key),
        this.#deadlineSlots,
      ),
    );
    for (let i = 0; i < due.length; i++) due[i]!.slot = this.#deadlineSlots[i]!;
  }

  // --- matching -----------------------------------------------------------------------------------------------------------------

  #runEventTime(rows: SortedRows, batch: Batch): void {
    const { marks } = batch;
    let k = 0;
    for (let mark = 0; marks !== null && mark < marks.count; mark++) {
      const watermark = marks.values[mark]!;
      while (k < rows.count && rows.times[k]! <= watermark) this.#row(rows, k++);
      if (this.#touched.length > 0) this.#advanceTouched(watermark);
      for (let due = this.#deadlines.fire(watermark); due !== null; due = this.#deadlines.fire(watermark)) {
        this.#fire(due, watermark);
      }
      this.#output.mark(watermark);
    }
  }

  #runProcessingTime(rows: SortedRows, batch: Batch, now: number): void {
    for (let due = this.#deadlines.fire(now); due !== null; due = this.#deadlines.fire(now)) this.#fire(due, now);
    for (let k = 0; k < rows.count; k++) this.#row(rows, k);
    if (this.#touched.length > 0) this.#advanceTouched(now);
    const { marks } = batch;
    for (let mark = 0; marks !== null && mark < marks.count; mark++) this.#output.mark(marks.values[mark]!);
  }

  #row(rows: SortedRows, k: number): void {
    const row = rows.rows === null ? k : rows.rows[k]!;
    const time = rows.times[k]!;
    const slot = this.#slots[k]!;
    this.#conditions.at(row, time);
    let state = this.#values[slot] as MatchKeyState | null;
    if (state === null && !this.#matcher.canStart(this.#conditions)) return;
    this.#keyBatch = rows.batch;
    this.#keyRow = row;
    this.#states.touch(slot);
    if (state === null) {
      state = this.#matcher.newState();
      this.#values[slot] = state;
    }
    const before = state.partial.length;
    this.#result.time = time;
    this.#rowStarted = false;
    this.#matcher.advanceTime(state, time, this);
    this.#matcher.advance(state, this.#conditions, this);
    this.#partialMatches += state.partial.length - before;
    if (this.#matcher.isEmpty(state)) this.#empty(slot);
    else if (this.#matcher.nextDeadline(state) !== Number.POSITIVE_INFINITY) {
      this.#touched.push(slot);
      if (isBeforeTimers(state)) this.#setTimerBesideEpoch(slot, time);
    }
  }

  /** What the watermark itself frees in the keys that had rows, and when to look at them again. */
  #advanceTouched(time: number): void {
    for (const slot of this.#touched) {
      const state = this.#values[slot] as MatchKeyState | null;
      if (state === null) continue;
      this.#advanceKey(slot, state, time);
      this.#schedule(slot, state, time);
    }
    this.#touched.length = 0;
    this.#started.clear();
  }

  #fire(deadline: Deadline, time: number): void {
    const state = this.#values[deadline.slot] as MatchKeyState | null;
    if (state === null) return;
    // A held-back match whose blocker has no timer stays, as in Flink, until something else wakes the key.
    if (deadline.kind === 'exact' || this.#hasPending || state.completed.length === 0) {
      this.#advanceKey(deadline.slot, state, time);
    }
    this.#schedule(deadline.slot, this.#values[deadline.slot] as MatchKeyState | null, time);
  }

  #advanceKey(slot: number, state: MatchKeyState, time: number): void {
    if (time < this.#matcher.nextDeadline(state)) return;
    this.#keyBatch = null;
    this.#keySlot = slot;
    this.#states.touch(slot);
    const before = state.partial.length;
    if (time !== Number.POSITIVE_INFINITY) this.#advanceTo(state, time);
    else {
      // The end of the input is no time of its own: time passes from bound to bound until nothing is left to wait for.
      for (let next = this.#matcher.nextDeadline(state); next < time; next = this.#matcher.nextDeadline(state)) {
        this.#advanceTo(state, next);
      }
    }
    this.#partialMatches += state.partial.length - before;
    if (this.#matcher.isEmpty(state)) this.#empty(slot);
  }

  #advanceTo(state: MatchKeyState, time: number): void {
    this.#result.time = time;
    this.#matcher.advanceTime(state, time, this);
  }

  /**
   * Sees to it that the key is looked at in time: at the very time of its next bound where something may come out then, otherwise some time
   * after it, to drop its state. One entry of each kind is enough, since firing it comes here again.
   */
  #schedule(slot: number, state: MatchKeyState | null, now: number): void {
    if (state === null) return;
    const next = this.#matcher.nextDeadline(state);
    if (next === Number.POSITIVE_INFINITY) return;
    const held = state.completed.length > 0;
    if (held && !this.#hasPending && isBeforeTimers(state)) return;
    if (held || this.#hasPending) {
      if (state.exactDeadline > now && state.exactDeadline <= next) return;
      this.#states.touch(slot);
      state.exactDeadline = next;
      this.#deadlines.add(next, 'exact', this.#states.keyOf(slot), slot);
    } else if (state.cleanupDeadline <= now) {
      this.#states.touch(slot);
      state.cleanupDeadline = (Math.floor(Math.max(next, now) / this.#cleanupStepMs) + 1) * this.#cleanupStepMs;
      this.#deadlines.add(state.cleanupDeadline, 'cleanup', this.#states.keyOf(slot), slot);
    }
  }

  /**
   * Flink sets no timer for a partial match that starts at the epoch or before: it is noticed to be over only when another timer of its key
   * fires. While there is one, the timers that Flink does set are set here: the bound after each row since a start in the same watermark.
   */
  #setTimerBesideEpoch(slot: number, time: number): void {
    if (this.#rowStarted) this.#started.add(slot);
    const { within } = this.#node;
    if (within === null || !this.#started.has(slot)) return;
    this.#deadlines.add(time + within.ms, 'exact', this.#states.keyOf(slot), slot);
  }

  #empty(slot: number): void {
    this.#values[slot] = null;
    this.#emptied.push(slot);
  }

  /** A slot goes back only now: a later row of the batch may have needed it. */
  #removeEmptied(): void {
    for (const slot of this.#emptied) if (this.#values[slot] === null) this.#states.remove(slot);
    this.#emptied = [];
  }

  // --- matches out --------------------------------------------------------------------------------------------------------------

  match(path: PathNode): void {
    this.#matches++;
    const batch = this.#keyBatch;
    const row: unknown[] =
      batch === null
        ? [...this.#states.keyOf(this.#keySlot)]
        : this.#node.partition.map((column) => batch.columns[column]!.get(this.#keyRow));
    this.#result.path = path;
    for (const measure of this.#measures) row.push(measure(this.#result));
    this.#result.path = null;
    this.#output.row(row, this.#out);
  }

  timeout(): void {
    this.#timedOut++;
  }

  started(row: KeptRow): void {
    if (row.time > 0) this.#rowStarted = true;
  }

  // --- the operator's own -------------------------------------------------------------------------------------------------------

  snapshot(): Snapshot {
    return {
      watermark: String(this.#watermark),
      arrivals: this.#sorter.arrivals,
      lateRows: this.#lateRows,
      matches: this.#matches,
      partialMatches: this.#partialMatches,
      timedOut: this.#timedOut,
    };
  }

  restore(snapshot: unknown): void {
    const from = snapshot as Snapshot;
    this.#watermark = Number(from.watermark);
    this.#deadlines.startAfter(this.#watermark);
    this.#sorter.arrivals = from.arrivals;
    this.#lateRows = from.lateRows;
    this.#matches = from.matches;
    this.#partialMatches = from.partialMatches;
    this.#timedOut = from.timedOut;
  }

  metrics(): Readonly<Record<string, number>> {
    return {
      lateRows: this.#lateRows,
      matches: this.#matches,
      partialMatches: this.#partialMatches,
      timedOut: this.#timedOut,
    };
  }
}

/** Whether the partial match that holds the others back began at the epoch or before. */
function isBeforeTimers(state: MatchKeyState): boolean {
  const first = state.partial[0]?.start;
  return first !== null && first !== undefined && first.time <= 0;
}

/** Milliseconds from one row of the batch to the next, roughly. */
function spacing(batch: Batch, column: number): number {
  const times = batch.columns[column]!;
  return Math.abs((times.get(batch.size - 1) as number) - (times.get(0) as number)) / batch.size;
}

function distinct(columns: readonly number[]): number[] {
  return [...new Set(columns)].sort((a, b) => a - b);
}
