import type { OperatorCounters } from '../operators/operator.ts';

const EVERY_MS = 60_000;

/** What an operator let go of because of a limit, in all. */
export interface Dropped {
  readonly operator: string;
  readonly counter: string;
  readonly total: number;
}

/**
 * Says once a minute what limits have dropped since the last time, so that nothing goes silently
 * and a flood of drops is no flood of lines.
 */
export class DropReport {
  readonly #counters: () => readonly { readonly name: string; readonly counters: OperatorCounters }[];
  readonly #said = new Map<string, number>();
  #next = 0;

  /** `counters`: those whose name begins with `dropped` count. */
  constructor(counters: () => readonly { readonly name: string; readonly counters: OperatorCounters }[]) {
    this.#counters = counters;
  }

  /** To be called between batches. */
  due(now: number): readonly Dropped[] {
    if (now < this.#next) return [];
    this.#next = now + EVERY_MS;
    return this.changed();
  }

  /** What has changed since it was last said. */
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

/** For people. */
export const droppedText = ({ operator, counter, total }: Dropped): string =>
  `${operator}: a limit has dropped ${total} ${WORDS[counter] ?? counter} so far`;

const WORDS: Readonly<Record<string, string>> = {
  droppedPartialMatches: 'partial matches',
  droppedMatches: 'matches',
};
