import { withTraits } from '../plan/infer-traits.ts';
import { PLAN_FORMAT, type Plan } from '../plan/plan.ts';
import type { PlanNode } from '../plan/plan-node.ts';
import type { Relation } from './lower/relation.ts';
import { counterBesideVariance } from './rewrite/count-beside-variance.ts';
import { groupingDropper } from './rewrite/drop-groupings.ts';
import { dropWatermarks } from './rewrite/drop-watermarks.ts';
import { pruneColumns, topological } from './rewrite/prune-columns.ts';
import { simplifier } from './rewrite/simplify.ts';
import type { Session } from './session.ts';
import { RESULT_SETTINGS } from './settings.ts';

/**
 * Builds a plan from sinks and their inputs. Rewrites the relations, sorts them topologically, then
 * numbers and names them.
 */
export function assemblePlan(name: string, sinks: readonly Relation[], session: Session): Plan {
  const simplified = sinks.map(simplifier());
  const pruned = pruneColumns(dropWatermarks(simplified), groupingDropper());
  // The second simplification removes projections that the other steps have made redundant.
  const order = topological(pruned.map(counterBesideVariance()).map(simplifier()));
  const ids = new Map(order.map((relation, id) => [relation, id]));
  const names = nameNodes(order);
  const nodes = order.map((relation, id): PlanNode => {
    const base = {
      id,
      name: names.get(relation)!,
      fields: relation.fields.map(({ name: field, type }) => ({ name: field, type })),
      inputs: relation.inputs.map((input) => ids.get(input)!),
    };
    return { ...withoutNotes(relation.operation), ...base };
  });
  const settings: Record<string, string> = {};
  for (const key of RESULT_SETTINGS) {
    const value = session.settings.get(key);
    if (value !== undefined) settings[key] = value;
  }
  return { format: PLAN_FORMAT, name, nodes: withTraits(nodes), settings };
}

/** Removes what only the compiler needs. */
function withoutNotes<O extends Relation['operation']>(operation: O): O {
  if (!JSON.stringify(operation).includes('"fromIf"')) return operation;
  return JSON.parse(JSON.stringify(operation, (key, value) => (key === 'fromIf' ? undefined : value))) as O;
}

/**
 * Names each node `scope.kind`. From the second node of a name on, the name gets a number. Numbers
 * count from the sink to the sources. State is found by the node's name, so a new filter or
 * projection elsewhere must not rename an aggregation.
 */
function nameNodes(order: readonly Relation[]): Map<Relation, string> {
  const names = new Map<Relation, string>();
  const counts = new Map<string, number>();
  const used = new Set<string>();
  for (const relation of [...order].reverse()) {
    const base = relation.operation.kind === 'sink' ? relation.scope : `${relation.scope}.${relation.operation.kind}`;
    let count = counts.get(base) ?? 0;
    let name: string;
    do {
      count++;
      name = count === 1 ? base : `${base}-${count}`;
    } while (used.has(name));
    counts.set(base, count);
    used.add(name);
    names.set(relation, name);
  }
  return names;
}
