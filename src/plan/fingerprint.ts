import { createHash } from 'node:crypto';
import { inputsOf, type Plan } from './plan.ts';

/**
 * The meaning of each node, by id: a hash of everything that it says but its id and name, and of
 * its inputs' meaning. Two nodes with the same fingerprint can take over each other's state.
 */
export function fingerprints(plan: Plan): string[] {
  const result: string[] = [];
  for (const node of plan.nodes) {
    const { id: _id, name: _name, ...rest } = node;
    const {
      input: _input,
      inputs: _inputs,
      ...own
    } = rest as typeof rest & { input?: number; inputs?: readonly number[] };
    const inputs = inputsOf(node).map((input) => result[input]!);
    result.push(
      createHash('sha256')
        .update(canonicalJson({ own, inputs, settings: plan.settings }))
        .digest('hex'),
    );
  }
  return result;
}

/** JSON with the keys of objects in alphabetical order and without undefined ones. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
