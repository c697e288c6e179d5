import { IGNORE, type Nfa, type NfaState, PROCEED } from '../../../plan/nfa/nfa.ts';
import type { PathNode } from '../partial-match.ts';

/** Maps the partial matches of one automaton to another automaton. */
export interface AutomatonMap {
  /** Both automata have the same states, edges and variables in the same order. */
  readonly same: boolean;
  /** By old variable: the number of the new variable; -1 if it was removed. */
  readonly variables: Int32Array;
  /** Returns the new state of a partial match, or the reason why there is none. */
  stateFor(state: NfaState, path: PathNode): NfaState | string;
}

const LEADS_NOWHERE = 'their rows reach no state of the new pattern';
const AMBIGUOUS = 'their rows reach several states of the new pattern';
const COMPLETE = 'their rows are a complete match of the new pattern';

/**
 * Maps the states of an old automaton to a new automaton. A partial match consists of its rows and
 * their variables. Its new state is the state that these variables reach in the new automaton.
 * Conditions are not tested again, because they were tested when the rows arrived. If the variables
 * reach several states, the one with the same name is used. `untraced`: old variables whose rows
 * are not stored in paths.
 */
export function automatonMap(before: Nfa, after: Nfa, untraced: readonly string[]): AutomatonMap {
  const variables = Int32Array.from(before.variables, (name) => after.variables.indexOf(name));
  if (textOf(before) === textOf(after)) {
    return { same: true, variables, stateFor: (state) => after.states[state.index]! };
  }
  const walk = new VariableWalk(after, variables, new Set(untraced.map((name) => after.variables.indexOf(name))));
  return {
    same: false,
    variables,
    stateFor(state, path) {
      const reached = [...walk.reachedBy(path)];
      const open = reached.filter(({ role }) => role === 'normal' || role === 'pending');
      const named = open.find(({ name }) => name === state.name);
      if (named !== undefined) return named;
      if (open.length > 1) return AMBIGUOUS;
      return open[0] ?? (reached.some(({ role }) => role === 'final') ? COMPLETE : LEADS_NOWHERE);
    },
  };
}

/** Describes an automaton without its time bounds. */
function textOf({ states, start, variables }: Nfa): string {
  return JSON.stringify([
    start.index,
    variables,
    states.map(({ name, role, variable, edges }) => [
      name,
      role,
      variable,
      edges.map(({ action, target, condition }) => [action, target.index, condition]),
    ]),
  ]);
}

interface Steps {
  readonly taken: readonly { readonly variable: number; readonly target: NfaState }[];
  readonly ignored: readonly NfaState[];
}

/** Follows variables through an automaton without testing conditions. */
class VariableWalk {
  readonly #start: NfaState;
  readonly #variables: Int32Array;
  readonly #silent: ReadonlySet<number>;
  readonly #steps: readonly Steps[];
  readonly #known = new WeakMap<PathNode, ReadonlySet<NfaState>>();

  constructor({ start, states }: Nfa, variables: Int32Array, silent: ReadonlySet<number>) {
    this.#start = start;
    this.#variables = variables;
    this.#silent = silent;
    this.#steps = states.map(stepsOf);
  }

  reachedBy(path: PathNode): ReadonlySet<NfaState> {
    const way: PathNode[] = [];
    let node: PathNode | null = path;
    for (; node !== null && !this.#known.has(node); node = node.previous) way.push(node);
    let reached: ReadonlySet<NfaState> = node === null ? new Set([this.#start]) : this.#known.get(node)!;
    for (let next = way.pop(); next !== undefined; next = way.pop()) {
      reached = this.#take(reached, this.#variables[next.variable]!);
      this.#known.set(next, reached);
    }
    return reached;
  }

  #take(from: ReadonlySet<NfaState>, variable: number): ReadonlySet<NfaState> {
    const reached = new Set<NfaState>();
    for (const state of from) {
      for (const step of this.#steps[state.index]!.taken) if (step.variable === variable) reached.add(step.target);
    }
    // Add the states that rows without a trace may have reached. The loop also visits states that
    // it adds to the set.
    for (const state of reached) {
      const { taken, ignored } = this.#steps[state.index]!;
      for (const target of ignored) reached.add(target);
      for (const step of taken) if (this.#silent.has(step.variable)) reached.add(step.target);
    }
    return reached;
  }
}

function stepsOf(state: NfaState): Steps {
  const taken: { variable: number; target: NfaState }[] = [];
  const ignored: NfaState[] = [];
  const seen = new Set([state]);
  for (const at of seen) {
    for (const { action, target } of at.edges) {
      if (action === PROCEED) seen.add(target);
      else if (action === IGNORE) ignored.push(target);
      else taken.push({ variable: at.variable, target });
    }
  }
  return { taken, ignored };
}

/**
 * Returns the states that a partial match may have after a row of one of these variables, except
 * after its first row.
 */
export function statesAfterTaking(nfa: Nfa, variables: readonly string[]): ReadonlySet<NfaState> {
  const steps = nfa.states.map(stepsOf);
  const found = new Set<NfaState>();
  for (const state of nfa.states) {
    if (state === nfa.start) continue;
    for (const { variable, target } of steps[state.index]!.taken) {
      if (variables.includes(nfa.variables[variable]!)) found.add(target);
    }
  }
  for (const state of found) {
    const { taken, ignored } = steps[state.index]!;
    for (const target of [...taken.map((step) => step.target), ...ignored]) found.add(target);
  }
  return found;
}
