import type { OperatorCounters } from '../operator.ts';

const EVERY_MS = 60_000;

/** The total number of items that an operator dropped because of a limit. */
export interface Dropped {
  readonly operator: string;
  readonly counter: string;
  readonly total: number;
}

/**
 * Reports once a minute the drops since the last report. No drop is silent, and many drops do not
 * cause many log lines.
 */
export class DropReport {
  readonly #counters: () => readonly { readonly name: string; readonly counters: OperatorCounters }[];
  readonly #said = new Map<string, number>();
  #next = 0;

  /** `counters`: the report uses those whose name begins with `dropped`. */
  constructor(counters: () => readonly { readonly name: string; readonly counters: OperatorCounters }[]) {
    this.#counters = counters;
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
    for (const { name, counters } of this.#counters()) {
      for (const [counter, total] of Object.entries(counters)) {
        if (!counter.startsWith('dropped') || typeof total !== 'number') continue;
        const key = `${name} ${counter}`;
        if (total <= (this.#said.get(key) ?? 0)) continue;
        this.#said.set(key, total);
        changed.push({ operator: name, counter, total });
      }
    }
    return changed;
  }
}

/** Returns the text of a report. */
export const droppedText = ({ operator, counter, total }: Dropped): string =>
  `${operator}: a limit has dropped ${total} ${WORDS[counter] ?? counter} so far`;

const WORDS: Readonly<Record<string, string>> = {
  droppedPartialMatches: 'partial matches',
  droppedMatches: 'matches',
};
