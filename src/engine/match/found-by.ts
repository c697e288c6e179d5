import type { EdgeCondition } from '../../plan/nfa/condition.ts';
import { IGNORE, type Nfa } from '../../plan/nfa/nfa.ts';
import type { RowMove } from '../../plan/nfa/row-moves.ts';
import type { FoundBy } from './partial-index.ts';

/** Keeps only the states where each of the variables has an equality (`B.id = A.id`). */
export function foundBy(decided: FoundBy, equalities: readonly number[]): FoundBy {
  return decided.map((variables) =>
    variables?.every((variable) => equalities.includes(variable)) === true ? variables : null,
  );
}

/**
 * Returns for each state the variables that decide alone about a partial match in this state. If no
 * condition of these variables holds, the partial match does not change: the row is ignored
 * (IGNORE), or a variable whose rows are not read takes the row. Returns null for the other states.
 */
export function decidedBy(
  nfa: Nfa,
  movesOf: readonly (readonly RowMove[] | null)[],
  standFor: Int32Array,
  unread: Uint8Array,
): FoundBy {
  return nfa.states.map((state) => {
    const moves = movesOf[state.index]!;
    if (state.role !== 'normal' || moves === null || moves.length === 0) return null;
    const asked = new Set<number>();
    for (const { conditions } of moves) for (const condition of conditions) variablesOf(condition, asked);
    const left = moves.filter(({ conditions }) => conditions.every(holdsNowhere));
    const stays = left.every(({ action, target, variable, mayEnd }) =>
      action === IGNORE
        ? target === state
        : unread[variable] === 1 &&
          !mayEnd &&
          target.role === 'normal' &&
          standFor[target.index] === standFor[state.index],
    );
    return left.length === 1 && stays ? [...asked] : null;
  });
}

function variablesOf(condition: EdgeCondition, into: Set<number>): void {
  switch (condition.kind) {
    case 'variable':
      into.add(condition.variable);
      break;
    case 'not':
      variablesOf(condition.of, into);
      break;
    case 'and':
      variablesOf(condition.left, into);
      variablesOf(condition.right, into);
      break;
    case 'always':
      break;
  }
}

/** Returns whether the condition is that no variable holds. */
function holdsNowhere(condition: EdgeCondition): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'variable':
      return false;
    case 'not':
      return !holdsNowhere(condition.of);
    case 'and':
      return holdsNowhere(condition.left) && holdsNowhere(condition.right);
  }
}
