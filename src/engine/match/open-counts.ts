import type { Nfa, NfaState } from '../../plan/nfa/nfa.ts';
import type { PartialMatch } from './partial-match.ts';

/**
 * Counts the partial matches of all keys by state of the automaton, and the held-back matches. The
 * counts are updated with each change, so reading them is cheap. Start states, which every key has,
 * do not count.
 */
export class OpenCounts {
  held = 0;
  readonly #byState: Float64Array;
  readonly #nfa: Nfa;

  constructor(nfa: Nfa) {
    this.#nfa = nfa;
    this.#byState = new Float64Array(nfa.states.length);
  }

  born(partial: PartialMatch): void {
    if (partial.start !== null) this.#byState[partial.state.index]!++;
  }

  died(partial: PartialMatch): void {
    if (partial.start !== null) this.#byState[partial.state.index]!--;
  }

  /** Adds a number of partial matches in one state. */
  change(state: NfaState, by: number): void {
    this.#byState[state.index]! += by;
  }

  /** Resets the counts after all partial matches were removed. */
  clear(): void {
    this.#byState.fill(0);
  }

  /** Returns the counts by name of the state, only for states with partial matches. */
  byState(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#nfa.states.flatMap(({ name, index }) =>
        this.#byState[index] === 0 ? [] : [[name, this.#byState[index]!]],
      ),
    );
  }

  snapshot(): OpenCountsSnapshot {
    return { held: this.held, byState: this.byState() };
  }

  restore({ held, byState }: OpenCountsSnapshot): void {
    this.held = held;
    for (const { name, index } of this.#nfa.states) this.#byState[index] = byState[name] ?? 0;
  }
}

export interface OpenCountsSnapshot {
  readonly held: number;
  readonly byState: Readonly<Record<string, number>>;
}
