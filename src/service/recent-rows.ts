import type { Clock } from '../core/clock.ts';
import type { RecentRow } from './service-api.ts';

const KEPT = 200;

/**
 * The latest output rows of all jobs. Sequence numbers grow across restarts of the service, because
 * they begin with the time.
 */
export class RecentRows {
  readonly #clock: Clock;
  #rows: RecentRow[] = [];
  #next: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#next = clock.now() * 1000;
  }

  add(job: string, sink: string, lines: readonly string[]): void {
    const at = this.#clock.now();
    for (const line of lines) this.#rows.push({ sequence: this.#next++, at, job, sink, line });
    if (this.#rows.length > KEPT * 2) this.#rows = this.#rows.slice(-KEPT);
  }

  list(): readonly RecentRow[] {
    return this.#rows.slice(-KEPT);
  }
}
