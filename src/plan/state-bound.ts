import type { MatchBound } from './match-bound.ts';
import { definitionOf } from './nodes/registry.ts';
import type { PlanNode } from './plan-node.ts';

/** What an operator keeps, and what bounds it, before anything runs. */
export interface StateBound {
  /**
   * `windowed`: nothing is kept longer than a time known from the plan. `keyed`: something stays
   * for each key, for ever.
   */
  readonly lasts: 'windowed' | 'keyed' | 'unbounded';
  readonly text: string;
  readonly match?: MatchBound;
}

/** Null where the operator keeps nothing. */
export const stateBound = (node: PlanNode): StateBound | null => definitionOf(node).stateBound(node);
