import type { EdgeCondition } from '../../plan/nfa/condition.ts';
import { type NfaState, PROCEED } from '../../plan/nfa/nfa.ts';
import type { RowMove } from '../../plan/nfa/row-moves.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PartialMatch, PathNode } from './partial-match.ts';

/**
 * The moves of a partial match whose conditions are true for a row. The condition of each variable
 * is evaluated once per partial match and row, for any number of edges. Each matcher has one
 * object. A result is valid until the next call.
 */
export class RowDecision {
  /** The first `count` moves are open. */
  readonly moves: RowMove[] = [];
  count = 0;
  /** The open moves by state. Null: there are too many to list. */
  readonly #movesOf: readonly (readonly RowMove[] | null)[];
  /**
   * By variable: twice the number of the decision in which it was evaluated, plus one if it was
   * true.
   */
  readonly #verdicts: Float64Array;
  readonly #stack: NfaState[] = [];
  #decision = 0;
  #row!: RowUnderTest;
  #path: PathNode | null = null;

  constructor(movesOf: readonly (readonly RowMove[] | null)[], variables: number) {
    this.#movesOf = movesOf;
    this.#verdicts = new Float64Array(variables).fill(-1);
  }

  /** Collects the moves of the partial match for the row. */
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

  /** Collects the moves edge by edge. */
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
   * Returns the final state if the rest of the pattern after `from` may be absent, for the row and
   * partial match of the last decision.
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
