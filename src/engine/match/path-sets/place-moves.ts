import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import { type RowMove, rowMovesOf } from '../../../plan/nfa/row-moves.ts';
import type { RowUnderTest } from '../matcher.ts';
import type { PartialMatch } from '../partial-match.ts';
import { RowDecision } from '../row-decision.ts';
import type { StatePlace } from './state-order.ts';

/** A span of a counted loop. All its states make the moves of `probe`. */
export interface SpanProbe {
  /** The position of its last state in the loop. */
  readonly last: number;
  readonly probe: PartialMatch;
  /** The state that has taken one more row than `probe`. Absent: the last state of the loop. */
  readonly next: NfaState | undefined;
}

/** The places of the automaton's states in `order`, and the moves that a row opens for each. */
export class PlaceMoves {
  readonly order: readonly StatePlace[];
  /** By place: a partial match in its state, or in the first state of its counted loop. */
  readonly probes: readonly PartialMatch[];
  /** By place: the spans of its counted loop. */
  readonly spans: readonly (readonly SpanProbe[] | null)[];
  readonly start: PartialMatch;
  readonly decision: RowDecision;
  /** By index of the state. */
  readonly #placeOf: Int32Array;

  /** `order`: see `stateOrder`. `always`: variables whose condition is TRUE. */
  constructor(nfa: Nfa, order: readonly StatePlace[], always: ReadonlySet<number>) {
    this.order = order;
    this.#placeOf = new Int32Array(nfa.states.length).fill(-1);
    for (const [place, { state, loop }] of order.entries()) {
      for (const { index } of loop?.states ?? [state]) this.#placeOf[index] = place;
    }
    this.start = probeIn(nfa.start);
    this.probes = order.map(({ state }) => probeIn(state));
    this.spans = order.map(({ loop }) =>
      loop === null
        ? null
        : loop.spans.map(({ first, last }) => ({
            last,
            probe: probeIn(loop.states[first]!),
            next: loop.states[first + 1],
          })),
    );
    const movesOf: (readonly RowMove[] | null)[] = nfa.states.map(() => null);
    const inSpans = this.spans.flatMap((spans) => spans?.map(({ probe }) => probe) ?? []);
    for (const { state } of [this.start, ...this.probes, ...inSpans]) {
      movesOf[state.index] = rowMovesOf(state, always);
    }
    this.decision = new RowDecision(movesOf, nfa.variables.length);
  }

  placeOf(state: NfaState): number {
    return this.#placeOf[state.index]!;
  }

  /** Returns the moves of a partial match for a row. They are valid until the next call. */
  decide(probe: PartialMatch, row: RowUnderTest): RowDecision {
    this.decision.decide(probe, row);
    return this.decision;
  }
}

const probeIn = (state: NfaState): PartialMatch => ({ state, path: null, start: null });
