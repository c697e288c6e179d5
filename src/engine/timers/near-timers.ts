import type { KeyTimer } from './timer-chunk.ts';
import type { TimerColumns } from './timer-columns.ts';
import { isBefore, type QueuedTimer, TimerQueue } from './timer-queue.ts';

/** The timers of a bucket in the order in which they fire. It has the time of its next timer. */
class SortedTimers implements QueuedTimer {
  readonly columns: TimerColumns;
  readonly bytes: Buffer;
  readonly #order: Int32Array;
  #next = 0;

  constructor(columns: TimerColumns, bytes: Buffer) {
    this.columns = columns;
    this.bytes = bytes;
    this.#order = columns.order();
  }

  get isEmpty(): boolean {
    return this.#next === this.#order.length;
  }
  get time(): number {
    return this.columns.times[this.#order[this.#next]!]!;
  }
  get sequence(): number {
    return this.columns.sequences[this.#order[this.#next]!]!;
  }

  /** Removes the next timer. Returns its position in the columns. */
  take(): number {
    return this.#order[this.#next++]!;
  }
}

/**
 * The timers of the buckets that are almost due. A bucket that is in memory is sorted once. Other
 * timers are in a queue.
 */
export class NearTimers {
  readonly #queue = new TimerQueue<KeyTimer>();
  #sorted: SortedTimers[] = [];
  /** Returns the current version of a slot. Null: no bucket is sorted. */
  readonly #versionOf: ((slot: number) => number) | null;

  constructor(versionOf: ((slot: number) => number) | null) {
    this.#versionOf = versionOf;
  }

  /** The time of the next timer; +Infinity if there is none. */
  get first(): number {
    return Math.min(this.#queue.first, ...this.#sorted.map(({ time }) => time));
  }

  add(timer: KeyTimer): void {
    this.#queue.add(timer);
  }

  /** Adds the timers of a bucket. `bytes` contains their keys. */
  addAll(columns: TimerColumns, bytes: Buffer): void {
    if (columns.count > 0) this.#sorted.push(new SortedTimers(columns, bytes));
  }

  /** Removes and returns the next timer that is due at `time`; undefined if there is none. */
  take(time: number): KeyTimer | undefined {
    let first: SortedTimers | null = null;
    for (const sorted of this.#sorted) if (first === null || isBefore(sorted, first)) first = sorted;
    const queued = this.#queue.peek();
    if (first === null || (queued !== undefined && isBefore(queued, first))) return this.#queue.take(time);
    return first.time <= time ? this.#takeFrom(first) : undefined;
  }

  #takeFrom(sorted: SortedTimers): KeyTimer {
    const { time, sequence, columns, bytes } = sorted;
    const at = sorted.take();
    if (sorted.isEmpty) this.#sorted = this.#sorted.filter((each) => each !== sorted);
    const slot = columns.slots[at]!;
    return {
      time,
      sequence,
      kind: 'exact',
      bytes,
      from: columns.starts[at]!,
      to: columns.ends[at]!,
      slot: this.#versionOf!(slot) === columns.versions[at] ? slot : -1,
    };
  }
}
