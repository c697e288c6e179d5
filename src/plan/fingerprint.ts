import { hashOf } from './hash.ts';
import { definitionOf } from './nodes/registry.ts';
import type { Plan, PlannedNode } from './plan.ts';
import type { Operation } from './plan-node.ts';

/**
 * The meaning of each node, by id: a hash of everything that it says but its id, name and traits,
 * and of its inputs' meaning. Two nodes with the same fingerprint can take over each other's state.
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

/** What a node does, without its place in the plan. */
function operationOf(node: PlannedNode): Operation {
  const { id: _id, name: _name, fields: _fields, inputs: _inputs, traits: _traits, ...operation } = node;
  return operation;
}

/**
 * Hash of a whole plan, names included. It is of the form that plans had in format 1, so that
 * hashes which older versions have stored stay true.
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
