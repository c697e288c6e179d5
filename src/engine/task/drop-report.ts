import type { OperatorCounters } from '../operator.ts';

const EVERY_MS = 60_000;

/**
 * The total number of items that an operator dropped: rows that came late, or items beyond a limit.
 */
export interface Dropped {
  readonly operator: string;
  readonly counter: string;
  readonly total: number;
  /** The tables that the operator reads, also through other operators. */
  readonly tables: readonly string[];
}

/** An operator with its counters and the tables below it. */
export interface DropSource {
  readonly name: string;
  readonly tables: readonly string[];
  readonly counters: OperatorCounters;
}

/**
 * Reports once a minute, and at the end of the job, the drops since the last report. No drop is
 * silent, and many drops do not cause many log lines.
 */
export class DropReport {
  readonly #sources: () => readonly DropSource[];
  readonly #said = new Map<string, number>();
  #next = 0;

  /** The report uses the counters `lateRows` and those whose name begins with `dropped`. */
  constructor(sources: () => readonly DropSource[]) {
    this.#sources = sources;
  }

  /** Call this between batches. */
  due(now: number): readonly Dropped[] {
    if (now < this.#next) return [];
    this.#next = now + EVERY_MS;
    return this.changed();
  }

  /** Returns the drops since the last report. */
  changed(): readonly Dropped[] {
    const changed: Dropped[] = [];
    for (const { name, tables, counters } of this.#sources()) {
      for (const [counter, total] of Object.entries(counters)) {
        if (!(counter === LATE_ROWS || counter.startsWith('dropped')) || typeof total !== 'number') continue;
        const key = `${name} ${counter}`;
        if (total <= (this.#said.get(key) ?? 0)) continue;
        this.#said.set(key, total);
        changed.push({ operator: name, counter, total, tables });
      }
    }
    return changed;
  }
}

/** Returns the text of a report. */
export function droppedText({ operator, counter, total, tables }: Dropped): string {
  if (counter !== LATE_ROWS) return `${operator}: a limit has dropped ${total} ${WORDS[counter] ?? counter} so far`;
  const of = tables.map((table) => `\`${table}\``).join(', ');
  const rows = total === 1 ? '1 row' : `${total} rows`;
  const isOut = total === 1 ? 'is' : 'are';
  return `${operator}: ${rows} of ${of} came late so far, after the watermark had passed their time, and ${isOut} not in its result`;
}

const LATE_ROWS = 'lateRows';

const WORDS: Readonly<Record<string, string>> = {
  droppedPartialMatches: 'partial matches',
  droppedMatches: 'matches',
};
