import type { EdgeCondition } from '../../../plan/nfa/condition.ts';
import { type Nfa, type NfaState, PROCEED, TAKE } from '../../../plan/nfa/nfa.ts';
import type { RowUnderTest } from '../matcher.ts';
import type { PathNode } from '../partial-match.ts';
import type { ConditionProbe } from './condition-probe.ts';
import type { Wanted } from './match-explanation.ts';

/** A way to take a row: its variable, and the conditions of the edges on the way. */
interface WayOn {
  readonly variable: number;
  readonly conditions: readonly EdgeCondition[];
}

/** Returns the variables that a state waits for, each once. */
export function variablesWaitedFor(state: NfaState, nfa: Nfa): string[] {
  return [...new Set(waysOn(state).map(({ variable }) => nfa.variables[variable]!))];
}

/** Returns whether a partial match in this state ignores rows that do not match. */
export function letsRowsPass(state: NfaState): boolean {
  return reachable(state).some(({ state: at }) =>
    at.edges.some(({ action, target }) => action !== TAKE && action !== PROCEED && target.role !== 'stop'),
  );
}

/**
 * Returns for each variable that the row could have had the failed parts of its condition, or the
 * other variables of the row.
 */
export function wantedOf(
  state: NfaState,
  path: PathNode | null,
  row: RowUnderTest,
  nfa: Nfa,
  probe: ConditionProbe,
): Wanted[] {
  const wanted = new Map<number, Wanted>();
  for (const { variable, conditions } of waysOn(state)) {
    const failed = probe.failures(variable, path, row.time);
    const others = conditions.flatMap(negatedIn).filter((other) => other !== variable && row.accepts(other, path));
    const insteadOf = failed.length > 0 ? [] : [...new Set(others)].map((other) => nfa.variables[other]!);
    if (!wanted.has(variable)) wanted.set(variable, { variable: nfa.variables[variable]!, failed, insteadOf });
  }
  return [...wanted.values()];
}

/** Returns the negated variables of a row that ends the partial matches in this state. */
export function forbiddenBy(state: NfaState, path: PathNode | null, row: RowUnderTest, nfa: Nfa): string[] {
  const names = new Set<string>();
  for (const { state: at } of reachable(state)) {
    for (const { target } of at.edges) {
      if (target.role === 'stop' && row.accepts(target.variable, path)) names.add(nfa.variables[target.variable]!);
    }
  }
  return [...names];
}

function waysOn(state: NfaState): WayOn[] {
  return reachable(state).flatMap(({ state: at, conditions }) => {
    if (at.role === 'stop') return [];
    return at.edges
      .filter(({ action, target }) => action === TAKE && target.role !== 'stop')
      .map(({ condition }) => ({ variable: at.variable, conditions: [...conditions, condition] }));
  });
}

/** Returns the state and all states that it reaches without another row, each once. */
function reachable(from: NfaState): { readonly state: NfaState; readonly conditions: readonly EdgeCondition[] }[] {
  const found = [{ state: from, conditions: [] as readonly EdgeCondition[] }];
  const seen = new Set([from]);
  for (const { state, conditions } of found) {
    for (const { action, target, condition } of state.edges) {
      if (action !== PROCEED || seen.has(target)) continue;
      seen.add(target);
      found.push({ state: target, conditions: [...conditions, condition] });
    }
  }
  return found;
}

/** Returns the variables whose conditions must not be TRUE. */
function negatedIn(condition: EdgeCondition): number[] {
  switch (condition.kind) {
    case 'and':
      return [...negatedIn(condition.left), ...negatedIn(condition.right)];
    case 'not':
      return variablesIn(condition.of);
    default:
      return [];
  }
}

function variablesIn(condition: EdgeCondition): number[] {
  switch (condition.kind) {
    case 'and':
      return [...variablesIn(condition.left), ...variablesIn(condition.right)];
    case 'variable':
      return [condition.variable];
    default:
      return [];
  }
}
