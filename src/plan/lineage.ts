import { definitionOf } from './nodes/registry.ts';
import type { ScanNode } from './nodes/scan.ts';
import type { Plan } from './plan.ts';
import type { PlanNode } from './plan-node.ts';

/**
 * The origin of a node's rows and columns, as text that does not depend on positions. Two plans
 * that read the same data in the same way have the same text, even if one of them reads more
 * columns.
 */
export interface Lineage {
  /** The rows that the node sends. */
  readonly rows: string;
  /** The lineage of each field. */
  readonly columns: readonly string[];
}

export interface LineageRules {
  /** The options of a table that count. */
  readonly optionsOf: (scan: ScanNode) => unknown;
  /**
   * Includes everything that decides which rows pass, and when: filters, the delay of watermarks,
   * the zone of the session.
   */
  readonly withConditions: boolean;
  /**
   * A pattern is identified by its name here. So the nodes above it do not depend on its text.
   */
  readonly patternNames: ReadonlyMap<string, string>;
}

export interface LineageContext extends LineageRules {
  /** Zone of the session, if the plan names one. */
  readonly zone: string | null;
}

/** By node of the plan. */
export function lineages(plan: Plan, rules: LineageRules): readonly Lineage[] {
  const context = { ...rules, zone: plan.settings['table.local-time-zone'] ?? null };
  const found: Lineage[] = [];
  for (const node of plan.nodes) {
    const inputs = node.inputs.map((input) => found[input]!);
    found.push(definitionOf(node).lineage(node, inputs, context));
  }
  return found;
}

/**
 * Returns the operation of a node, with the lineage of the columns it reads. If two nodes have the
 * same operation and the same input rows, one can take over the state of the other. Null if the
 * node keeps no state.
 */
export function meaningOf(node: PlanNode, inputs: readonly Lineage[]): unknown {
  const { meaning } = definitionOf(node);
  return meaning === null
    ? null
    : meaning(
        node,
        inputs.map(({ columns }) => columns),
      );
}
