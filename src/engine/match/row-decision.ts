import type { EdgeCondition } from '../../plan/nfa/condition.ts';
import { type NfaState, PROCEED } from '../../plan/nfa/nfa.ts';
import type { RowMove } from '../../plan/nfa/row-moves.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PartialMatch, PathNode } from './partial-match.ts';

/**
 * What a row opens for a partial match: the moves whose conditions hold, each variable's condition
 * asked for once per partial match and row, however many edges need it. One object per matcher; an
 * answer is good until the next question.
 */
export class RowDecision {
  /** The first `count` are open. */
  readonly moves: RowMove[] = [];
  count = 0;
  /** By state; null where they are too many to be listed. */
  readonly #movesOf: readonly (readonly RowMove[] | null)[];
  /** By variable: twice the number of the decision it was asked in, plus one where it held. */
  readonly #verdicts: Float64Array;
  readonly #stack: NfaState[] = [];
  #decision = 0;
  #row!: RowUnderTest;
  #path: PathNode | null = null;

  constructor(movesOf: readonly (readonly RowMove[] | null)[], variables: number) {
    this.#movesOf = movesOf;
    this.#verdicts = new Float64Array(variables).fill(-1);
  }

  /** Collects the moves that the row opens for the partial match. */
  decide(partial: PartialMatch, row: RowUnderTest): void {
    this.#decision += 2;
    this.#row = row;
    this.#path = partial.path;
    this.count = 0;
    const moves = this.#movesOf[partial.state.index]!;
    if (moves === null) {
      this.#search(partial.state);
      return;
    }
    for (let i = 0; i < moves.length; i++) {
      const { conditions } = moves[i]!;
      let holds = true;
      for (let c = 0; holds && c < conditions.length; c++) holds = this.#holds(conditions[c]!);
      if (holds) this.moves[this.count++] = moves[i]!;
    }
  }

  /** The same edge by edge. */
  #search(from: NfaState): void {
    const stack = [from];
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      for (const { action, target, condition } of state.edges) {
        if (!this.#holds(condition)) continue;
        if (action === PROCEED) stack.push(target);
        else this.moves[this.count++] = { action, target, variable: state.variable, conditions: [], mayEnd: true };
      }
    }
  }

  /**
   * Of the row and partial match decided on: the final state, when the rest of the pattern after
   * `from` may be absent.
   */
  finalAfter(from: NfaState): NfaState | null {
    const stack = this.#stack;
    stack.length = 0;
    stack.push(from);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      for (const edge of state.edges) {
        if (edge.action !== PROCEED || !this.#holds(edge.condition)) continue;
        if (edge.target.role === 'final') return edge.target;
        stack.push(edge.target);
      }
    }
    return null;
  }

  #holds(condition: EdgeCondition): boolean {
    switch (condition.kind) {
      case 'always':
        return true;
      case 'not':
        return !this.#holds(condition.of);
      case 'and':
        return this.#holds(condition.left) && this.#holds(condition.right);
      case 'variable': {
        const known = this.#verdicts[condition.variable]!;
        if (known >= this.#decision) return known > this.#decision;
        const verdict = this.#row.accepts(condition.variable, this.#path);
        this.#verdicts[condition.variable] = verdict ? this.#decision + 1 : this.#decision;
        return verdict;
      }
    }
  }
}
