import { definitionOf } from './nodes/registry.ts';
import type { ScanNode } from './nodes/scan.ts';
import type { Plan } from './plan.ts';
import type { PlanNode } from './plan-node.ts';

/**
 * Where the rows and columns of a node come from, as text that does not depend on positions: two
 * plans that read the same data in the same way have the same text, whichever other columns one of
 * them reads besides.
 */
export interface Lineage {
  /** Which rows come. */
  readonly rows: string;
  /** By field: what it holds. */
  readonly columns: readonly string[];
}

export interface LineageRules {
  /** Which of a table's options count. */
  readonly optionsOf: (scan: ScanNode) => unknown;
  /**
   * What decides which rows pass, and when, counts: filters, the delay of watermarks, the zone of
   * the session.
   */
  readonly withConditions: boolean;
  /**
   * A pattern is known by its name here, so that what stands above it does not depend on how it is
   * written.
   */
  readonly patternNames: ReadonlyMap<string, string>;
}

export interface LineageContext extends LineageRules {
  /** Zone of the session, where the plan names one. */
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
 * What a node does with its inputs, by the lineage of the columns it reads: where it is equal, and
 * the rows that come are, one node can take over the state of the other. Null where it keeps none.
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
