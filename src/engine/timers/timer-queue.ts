/**
 * Timers in memory, in the order in which they fire: by time, then by a number that decides between
 * equal times. On event time or on processing time: the caller says how far time has come.
 */
export class TimerQueue<Timer> {
  /** The last to fire first, so that the next ones leave from the end. */
  readonly #entries: { readonly time: number; readonly order: number; readonly timer: Timer }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** When the next fires; +Infinity when there is none. */
  get first(): number {
    const { length } = this.#entries;
    return length === 0 ? Number.POSITIVE_INFINITY : this.#entries[length - 1]!.time;
  }

  add(time: number, order: number, timer: Timer): void {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle]!;
      if (entry.time > time || (entry.time === time && entry.order > order)) low = middle + 1;
      else high = middle;
    }
    entries.splice(low, 0, { time, order, timer });
  }

  /** Takes out the next that is due at `time`; undefined when none is. */
  take(time: number): Timer | undefined {
    return this.first <= time ? this.#entries.pop()?.timer : undefined;
  }
}
