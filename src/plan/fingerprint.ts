import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';
import { inputsOf } from './plan.ts';

/**
 * Semantic fingerprint of each node, by position: sha256 of its canonical JSON without id, name and the inputs' ids, with the fingerprints of its inputs in their place. Equal
 * fingerprints mean: the same rows for the same input, so state may be kept.
 */
export function fingerprints(plan: Plan): readonly string[] {
  const made: string[] = [];
  for (const node of plan.nodes) {
    const {
      id: _id,
      name: _name,
      input: _input,
      inputs: _inputs,
      ...meaning
    } = node as unknown as Record<string, unknown>;
    const below = inputsOf(node).map((i) => made[i]!);
    made.push(
      createHash('sha256')
        .update(canonicalJson({ ...meaning, below, settings: plan.settings }))
        .digest('hex'),
    );
  }
  return made;
}

/** JSON with the keys of every object in order, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}
