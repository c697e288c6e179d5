import { invariant } from '../../core/invariant.ts';
import type { OperatorCounters } from '../operator.ts';
import { type Steps, waitFor } from '../operator-kit/steps.ts';
import type { KeyedTable, LookupFilter } from '../state/state-store.ts';
import type { KeyTimers } from '../timers/key-timers.ts';
import type { KeyTimer } from '../timers/timer-chunk.ts';
import { KeySchedule, type ScheduleOptions } from './key-schedule.ts';
import { LimitGuard, type MatchLimits } from './match-limits.ts';
import type { MatchResults } from './match-results.ts';
import { MatchTimes } from './match-times.ts';
import type { BatchCursor, FoundMatches, FoundRows, Matcher, StandardMatch } from './matcher.ts';
import { MatchingCounters, type MatchingSnapshot } from './matching-counters.ts';
import type { KeptRow, KeyRecord, PathNode } from './partial-match.ts';
import type { SortedRows } from './row-sorter.ts';
import { SlotList } from './slot-list.ts';
import { StateGrowth } from './state-growth.ts';
import { mayChange } from './threshold-note.ts';

/**
 * Keys cleaned up with each batch, in addition to one for each row, so that the clean-up keeps pace
 * with new keys.
 */
const CLEANUPS_PER_BATCH = 1024;

const NOTHING_DUE: readonly KeyTimer[] = [];

export interface MatchBounds extends ScheduleOptions {
  /** False: on processing time. */
  readonly eventTime: boolean;
  readonly showsTimeouts: boolean;
  /**
   * If no match is held back, nothing is emitted after the last row and no state remains. Every
   * partial match has a bound, and no row stops further starts.
   */
  readonly endsQuietly: boolean;
  /**
   * MATCH_NUMBER() is used: a key's count of matches is kept when it has no partial match left.
   */
  readonly numbersMatches: boolean;
  readonly limits: MatchLimits | null;
}

/** The operator's interface to any matcher. */
export type RunningMatching = Pick<
  KeyedMatching<KeyRecord, BatchCursor>,
  'begin' | 'rowsUpTo' | 'advanceTo' | 'reach' | 'end' | 'stateOf' | 'snapshot' | 'restore' | 'metrics'
>;

