import { hashOf } from './hash.ts';
import { definitionOf } from './nodes/registry.ts';
import type { Plan, PlannedNode } from './plan.ts';
import type { Operation } from './plan-node.ts';

/**
 * Returns the fingerprint of each node, by id. It is a hash of the node without its id, name and
 * traits, and of its inputs' fingerprints. Nodes with the same fingerprint can take over each
 * other's state.
 */
export function fingerprints(plan: Plan): string[] {
  const result: string[] = [];
  for (const node of plan.nodes) {
    const inputs = node.inputs.map((input) => result[input]!);
    const own = { fields: node.fields, ...definitionOf(node).fingerprint(operationOf(node)) };
    result.push(hashOf({ own, inputs, settings: plan.settings }, 'hex'));
  }
  return result;
}

/** Returns the operation of a node, without its place in the plan. */
function operationOf(node: PlannedNode): Operation {
  const { id: _id, name: _name, fields: _fields, inputs: _inputs, traits: _traits, ...operation } = node;
  return operation;
}

/**
 * Computes the hash of a whole plan, including names. It is computed from the format 1 form of the
 * plan, so hashes stored by older versions stay valid.
 */
export function planHash({ name, nodes, settings }: Plan): string {
  const parts = nodes.map((node) => {
    const definition = definitionOf(node);
    const { inputs } = node;
    const place = { one: { input: inputs[0] }, several: { inputs }, none: {} }[definition.inputs];
    const own = definition.fingerprint(operationOf(node));
    return { id: node.id, name: node.name, fields: node.fields, ...place, ...own };
  });
  return hashOf({ format: 1, name, nodes: parts, settings }, 'hex');
}
