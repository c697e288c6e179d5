import { readsWatermark } from './current-watermark.ts';
import { definitionOf } from './nodes/registry.ts';
import type { PlannedNode } from './plan.ts';
import type { PlanNode } from './plan-node.ts';
import { scansBelow } from './scans-below.ts';
import { isTimeField, type NodeTraits } from './traits.ts';

type OwnTraits = Omit<NodeTraits, 'mergesWays' | 'tracksOrigin'>;

/** Returns the nodes of a plan with their traits. */
export function withTraits(nodes: readonly PlanNode[]): readonly PlannedNode[] {
  const own: OwnTraits[] = [];
  for (const node of nodes) own.push(ownTraits(node, nodes, own));
  const { merging, tracked } = findWays(nodes, own);
  return nodes.map((node, id) => ({
    ...node,
    traits: { ...own[id]!, mergesWays: merging.has(id), tracksOrigin: tracked.has(id) },
  }));
}

function ownTraits(node: PlanNode, nodes: readonly PlanNode[], below: readonly OwnTraits[]): OwnTraits {
  const { changes, keys, together, keepsState } = definitionOf(node);
  const schemas = { fields: node.fields, inputs: node.inputs.map((input) => nodes[input]!.fields) };
  const inputs = node.inputs.map((input) => below[input]!);
  const fieldsThat = (test: (field: PlanNode['fields'][number]) => boolean): number[] =>
    node.fields.flatMap((field, i) => (test(field) ? [i] : []));
  return {
    changes: changes(
      node,
      inputs.map((input) => input.changes),
    ),
    keys: keys(
      node,
      schemas,
      inputs.map((input) => input.keys),
    ),
    eventTime: fieldsThat(isTimeField('rowtime')),
    processingTime: fieldsThat(isTimeField('proctime')),
    together: together(node, schemas),
    stateful: keepsState(node),
  };
}

/**
 * Returns the nodes at which rows of one source that went different ways meet again, below a node
 * that depends on their order, and all nodes on these ways.
 */
function findWays(
  nodes: readonly PlanNode[],
  traits: readonly OwnTraits[],
): { readonly merging: ReadonlySet<number>; readonly tracked: ReadonlySet<number> } {
  const scans = scansBelow(nodes);
  const ordered = orderedNodes(nodes, traits);
  const merging = new Set<number>();
  const tracked = new Set<number>();
  for (const { id, inputs } of nodes) {
    if (!ordered.has(id)) continue;
    const shared = new Set<number>();
    for (const [i, input] of inputs.entries()) {
      for (const other of inputs.slice(0, i)) {
        for (const scan of scans[input]!) if (scans[other]!.has(scan)) shared.add(scan);
      }
    }
    if (shared.size === 0) continue;
    merging.add(id);
    const track = (below: number): void => {
      if (tracked.has(below) || ![...scans[below]!].some((scan) => shared.has(scan))) return;
      tracked.add(below);
      nodes[below]!.inputs.forEach(track);
    };
    inputs.forEach(track);
  }
  return { merging, tracked };
}

/** Returns the nodes that depend on the order of their rows, or have a later node that does. */
function orderedNodes(nodes: readonly PlanNode[], traits: readonly OwnTraits[]): ReadonlySet<number> {
  const ordered = new Set<number>();
  for (const node of [...nodes].reverse()) {
    const matters = traits[node.id]!.stateful || definitionOf(node).expressions(node).some(readsWatermark);
    if (matters) ordered.add(node.id);
    if (ordered.has(node.id)) for (const input of node.inputs) ordered.add(input);
  }
  return ordered;
}