/**
 * Runs the matcher over the keys of a stream: loads and drops their states, advances their time
 * with their rows and with the watermark, and sets timers for the bounds of their partial matches.
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
  readonly #hasThresholds: boolean;
  /** By slot: the time and the value below which rows do not change the state. */
  #unchangedUntil: Float64Array = new Float64Array(0);
  #unchangedBelow: Float64Array = new Float64Array(0);
  /** The current state has changed. */
  #changed = false;
  readonly #limits: LimitGuard<State, Row, FoundMatches & FoundRows> | null;
  readonly #growth: StateGrowth<State>;

  // The rows of the current call, and the slot of each row's key.
  #rows: SortedRows | null = null;
  #slots = new Int32Array(0);
  /** Per row: 0 = it cannot begin a match. */
  #mayStart = new Uint8Array(0);
  /** Per row: the value of `Matcher.rowNumbers`. */
  #rowNumbers = new Float64Array(0);
  /**
   * The relevant rows: those whose key has a slot. `#nextLive` is the first row not yet offered.
   */
  #live = new Int32Array(0);
  #liveCount = 0;
  #nextLive = 0;
  readonly #filter: LookupFilter = {
    needsAbsent: (i) => this.#mayStart[i] !== 0,
    needsStored: (i, note) => !this.#hasThresholds || mayChange(this.#rowNumbers[i]!, note),
  };
  #timerSlots = new Int32Array(0);
  /** States by slot. */
  #values: unknown[] = [];
  #emptied: number[] = [];
  /** The keys that are cleaned up with this batch, and the time that the batch reaches. */
  #cleanups: readonly KeyTimer[] = NOTHING_DUE;
  #until = 0;
  /**
   * Slots of the keys that had rows since the last watermark and for which the watermark may emit
   * matches.
   */
  readonly #touched = new SlotList();
  /** A row after 1970-01-01 started a partial match. */
  #rowStarted = false;
  /**
   * The current time, the key's slot, and the physical row; -1 when only time advances.
   */
  #time = 0;
  #slot = 0;
  #physical = -1;
  readonly #times: MatchTimes;

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
    this.#times = new MatchTimes(bounds.eventTime);
    this.#announced = matcher.announcesChanges === true;
    this.#hasThresholds = this.#announced && matcher.rowNumbers !== undefined && bounds.limits === null;
    this.#limits = bounds.limits === null ? null : new LimitGuard(bounds.limits, matcher, sizeOf);
    this.#counters = new MatchingCounters(matcher.open, this.#limits);
    this.#growth = new StateGrowth<State>((state) => matcher.nodesIn?.(state) ?? 0, states);
    this.#schedule = new KeySchedule(matcher, states, timers, bounds);
  }

  /**
   * Loads the states that the rows and the timers up to `until` need. Yields while they are read.
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
        this.#rowNumbers = new Float64Array(this.#slots.length);
      }
      this.#matcher.mayStart?.(this.#row, this.#mayStart, count);
      if (this.#hasThresholds) this.#matcher.rowNumbers!(this.#row, this.#rowNumbers, count);
      yield* waitFor(this.#states.lookup(rows.batch, this.#partition, this.#slots, rows.rows, count, this.#filter));
    }
    let live = 0;
    for (let k = 0; k < count; k++) if (this.#slots[k]! >= 0) this.#live[live++] = k;
    this.#liveCount = live;
    this.#nextLive = 0;
    yield* this.#findSlots(this.#timers.due);
    this.#cleanups = this.#timers.takeOverdue(Math.min(count + CLEANUPS_PER_BATCH, count + this.#states.lookupLimit));
    yield* this.#findSlots(this.#cleanups);
    this.#until = until;
    this.#rows = rows;
    this.#fetchColumns();
  }

  /** Called after each lookup, because the table's arrays are replaced when they grow. */
  #fetchColumns(): void {
    this.#values = this.#states.columns[0] as unknown[];
    if (!this.#hasThresholds) return;
    this.#unchangedUntil = this.#states.columns[1] as Float64Array;
    this.#unchangedBelow = this.#states.columns[2] as Float64Array;
  }

  *#findSlots(due: readonly KeyTimer[]): Steps {
    if (due.length === 0) return;
    if (this.#timerSlots.length < due.length) this.#timerSlots = new Int32Array(due.length * 2);
    yield* waitFor(this.#states.lookupEncoded(due, this.#timerSlots));
    for (let i = 0; i < due.length; i++) due[i]!.slot = this.#timerSlots[i]!;
  }

  /** Offers the pending rows up to a time to the partial matches of their keys. */
  rowsUpTo(time: number): void {
    const { times } = this.#rows!;
    while (this.#nextLive < this.#liveCount) {
      const k = this.#live[this.#nextLive]!;
      const at = times[k]!;
      if (at > time) return;
      this.#nextLive++;
      const slot = this.#slots[k]!;
      // The state need not be read.
      if (
        this.#mayStart[k] === 0 &&
        at < this.#unchangedUntil[slot]! &&
        this.#rowNumbers[k]! < this.#unchangedBelow[slot]!
      ) {
        if (time >= this.#unchangedUntil[slot]!) this.#touched.add(slot);
      } else this.#offer(k);
    }
  }

  /** Offers the k-th row. */
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
    const { keptBytes } = this.#row;
    this.#limits?.before(state, fresh);
    this.#matcher.advanceTime(state, time, this);
    this.#matcher.advance(state, this.#row, this);
    this.#growth.offered(state, slot, this.#row.keptBytes - keptBytes);
    this.#limits?.after(state, () => this.#key(), this);
    this.#counters.partialMatches += this.#matcher.openIn(state) - before;
    if (this.#isDone(state)) {
      this.#empty(slot, state);
      return;
    }
    if (fresh || this.#changed) this.#storeThresholds(slot, state);
    if (this.#matcher.nextDeadline(state) !== Number.POSITIVE_INFINITY) {
      this.#touched.add(slot);
      if (this.#matcher.beganAtTimeZero(state)) this.#schedule.setTimersForTimeZero(slot, time, this.#rowStarted);
    }
  }

  /**
   * Emits the matches that the watermark or the clock completes. Begins with the keys that had rows
   * since the last watermark, then processes the fired timers.
   */
  advanceTo(time: number): void {
    this.#advance(time);
    this.#times.reach(time);
  }

  /** Continues from a checkpoint at this watermark. */
  reach(watermark: number): void {
    this.#times.reach(watermark);
  }

  #advance(time: number): void {
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
   * Sets timers and releases the slots of keys without partial matches. This comes last, because a
   * later row of the batch may have needed a slot.
   */
  *end(): Steps {
    this.#cleanUp();
    this.#growth.batchEnded(this.#values);
    if (this.#until === Number.POSITIVE_INFINITY && this.#endsQuietly()) yield* this.#dropAll();
    // After the last row all keys are removed.
    while (this.#until === Number.POSITIVE_INFINITY) {
      this.#cleanups = this.#timers.takeOverdue(Math.min(CLEANUPS_PER_BATCH * 4, this.#states.lookupLimit));
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

  /** Removes the expired state of all keys without reading the state. */
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

  /**
   * Returns the state of a key between batches. The caller must not change the state. Null: the key
   * has no state.
   */
  async stateOf(key: readonly unknown[]): Promise<State | null> {
    const slots = new Int32Array(1);
    await this.#states.lookupKeys([key], slots);
    const state = (this.#states.columns[0] as unknown[])[slots[0]!] as State | null;
    // The lookup has created an entry for an absent key.
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

  /** Returns whether the key's state can be removed. */
  #isDone(state: State): boolean {
    return this.#matcher.isEmpty(state) && state.matches === 0;
  }

  #empty(slot: number, state: State): void {
    this.#limits?.gone(state);
    this.#values[slot] = null;
    if (this.#hasThresholds) this.#unchangedUntil[slot] = Number.NEGATIVE_INFINITY;
    this.#emptied.push(slot);
  }

  #fire(timer: KeyTimer, time: number): void {
    const state = this.#values[timer.slot] as State | null;
    if (state === null) return;
    // A held-back match whose blocker has no timer is kept, as in Flink, until the key is processed
    // again.
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
      // At the end of the input, time advances from bound to bound until no partial match is left.
      for (let next = this.#matcher.nextDeadline(state); next < time; next = this.#matcher.nextDeadline(state)) {
        this.#advanceState(state, next);
      }
    }
    this.#limits?.after(state, () => this.#key(), this);
    this.#counters.partialMatches += this.#matcher.openIn(state) - before;
    if (this.#isDone(state)) this.#empty(slot, state);
    else this.#storeThresholds(slot, state);
  }

  /** Stores the time up to which, and the value below which, rows do not change the state. */
  #storeThresholds(slot: number, state: State): void {
    if (!this.#hasThresholds) return;
    // A key whose earliest start has no timer is processed with every row.
    const changesAlways = this.#matcher.beganAtTimeZero(state);
    this.#unchangedUntil[slot] = changesAlways ? Number.NEGATIVE_INFINITY : this.#matcher.nextDeadline(state);
    this.#unchangedBelow[slot] = changesAlways
      ? Number.NEGATIVE_INFINITY
      : this.#matcher.changeThreshold!(state, this.#row);
  }

  #advanceState(state: State, time: number): void {
    this.#time = time;
    this.#matcher.advanceTime(state, time, this);
  }

  /** Sets a timer for the key's next bound. */
  #lookAgain(slot: number, now: number): void {
    const state = this.#values[slot] as State | null;
    if (state !== null) this.#schedule.schedule(slot, state, now);
  }

  changes(): void {
    this.#changed = true;
    this.#states.touch(this.#slot);
  }

  match(path: PathNode, bound?: number): void {
    if (this.#limits !== null && !this.#limits.mayMatch(this.#key())) return;
    this.#counters.matches++;
    const state = this.#values[this.#slot] as State;
    const number = this.#bounds.numbersMatches ? ++state.matches : null;
    this.#results.match(path, this.#times.ofMatch(this.#time, bound), this.#key(), number);
  }

  /** Returns the partition values of the current key. */
  #key(): readonly unknown[] {
    if (this.#physical < 0) return this.#states.keyOf(this.#slot);
    invariant(this.#rows !== null, 'a match is found while its batch is being processed');
    const { columns } = this.#rows.batch;
    return this.#partition.map((column) => columns[column]!.get(this.#physical));
  }

  standardMatch(match: StandardMatch): void {
    if (this.#limits !== null && !this.#limits.mayMatch(this.#key())) return;
    this.#counters.matches++;
    this.#results.standardMatch(match, this.#times.ofStandardMatch(this.#time, match), this.#key());
  }

  unmatched(row: KeptRow): void {
    this.#results.unmatched(row, this.#key());
  }

  timeout(path: PathNode, time: number): void {
    this.#counters.timedOut++;
    if (this.#bounds.showsTimeouts) this.#results.timeout(path, time, this.#key());
  }

  timedOut(count: number): void {
    this.#counters.timedOut += count;
  }

  started(row: KeptRow): void {
    if (row.time > 0) this.#rowStarted = true;
  }
}
