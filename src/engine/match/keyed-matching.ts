import { invariant } from '../../core/invariant.ts';
import { type Steps, waitFor } from '../operator-kit/steps.ts';
import type { OperatorCounters } from '../operators/operator.ts';
import type { KeyedTable, LookupFilter, StateColumn } from '../state/state-store.ts';
import type { KeyTimers } from '../timers/key-timers.ts';
import type { KeyTimer } from '../timers/timer-chunk.ts';
import { KeySchedule, type ScheduleOptions } from './key-schedule.ts';
import { LimitGuard, type MatchLimits } from './match-limits.ts';
import type { MatchResults } from './match-results.ts';
import type { BatchCursor, FoundMatches, FoundRows, Matcher, StandardMatch } from './matcher.ts';
import { MatchingCounters, type MatchingSnapshot } from './matching-counters.ts';
import type { KeptRow, KeyRecord, PathNode } from './partial-match.ts';
import type { SortedRows } from './row-sorter.ts';
import { mayWake } from './sleep-note.ts';
import { SlotList } from './slot-list.ts';

/**
 * Keys cleaned up with each batch, beyond one for each of its rows: so cleaning up keeps pace with
 * what begins.
 */
const CLEANUPS_PER_BATCH = 1024;

/**
 * Of a key's state, where the matcher says what leaves it as it is: until when, and below what
 * (`Matcher.wakes`).
 */
export const SLEEP_COLUMNS: readonly StateColumn[] = [{ kind: 'number' }, { kind: 'number' }];

const NOTHING_DUE: readonly KeyTimer[] = [];

export interface MatchBounds extends ScheduleOptions {
  readonly showsTimeouts: boolean;
  /**
   * Once no match is held back, nothing can come out after the last row, and nothing stays: every
   * partial match has a bound, and no row ends the beginning of matches.
   */
  readonly endsQuietly: boolean;
  /**
   * MATCH_NUMBER() is asked for: a key's count of matches stays when it has no partial match left.
   */
  readonly numbersMatches: boolean;
  readonly limits: MatchLimits | null;
}

/** What the operator does with it, whichever the matcher. */
export type RunningMatching = Pick<
  KeyedMatching<KeyRecord, BatchCursor>,
  'begin' | 'rowsUpTo' | 'advanceTo' | 'end' | 'stateOf' | 'snapshot' | 'restore' | 'metrics'
>;

/**
 * The matcher over the keys of a stream: fetches and drops their states, advances their time with
 * their rows and with the watermark, and sees to it that a key is looked at when a bound of its
 * partial matches passes without another row.
 */
export class KeyedMatching<State extends KeyRecord, Row extends BatchCursor> implements FoundMatches, FoundRows {
  readonly #counters: MatchingCounters;
  readonly #matcher: Matcher<State, Row, FoundMatches & FoundRows>;
  readonly #states: KeyedTable;
  readonly #timers: KeyTimers;
  readonly #row: Row;
  readonly #results: MatchResults;
  readonly #partition: readonly number[];
  readonly #bounds: MatchBounds;
  readonly #schedule: KeySchedule<State>;
  readonly #announced: boolean;
  readonly #sleeps: boolean;
  /** By slot, where states sleep: until when, and below what. */
  #sleepsUntil: Float64Array = new Float64Array(0);
  #sleepsBelow: Float64Array = new Float64Array(0);
  /** The state at hand has changed. */
  #changed = false;
  readonly #limits: LimitGuard<State, Row, FoundMatches & FoundRows> | null;

