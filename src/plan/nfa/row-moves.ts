import { invariant } from '../../core/invariant.ts';
import type { EdgeCondition } from './condition.ts';
import { type IGNORE, type NfaState, PROCEED, type TAKE } from './nfa.ts';

/**
 * One move from a state: the edge that a row opens, and all conditions on the way to it through
 * PROCEED edges.
 */
export interface RowMove {
  readonly action: typeof TAKE | typeof IGNORE;
  readonly target: NfaState;
  /** Variable that the row is bound to when it is taken. */
  readonly variable: number;
  readonly conditions: readonly EdgeCondition[];
  /**
   * The rest of the pattern after the target may be absent, so that a row taken here may complete a
   * match.
   */
  readonly mayEnd: boolean;
}

const NONE: ReadonlySet<number> = new Set();

/** If there are more moves than this, they are searched for each row. */
const MOVES_MAX = 64;

/**
 * Returns the moves of a state in the order in which the automaton tries them: edges of a state in
 * turn, and the states reached by PROCEED edges after them, the last first. Null if optional parts
 * make too many. `always`: variables that take any row.
 */
export function rowMovesOf(state: NfaState, always: ReadonlySet<number> = NONE): readonly RowMove[] | null {
  const moves: RowMove[] = [];
  const stack: { readonly state: NfaState; readonly conditions: readonly EdgeCondition[]; readonly depth: number }[] = [
    { state, conditions: [], depth: 0 },
  ];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    invariant(at.depth < 1000, 'PROCEED edges do not lead back');
    if (moves.length + stack.length > MOVES_MAX) return null;
    for (const edge of at.state.edges) {
      const own = conjuncts(edge.condition).filter((condition) => settled(condition, always) !== true);
      if (own.some((condition) => settled(condition, always) === false)) continue;
      const conditions = [...at.conditions, ...own];
      if (edge.action === PROCEED) stack.push({ state: edge.target, conditions, depth: at.depth + 1 });
      else {
        const { action, target } = edge;
        moves.push({ action, target, variable: at.state.variable, conditions, mayEnd: mayEnd(target) });
      }
    }
  }
  return moves;
}

/**
 * Returns whether two states differ only in their place: a row leads from both to the same targets.
 */
export function sameMoves(a: readonly RowMove[] | null, b: readonly RowMove[] | null): boolean {
  return (
    a !== null &&
    b !== null &&
    a.length === b.length &&
    a.every((move, i) => {
      const other = b[i]!;
      return (
        move.action === other.action &&
        move.target === other.target &&
        move.variable === other.variable &&
        JSON.stringify(move.conditions) === JSON.stringify(other.conditions)
      );
    })
  );
}

/** Returns whether PROCEED edges alone may lead to the end. */
export function mayEnd(from: NfaState): boolean {
  const seen = new Set<NfaState>();
  const stack = [from];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    for (const edge of state.edges) {
      if (edge.action !== PROCEED) continue;
      if (edge.target.role === 'final') return true;
      stack.push(edge.target);
    }
  }
  return false;
}

/**
 * Returns the value of a condition if it is the same for all rows; null if it depends on the row.
 */
function settled(condition: EdgeCondition, always: ReadonlySet<number>): boolean | null {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'variable':
      return always.has(condition.variable) ? true : null;
    case 'not': {
      const of = settled(condition.of, always);
      return of === null ? null : !of;
    }
    case 'and': {
      const left = settled(condition.left, always);
      const right = settled(condition.right, always);
      if (left === false || right === false) return false;
      return left === true && right === true ? true : null;
    }
  }
}

function conjuncts(condition: EdgeCondition): EdgeCondition[] {
  switch (condition.kind) {
    case 'always':
      return [];
    case 'and':
      return [...conjuncts(condition.left), ...conjuncts(condition.right)];
    default:
      return [condition];
  }
}
