import type { StateWrite } from '../../state/state-backend.ts';
import type { TimerKind } from '../../timers/timer-chunk.ts';
import { TimerWrites } from '../../timers/timer-writes.ts';
import { TIMERS_TABLE } from '../pattern-shape.ts';

/** Writes the new timers of a pattern. */
export class CarriedTimers {
  readonly #writes: TimerWrites;
  readonly #after: number;
  /** Timers that are already due. They are written last, in the order of their times. */
  readonly #overdue: { time: number; kind: TimerKind; key: Buffer; from: number }[] = [];

  /** Timers that are due at `after` or earlier fire with the next watermark. */
  constructor(operator: number, bucketMs: number, after: number) {
    this.#writes = new TimerWrites({ operator, table: TIMERS_TABLE }, bucketMs);
    this.#after = after;
  }

  /** Returns the sequence of the next timer. */
  get sequence(): number {
    return this.#writes.sequence;
  }

  add(time: number, kind: TimerKind, key: Buffer, from: number): void {
    if (time > this.#after) this.#writes.add(time, kind, key, from);
    else this.#overdue.push({ time, kind, key, from });
  }

  /** Returns the full chunks since the last call. */
  take(): StateWrite[] {
    return this.#writes.take();
  }

  /** Returns the remaining chunks. */
  finish(): StateWrite[] {
    for (const { kind, key, from } of this.#overdue.sort((a, b) => a.time - b.time)) {
      this.#writes.add(this.#after + 1, kind, key, from);
    }
    return this.#writes.finish();
  }
}