  // Of the batch under way. The rows of a call, and the slot of each one's key.
  #rows: SortedRows | null = null;
  #slots = new Int32Array(0);
  /** Per row: 0 = it certainly begins no match. */
  #mayStart = new Uint8Array(0);
  /** Per row: what it could move (`Matcher.wakes`). */
  #wake = new Float64Array(0);
  /**
   * The rows that have something to do: those whose key has a slot. `#nextLive` is the first not
   * yet offered.
   */
  #live = new Int32Array(0);
  #liveCount = 0;
  #nextLive = 0;
  readonly #filter: LookupFilter = {
    needsAbsent: (i) => this.#mayStart[i] !== 0,
    needsStored: (i, note) => !this.#sleeps || mayWake(this.#wake[i]!, note),
  };
  #timerSlots = new Int32Array(0);
  /** States by slot. */
  #values: unknown[] = [];
  #emptied: number[] = [];
  /** Keys to be cleaned up with this batch, and the time it reaches. */
  #cleanups: readonly KeyTimer[] = NOTHING_DUE;
  #until = 0;
  /**
   * Slots of the keys that had rows since the last watermark, where the watermark can free
   * something.
   */
  readonly #touched = new SlotList();
  /** A row after the epoch started a partial match. */
  #rowStarted = false;
  /**
   * What is being processed: the time, the key's slot, and the physical row, -1 when time alone
   * does it.
   */
  #time = 0;
  #slot = 0;
  #physical = -1;

  constructor(
    matcher: Matcher<State, Row, FoundMatches & FoundRows>,
    states: KeyedTable,
    timers: KeyTimers,
    row: Row,
    results: MatchResults,
    partition: readonly number[],
    bounds: MatchBounds,
    sizeOf: (state: State) => number,
  ) {
    this.#matcher = matcher;
    this.#states = states;
    this.#timers = timers;
    this.#row = row;
    this.#results = results;
    this.#partition = partition;
    this.#bounds = bounds;
    this.#announced = matcher.announcesChanges === true;
    this.#sleeps = this.#announced && matcher.wakes !== undefined && bounds.limits === null;
    this.#limits = bounds.limits === null ? null : new LimitGuard(bounds.limits, matcher, sizeOf);
    this.#counters = new MatchingCounters(matcher.open, this.#limits);
    this.#schedule = new KeySchedule(matcher, states, timers, bounds);
  }

  /**
   * Fetches what the rows and the deadlines up to `until` need; yields where it has to be read
   * first.
   */
  *begin(rows: SortedRows, until: number): Steps {
    yield* waitFor(this.#timers.prepare(until));
    const { count } = rows;
    this.#row.begin(rows.batch, rows.rows, count);
    if (count > 0) {
      if (this.#slots.length < count) {
        this.#slots = new Int32Array(Math.max(count, 1024));
        this.#live = new Int32Array(this.#slots.length);
        this.#mayStart = new Uint8Array(this.#slots.length).fill(1);
        this.#wake = new Float64Array(this.#slots.length);
      }
      this.#matcher.mayStart?.(this.#row, this.#mayStart, count);
      if (this.#sleeps) this.#matcher.wakes!(this.#row, this.#wake, count);
      yield* waitFor(this.#states.lookup(rows.batch, this.#partition, this.#slots, rows.rows, count, this.#filter));
    }
    let live = 0;
    for (let k = 0; k < count; k++) if (this.#slots[k]! >= 0) this.#live[live++] = k;
    this.#liveCount = live;
    this.#nextLive = 0;
    yield* this.#findSlots(this.#timers.due);
    this.#cleanups = this.#timers.takeOverdue(count + CLEANUPS_PER_BATCH);
    yield* this.#findSlots(this.#cleanups);
    this.#until = until;
    this.#rows = rows;
    this.#fetchColumns();
  }

  /** After each lookup: the table's arrays are replaced when they grow. */
  #fetchColumns(): void {
    this.#values = this.#states.columns[0] as unknown[];
    if (!this.#sleeps) return;
    this.#sleepsUntil = this.#states.columns[1] as Float64Array;
    this.#sleepsBelow = this.#states.columns[2] as Float64Array;
  }

  *#findSlots(due: readonly KeyTimer[]): Steps {
    if (due.length === 0) return;
    if (this.#timerSlots.length < due.length) this.#timerSlots = new Int32Array(due.length * 2);
    yield* waitFor(this.#states.lookupEncoded(due, this.#timerSlots));
    for (let i = 0; i < due.length; i++) due[i]!.slot = this.#timerSlots[i]!;
  }

  /** Offers the rows up to a time, that have not been, to the partial matches of their keys. */
  rowsUpTo(time: number): void {
    const { times } = this.#rows!;
    while (this.#nextLive < this.#liveCount) {
      const k = this.#live[this.#nextLive]!;
      const at = times[k]!;
      if (at > time) return;
      this.#nextLive++;
      const slot = this.#slots[k]!;
      // Nothing of the state need be looked at.
      if (this.#mayStart[k] === 0 && at < this.#sleepsUntil[slot]! && this.#wake[k]! < this.#sleepsBelow[slot]!) {
        if (time >= this.#sleepsUntil[slot]!) this.#touched.add(slot);
      } else this.#offer(k);
    }
  }

  /** The k-th row. */
  #offer(k: number): void {
    const { rows, times } = this.#rows!;
    const row = rows === null ? k : rows[k]!;
    const time = times[k]!;
    const slot = this.#slots[k]!;
    let state = this.#values[slot] as State | null;
    if (state === null && this.#mayStart[k] === 0) return;
    this.#row.at(row, time);
    if (state === null && !this.#matcher.canStart(this.#row)) return;
    const fresh = state === null;
    if (fresh || !this.#announced) this.#states.touch(slot);
    if (state === null) {
      state = this.#matcher.newState();
      this.#values[slot] = state;
    }
    this.#time = time;
    this.#slot = slot;
    this.#physical = row;
    this.#rowStarted = false;
    this.#changed = false;
    const before = this.#matcher.openIn(state);
    this.#limits?.before(state, fresh);
    this.#matcher.advanceTime(state, time, this);
    this.#matcher.advance(state, this.#row, this);
    this.#limits?.after(state, () => this.#key(), this);
    this.#counters.partialMatches += this.#matcher.openIn(state) - before;
    if (this.#isDone(state)) {
      this.#empty(slot, state);
      return;
    }
    if (fresh || this.#changed) this.#sleep(slot, state);
    if (this.#matcher.nextDeadline(state) !== Number.POSITIVE_INFINITY) {
      this.#touched.add(slot);
      if (this.#matcher.beganAtEpoch(state)) this.#schedule.besideEpoch(slot, time, this.#rowStarted);
    }
  }

  /**
   * What the watermark, or the clock, itself frees: in the keys that had rows since the last one,
   * then where a deadline has passed.
   */
  advanceTo(time: number): void {
    const touched = this.#touched;
    if (touched.count === 0 && this.#timers.nextDue > time) return;
    for (let i = 0; i < touched.count; i++) {
      this.#advanceKey(touched.slots[i]!, time);
      this.#lookAgain(touched.slots[i]!, time);
    }
    touched.clear();
    this.#schedule.watermark();
    for (let due = this.#timers.fire(time); due !== null; due = this.#timers.fire(time)) this.#fire(due, time);
  }

  /**
   * Writes deadlines and gives back the slots of keys without partial matches; only now, since a
   * later row of the batch may have needed one.
   */
  *end(): Steps {
    this.#cleanUp();
    if (this.#until === Number.POSITIVE_INFINITY && this.#endsQuietly()) yield* this.#dropAll();
    // After the last row all have to go.
    while (this.#until === Number.POSITIVE_INFINITY) {
      this.#cleanups = this.#timers.takeOverdue(CLEANUPS_PER_BATCH * 4);
      if (this.#cleanups.length === 0) break;
      yield* waitFor(this.#states.relieve());
      yield* this.#findSlots(this.#cleanups);
      this.#fetchColumns();
      this.#cleanUp();
    }
    this.#row.end();
    this.#rows = null;
    this.#liveCount = 0;
    this.#timers.finish();
  }

  #endsQuietly(): boolean {
    const { endsQuietly, numbersMatches } = this.#bounds;
    return endsQuietly && !numbersMatches && this.#limits === null && this.#matcher.open?.held === 0;
  }

  /** What is left of all keys is over: it need not be read to be removed. */
  *#dropAll(): Steps {
    yield* waitFor(this.#states.clear());
    this.#timers.dropOverdue();
    this.#counters.timedOut += this.#counters.partialMatches;
    this.#counters.partialMatches = 0;
    this.#matcher.open!.clear();
  }

  #cleanUp(): void {
    for (const timer of this.#cleanups) this.#fire(timer, this.#until);
    this.#cleanups = NOTHING_DUE;
    for (const slot of this.#emptied) if (this.#values[slot] === null) this.#states.remove(slot);
    if (this.#emptied.length > 0) this.#emptied = [];
  }

  /** The state of a key between batches, not to be changed; null: it has none. */
  async stateOf(key: readonly unknown[]): Promise<State | null> {
    const slots = new Int32Array(1);
    await this.#states.lookupKeys([key], slots);
    const state = (this.#states.columns[0] as unknown[])[slots[0]!] as State | null;
    // The lookup has made an entry for a key that is not there.
    if (state === null) this.#states.remove(slots[0]!);
    return state;
  }

  snapshot(): MatchingSnapshot {
    return this.#counters.snapshot();
  }

  restore(from: MatchingSnapshot): void {
    this.#counters.restore(from);
  }

  metrics(): OperatorCounters {
    return this.#counters.metrics();
  }

  /** Nothing is left to remember of the key. */
  #isDone(state: State): boolean {
    return this.#matcher.isEmpty(state) && state.matches === 0;
  }

  #empty(slot: number, state: State): void {
    this.#limits?.gone(state);
    this.#values[slot] = null;
    if (this.#sleeps) this.#sleepsUntil[slot] = Number.NEGATIVE_INFINITY;
    this.#emptied.push(slot);
  }

  #fire(timer: KeyTimer, time: number): void {
    const state = this.#values[timer.slot] as State | null;
    if (state === null) return;
    // A held-back match whose blocker has no timer stays, as in Flink, until something else wakes
    // the key.
    if (timer.kind === 'exact' || this.#bounds.hasPending || !this.#matcher.holdsBack(state)) {
      this.#advanceKey(timer.slot, time);
    }
    this.#lookAgain(timer.slot, time);
  }

  #advanceKey(slot: number, time: number): void {
    const state = this.#values[slot] as State | null;
    if (state === null || time < this.#matcher.nextDeadline(state)) return;
    this.#slot = slot;
    this.#physical = -1;
    if (!this.#announced) this.#states.touch(slot);
    const before = this.#matcher.openIn(state);
    this.#limits?.before(state, false);
    if (time !== Number.POSITIVE_INFINITY) this.#advanceState(state, time);
    else {
      // The end of the input is no time of its own: time passes from bound to bound until nothing
      // is left to wait for.
      for (let next = this.#matcher.nextDeadline(state); next < time; next = this.#matcher.nextDeadline(state)) {
        this.#advanceState(state, next);
      }
    }
    this.#limits?.after(state, () => this.#key(), this);
    this.#counters.partialMatches += this.#matcher.openIn(state) - before;
    if (this.#isDone(state)) this.#empty(slot, state);
    else this.#sleep(slot, state);
  }

  /** Notes which rows, up to when, leave the state as it is. */
  #sleep(slot: number, state: State): void {
    if (!this.#sleeps) return;
    // A key whose earliest start has no timer is looked at with every row.
    const awake = this.#matcher.beganAtEpoch(state);
    this.#sleepsUntil[slot] = awake ? Number.NEGATIVE_INFINITY : this.#matcher.nextDeadline(state);
    this.#sleepsBelow[slot] = awake ? Number.NEGATIVE_INFINITY : this.#matcher.wakesAt!(state, this.#row);
  }

  #advanceState(state: State, time: number): void {
    this.#time = time;
    this.#matcher.advanceTime(state, time, this);
  }

  /** Sees to it that the key is looked at when its next bound passes. */
  #lookAgain(slot: number, now: number): void {
    const state = this.#values[slot] as State | null;
    if (state !== null) this.#schedule.schedule(slot, state, now);
  }

  changes(): void {
    this.#changed = true;
    this.#states.touch(this.#slot);
  }

  match(path: PathNode): void {
    if (this.#limits !== null && !this.#limits.mayMatch(this.#key())) return;
    this.#counters.matches++;
    const state = this.#values[this.#slot] as State;
    const number = this.#bounds.numbersMatches ? ++state.matches : null;
    this.#results.match(path, this.#time, this.#key(), number);
  }

  /** The partition's values of the key at hand. */
  #key(): readonly unknown[] {
    if (this.#physical < 0) return this.#states.keyOf(this.#slot);
    invariant(this.#rows !== null, 'a match is found while its batch is being processed');
    const { columns } = this.#rows.batch;
    return this.#partition.map((column) => columns[column]!.get(this.#physical));
  }

  standardMatch(match: StandardMatch): void {
    if (this.#limits !== null && !this.#limits.mayMatch(this.#key())) return;
    this.#counters.matches++;
    this.#results.standardMatch(match, this.#time, this.#key());
  }

  unmatched(row: KeptRow): void {
    this.#results.unmatched(row, this.#key());
  }

  timeout(path: PathNode, time: number): void {
    this.#counters.timedOut++;
    if (this.#bounds.showsTimeouts) this.#results.timeout(path, time, this.#key());
  }

  started(row: KeptRow): void {
    if (row.time > 0) this.#rowStarted = true;
  }
}
