import type { Clock } from '../core/clock.ts';
import { type RecentRowQuery, selectRows } from './recent-row-query.ts';
import type { RecentRow, RecentRowList } from './service-api.ts';

const KEPT_PER_SINK = 200;
/** The sink that wrote least recently is forgotten. This bounds the rows of removed jobs. */
const SINKS_MAX = 5000;

/**
 * The latest output rows of each sink of each job. A job with many rows replaces only its own rows.
 * Sequence numbers grow across restarts of the service, because they begin with the time.
 */
export class RecentRows {
  readonly #clock: Clock;
  /** By job and sink. The sink that wrote least recently is first. */
  readonly #sinks = new Map<string, RecentRow[]>();
  #next: number;
  #latest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#next = clock.now() * 1000;
  }

  add(job: string, sink: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const at = this.#clock.now();
    const key = JSON.stringify([job, sink]);
    let rows = this.#sinks.get(key) ?? [];
    for (const line of lines) rows.push({ sequence: this.#next++, at, job, sink, line });
    this.#latest = this.#next - 1;
    if (rows.length > KEPT_PER_SINK * 2) rows = rows.slice(-KEPT_PER_SINK);
    this.#sinks.delete(key);
    this.#sinks.set(key, rows);
    if (this.#sinks.size > SINKS_MAX) this.#sinks.delete(this.#sinks.keys().next().value!);
  }

  /** Forgets the rows of a deleted job. */
  forget(job: string): void {
    for (const [key, rows] of this.#sinks) if (rows[0]!.job === job) this.#sinks.delete(key);
  }

  select(query: RecentRowQuery): RecentRowList {
    const sinks = [...this.#sinks.values()].map((rows) => rows.slice(-KEPT_PER_SINK));
    return { latest: this.#latest, rows: selectRows(sinks, query) };
  }
}
