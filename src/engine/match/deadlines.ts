import { type DataType, timestamp } from '../../core/data-type.ts';
import type { StateStore, TimedTable } from '../state/state-store.ts';

/**
 * `exact`: something may come out at this very time. `cleanup`: from about this time on the key's state may be empty; nothing comes out.
 */
export type DeadlineKind = 'exact' | 'cleanup';

export interface Deadline {
  readonly time: number;
  readonly kind: DeadlineKind;
  /** The partition's values. */
  readonly key: readonly unknown[];
  /** Slot of the key's state; -1 until it has been looked up. Good for one batch. */
  slot: number;
}

const EXACT = 1;

/**
 * Times at which keys are to be looked at although no row of theirs comes. One time-ordered table for all keys, so that a key that is never seen again is
 * cleaned up like any other: an entry is (partition, time) in a bucket of times. When a bucket comes near, its entries are taken into a sorted list; they stay in the
 * table until the whole bucket is over, so that a restore finds them.
 */
export class Deadlines {
  readonly #table: TimedTable;
  readonly #bucketMs: number;
  /** Deadlines of the buckets that have been taken up and that are not yet due, ascending. */
  #near: Deadline[] = [];
  #nearEnd = Number.NEGATIVE_INFINITY;
  /** Due in the batch at hand, ascending; `#next` is the first not yet fired. */
  #due: Deadline[] = [];
  #next = 0;
  #watermark = Number.NEGATIVE_INFINITY;
  #added: Deadline[] = [];

  constructor(
    store: StateStore,
    table: { readonly operator: number; readonly table: number },
    partition: readonly DataType[],
    bucketMs: number,
  ) {
    this.#bucketMs = bucketMs;
    this.#table = store.timedTable({
      ...table,
      name: 'deadlines',
      key: [...partition, timestamp(3)],
      columns: [{ kind: 'number' }],
    });
  }

  /** No deadline is due before this time. */
  get firstTime(): number {
    return Math.min(this.#near[0]?.time ?? Number.POSITIVE_INFINITY, Math.max(this.#nearEnd, this.#table.firstTime));
  }

  /** After a restore: what is due up to here has been fired. */
  startAfter(watermark: number): void {
    this.#watermark = watermark;
  }

  /** Takes up what is due until the batch's last watermark; nothing to do in the usual case. */
  prepare(until: number): void | Promise<void> {
    this.#due = [];
    this.#next = 0;
    if (this.#table.firstTime <= until && this.#nearEnd <= until) {
      const buckets = this.#table.due(until).filter((bucket) => bucket.time >= this.#nearEnd);
      const loading = buckets.map((bucket) => bucket.load()).filter((promise) => promise !== undefined);
      if (loading.length > 0) return Promise.all(loading).then(() => this.#takeUp(until));
    }
    this.#takeUp(until);
  }

  #takeUp(until: number): void {
    if (this.#nearEnd <= until) {
      for (const bucket of this.#table.due(until)) {
        if (bucket.time < this.#nearEnd) continue;
        const kinds = bucket.columns[0] as Float64Array;
        for (const slot of bucket.slots()) {
          const values = bucket.keyOf(slot);
          const time = values[values.length - 1] as number;
          if (time <= this.#watermark) continue;
          const kind = kinds[slot] === EXACT ? 'exact' : 'cleanup';
          this.#near.push({ time, kind, key: values.slice(0, -1), slot: -1 });
        }
      }
      this.#nearEnd = this.#bucketOf(until) + this.#bucketMs;
      this.#near.sort((a, b) => a.time - b.time);
    }
    let due = 0;
    while (due < this.#near.length && this.#near[due]!.time <= until) due++;
    if (due > 0) this.#due = this.#near.splice(0, due);
    this.#watermark = until;
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#bucketMs) * this.#bucketMs;
  }

  /** Those due in the batch at hand whose state has to be looked up. */
  get due(): readonly Deadline[] {
    return this.#due;
  }

  /** The next that is due at a watermark, in order of (time, order of registration). */
  fire(watermark: number): Deadline | null {
    const next = this.#due[this.#next];
    if (next === undefined || next.time > watermark) return null;
    this.#next++;
    return next;
  }

  /** Registers a deadline while a batch is being processed. `slot` is that of the key's state. */
  add(time: number, kind: DeadlineKind, key: readonly unknown[], slot: number): void {
    const deadline: Deadline = { time, kind, key, slot };
    if (time <= this.#watermark) insert(this.#due, deadline, this.#next);
    else this.#added.push(deadline);
  }

  /** Writes what was registered and is still to come, and drops the buckets that are over. */
  finish(): void | Promise<void> {
    this.#due = [];
    this.#next = 0;
    if (this.#table.firstTime + this.#bucketMs <= this.#watermark) {
      for (const bucket of this.#table.due(this.#watermark - this.#bucketMs)) this.#table.drop(bucket);
    }
    if (this.#watermark === Number.POSITIVE_INFINITY) {
      for (const bucket of this.#table.due(this.#watermark)) this.#table.drop(bucket);
    }
    if (this.#added.length === 0) return;
    const added = this.#added;
    this.#added = [];
    const buckets = new Map<number, Deadline[]>();
    for (const deadline of added) {
      const bucket = this.#bucketOf(deadline.time);
      const list = buckets.get(bucket);
      if (list === undefined) buckets.set(bucket, [deadline]);
      else list.push(deadline);
      if (bucket < this.#nearEnd) insert(this.#near, { ...deadline, slot: -1 }, 0);
    }
    const writing: Promise<void>[] = [];
    for (const [time, deadlines] of buckets) {
      const promise = this.#write(time, deadlines);
      if (promise !== undefined) writing.push(promise);
    }
    if (writing.length > 0) return Promise.all(writing).then(() => {});
  }

  #write(time: number, deadlines: readonly Deadline[]): void | Promise<void> {
    const bucket = this.#table.segment(time);
    const slots = new Int32Array(deadlines.length);
    const reading = bucket.lookupKeys(
      deadlines.map((deadline) => [...deadline.key, deadline.time]),
      slots,
    );
    const mark = (): void => {
      deadlines.forEach((deadline, i) => {
        bucket.touch(slots[i]!);
        if (deadline.kind === 'exact') (bucket.columns[0] as Float64Array)[slots[i]!] = EXACT;
      });
    };
    if (reading !== undefined) return reading.then(mark);
    mark();
  }

  count(): Promise<number> {
    return this.#table.count();
  }
}

/** Puts a deadline behind those of its time, not before position `from`. */
function insert(list: Deadline[], deadline: Deadline, from: number): void {
  let at = list.length;
  while (at > from && list[at - 1]!.time > deadline.time) at--;
  list.splice(at, 0, deadline);
}
