import type { MatchBound } from './match-bound.ts';
import { definitionOf } from './nodes/registry.ts';
import type { PlanNode } from './plan-node.ts';

/** The state of an operator, and its bound. Both are known before the job runs. */
export interface StateBound {
  /**
   * `windowed`: no state is kept longer than a time known from the plan. `keyed`: some state of
   * each key is never removed.
   */
  readonly lasts: 'windowed' | 'keyed' | 'unbounded';
  readonly text: string;
  readonly match?: MatchBound;
}

/** Returns the bound on the operator's state; null if the operator keeps no state. */
export const stateBound = (node: PlanNode): StateBound | null => definitionOf(node).stateBound(node);
