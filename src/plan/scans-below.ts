import type { PlanNode } from './plan-node.ts';

/** Returns for each node, by id, the ids of the scans whose rows reach it. */
export function scansBelow(nodes: readonly Pick<PlanNode, 'id' | 'inputs'>[]): readonly ReadonlySet<number>[] {
  const found: Set<number>[] = [];
  for (const { id, inputs } of nodes) {
    found.push(new Set(inputs.length === 0 ? [id] : inputs.flatMap((input) => [...found[input]!])));
  }
  return found;
}

/** Returns for each node, by id, the names of the tables whose rows reach it. */
export function tablesBelow(nodes: readonly PlanNode[]): readonly (readonly string[])[] {
  return scansBelow(nodes).map((scans) => [
    ...new Set(
      [...scans].flatMap((id) => {
        const node = nodes[id]!;
        return node.kind === 'scan' ? [node.table] : [];
      }),
    ),
  ]);
}
