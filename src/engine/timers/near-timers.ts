import type { KeyTimer } from './timer-chunk.ts';
import type { TimerColumns } from './timer-columns.ts';
import { TimerQueue } from './timer-queue.ts';

/** Timers of a bucket, sorted. `next` is the first that has not been taken. */
interface SortedTimers {
  readonly columns: TimerColumns;
  readonly bytes: Buffer;
  readonly order: Int32Array;
  next: number;
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
    let { first } = this.#queue;
    for (const { columns, order, next } of this.#sorted) first = Math.min(first, columns.times[order[next]!]!);
    return first;
  }

  add(timer: KeyTimer): void {
    this.#queue.add(timer);
  }

  /** Adds the timers of a bucket. `bytes` contains their keys. */
  addAll(columns: TimerColumns, bytes: Buffer): void {
    if (columns.count > 0) this.#sorted.push({ columns, bytes, order: columns.order(), next: 0 });
  }

  /** Removes and returns the next timer that is due at `time`; undefined if there is none. */
  take(time: number): KeyTimer | undefined {
    let from: SortedTimers | null = null;
    let first = Number.POSITIVE_INFINITY;
    let sequence = 0;
    for (const sorted of this.#sorted) {
      const { columns, order, next } = sorted;
      const at = order[next]!;
      const own = columns.times[at]!;
      if (own > time || own > first || (own === first && columns.sequences[at]! > sequence)) continue;
      from = sorted;
      first = own;
      sequence = columns.sequences[at]!;
    }
    const queued = this.#queue.peek();
    if (
      from === null ||
      (queued !== undefined && (queued.time < first || (queued.time === first && queued.sequence < sequence)))
    ) {
      return this.#queue.take(time);
    }
    return this.#takeSorted(from);
  }

  #takeSorted(sorted: SortedTimers): KeyTimer {
    const { columns, order, bytes } = sorted;
    const at = order[sorted.next++]!;
    if (sorted.next === order.length) this.#sorted = this.#sorted.filter((each) => each !== sorted);
    const slot = columns.slots[at]!;
    return {
      time: columns.times[at]!,
      sequence: columns.sequences[at]!,
      kind: 'exact',
      bytes,
      from: columns.starts[at]!,
      to: columns.ends[at]!,
      slot: this.#versionOf!(slot) === columns.versions[at] ? slot : -1,
    };
  }
}
