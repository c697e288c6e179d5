import { conditionText, type EdgeCondition } from './condition.ts';

/**
 * The automaton of a pattern. TAKE consumes the row into the source state's variable, IGNORE passes
 * over it, PROCEED moves on without consuming and applies the same row to the target.
 *
 * `start`: where every partial match begins; it always stays. `final`: complete. `stop`: reached
 * through a negated variable, ends the partial match. `pending`: waits for the time bound, then is
 * complete (absence at the end of a pattern).
 */
export type StateRole = 'start' | 'normal' | 'final' | 'stop' | 'pending';

export const TAKE = 0;
export const IGNORE = 1;
export const PROCEED = 2;
export type EdgeAction = typeof TAKE | typeof IGNORE | typeof PROCEED;

export interface NfaEdge {
  readonly action: EdgeAction;
  readonly target: NfaState;
  condition: EdgeCondition;
}

export class NfaState {
  /** Position in `Nfa.states`: what key state stores. Stable for one pattern. */
  readonly index: number;
  /**
   * The variable's name, with `:n` for further states of the same variable, as Flink numbers them.
   */
  readonly name: string;
  role: StateRole;
  /** Variable that rows taken here are bound to; -1 if the state takes no rows. */
  readonly variable: number;
  /**
   * A partial match in this state expires this many milliseconds after its last row; 0: no such
   * bound.
   */
  gapMs = 0;
  readonly edges: NfaEdge[] = [];

  constructor(index: number, name: string, role: StateRole, variable: number) {
    this.index = index;
    this.name = name;
    this.role = role;
    this.variable = variable;
  }

  take(target: NfaState, condition: EdgeCondition): void {
    this.edges.push({ action: TAKE, target, condition });
  }
  ignore(target: NfaState, condition: EdgeCondition): void {
    this.edges.push({ action: IGNORE, target, condition });
  }
  proceed(target: NfaState, condition: EdgeCondition): void {
    this.edges.push({ action: PROCEED, target, condition });
  }
}

export interface Nfa {
  readonly states: readonly NfaState[];
  readonly start: NfaState;
  /**
   * The names of the pattern's variables, then of conditions that only end loops. Edges and path
   * nodes contain positions in this list.
   */
  readonly variables: readonly string[];
  readonly hasPending: boolean;
  readonly hasGap: boolean;
}

const ACTIONS = ['TAKE', 'IGNORE', 'PROCEED'] as const;

/** Returns the automaton as text, one edge a line, for tests and `explain`. */
export function nfaText(nfa: Nfa): string {
  return nfa.states
    .flatMap((state) => [
      `${state.name} [${state.role}]${state.gapMs > 0 ? ` gap ${state.gapMs}` : ''}`,
      ...state.edges.map(
        (edge) =>
          `  ${ACTIONS[edge.action]} -> ${edge.target.name} WHEN ${conditionText(edge.condition, nfa.variables)}`,
      ),
    ])
    .join('\n');
}
