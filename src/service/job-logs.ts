import type { Clock } from '../core/clock.ts';
import type { ServiceLog } from './service-log.ts';

/** A message about a job. */
export interface JobLogEntry {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export interface JobLog {
  /** The latest messages, oldest first. */
  readonly entries: readonly JobLogEntry[];
  /** The number of earlier messages that are no longer kept. */
  readonly dropped: number;
}

/** These limits bound the memory: messages per job, characters per message, jobs with messages. */
const MOST_ENTRIES = 200;
const MOST_CHARACTERS = 2000;
const MOST_JOBS = 1000;

interface Kept {
  readonly entries: JobLogEntry[];
  dropped: number;
}

/**
 * Passes messages on to the log of the service, and keeps the latest messages about each job in
 * memory. A message is about a job if its fields have `job`.
 */
export class JobLogs implements ServiceLog {
  readonly #log: ServiceLog;
  readonly #clock: Clock;
  /** By the id of the job. The job whose latest message is the oldest comes first. */
  readonly #kept = new Map<string, Kept>();

  constructor(log: ServiceLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  info(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.#keep('info', fields, message);
    this.#log.info(fields, message);
  }

  warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.#keep('warn', fields, message);
    this.#log.warn(fields, message);
  }

  error(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.#keep('error', fields, message);
    this.#log.error(fields, message);
  }

  of(job: string): JobLog {
    return this.#kept.get(job) ?? { entries: [], dropped: 0 };
  }

  forget(job: string): void {
    this.#kept.delete(job);
  }

  #keep(level: JobLogEntry['level'], { job, ...fields }: Readonly<Record<string, unknown>>, message: string): void {
    if (typeof job !== 'string') return;
    const kept = this.#kept.get(job) ?? { entries: [], dropped: 0 };
    this.#kept.delete(job);
    this.#kept.set(job, kept);
    const details = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
    const text = `${message.split('\n', 1)[0]!}${details.join('')}`;
    kept.entries.push({ at: this.#clock.now(), level, message: text.slice(0, MOST_CHARACTERS) });
    if (kept.entries.length > MOST_ENTRIES) {
      kept.entries.shift();
      kept.dropped++;
    }
    if (this.#kept.size > MOST_JOBS) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
