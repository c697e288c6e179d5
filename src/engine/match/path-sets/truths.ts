import type { EdgeCondition } from '../../../plan/nfa/condition.ts';
import type { RowMove } from '../../../plan/nfa/row-moves.ts';

/** With more variables there are too many combinations of true conditions to try. */
export const VARIABLES_MAX = 8;

/**
 * Returns the moves that are open if the variables have these truth values. Bit i of `truths` is
 * the value of the condition of variable i.
 */
export function openMoves(moves: readonly RowMove[], truths: number): readonly RowMove[] {
  return moves.filter(({ conditions }) => conditions.every((condition) => holds(condition, truths)));
}

function holds(condition: EdgeCondition, truths: number): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'variable':
      return ((truths >>> condition.variable) & 1) === 1;
    case 'not':
      return !holds(condition.of, truths);
    case 'and':
      return holds(condition.left, truths) && holds(condition.right, truths);
  }
}
