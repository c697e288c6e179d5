import type { MoveSets } from './moves.ts';
import type { NfaState } from './nfa.ts';

/**
 * States that can reach each other. `cyclic`: a partial match can stay among them from row to row.
 */
export interface Component {
  readonly states: readonly NfaState[];
  readonly cyclic: boolean;
}

export interface Components {
  /** By state index. */
  readonly of: readonly Component[];
  /** Each component comes after all components that it can reach. */
  readonly targetsFirst: readonly Component[];
}

/**
 * Returns the strongly connected components (Tarjan's algorithm, with an explicit stack, so long
 * chains do not overflow the call stack).
 */
export function componentsOf(states: readonly NfaState[], sets: readonly MoveSets[]): Components {
  const targets = states.map((state) => [
    ...new Set(sets[state.index]!.flatMap((set) => set.map(({ target }) => target.index))),
  ]);
  const found = new Array<Component>(states.length);
  const targetsFirst: Component[] = [];
  const order = new Int32Array(states.length).fill(-1);
  const low = new Int32Array(states.length);
  const open: number[] = [];
  const isOpen = new Uint8Array(states.length);
  let next = 0;

  const enter = (at: number): void => {
    order[at] = next;
    low[at] = next++;
    open.push(at);
    isOpen[at] = 1;
  };
  const leave = (at: number): void => {
    if (low[at] !== order[at]) return;
    const members = open.splice(open.indexOf(at));
    const cyclic = members.length > 1 || targets[at]!.includes(at);
    const component = { states: members.map((index) => states[index]!), cyclic };
    targetsFirst.push(component);
    for (const index of members) {
      isOpen[index] = 0;
      found[index] = component;
    }
  };

  for (let root = 0; root < states.length; root++) {
    if (order[root] !== -1) continue;
    enter(root);
    const way = [{ at: root, edge: 0 }];
    while (way.length > 0) {
      const step = way.at(-1)!;
      const target = targets[step.at]![step.edge++];
      if (target === undefined) {
        leave(step.at);
        way.pop();
        const above = way.at(-1);
        if (above !== undefined) low[above.at] = Math.min(low[above.at]!, low[step.at]!);
      } else if (order[target] === -1) {
        enter(target);
        way.push({ at: target, edge: 0 });
      } else if (isOpen[target] === 1) {
        low[step.at] = Math.min(low[step.at]!, order[target]!);
      }
    }
  }
  return { of: found, targetsFirst };
}
