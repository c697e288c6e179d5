/** A queue orders timers by the time, then by the sequence. */
export interface QueuedTimer {
  readonly time: number;
  readonly sequence: number;
}

/**
 * Timers in memory, in the order in which they fire: by time, then by sequence. They can be on
 * event time or on processing time, because the caller passes the current time. The queue is a
 * binary heap.
 */
export class TimerQueue<Timer extends QueuedTimer> {
  readonly #heap: Timer[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The time of the next timer; +Infinity if there is none. */
  get first(): number {
    return this.#heap.length === 0 ? Number.POSITIVE_INFINITY : this.#heap[0]!.time;
  }

  /** Returns the next timer; undefined if there is none. */
  peek(): Timer | undefined {
    return this.#heap[0];
  }

  add(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** Removes and returns the next timer that is due at `time`; undefined if there is none. */
  take(time: number): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.time > time) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** Replaces the first timer and moves the new one down to its position. */
  #sink(timer: Timer): void {
    const heap = this.#heap;
    const { length } = heap;
    let at = 0;
    for (let child = 1; child < length; child = at * 2 + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, timer)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = timer;
  }
}

export const isBefore = (a: QueuedTimer, b: QueuedTimer): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
