import type { PlanNode } from './plan-node.ts';
import type { NodeTraits } from './traits.ts';

/**
 * Increases whenever a node changes its meaning or form. `plan-json.ts` reads older formats and
 * refuses newer ones. 2: all nodes have `inputs` and `traits`.
 */
export const PLAN_FORMAT = 2;

/**
 * One job: plain data, in topological order, ready to be printed, stored in a checkpoint and run by
 * a later version.
 */
export interface Plan {
  readonly format: number;
  /** Name of the job: `pipeline.name`, or `<file base name>.<sink>`. */
  readonly name: string;
  readonly nodes: readonly PlannedNode[];
  /** Settings that change results, e.g. `table.local-time-zone`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A node with the traits that the compiler inferred for its rows. */
export type PlannedNode = PlanNode & { readonly traits: NodeTraits };
