import { createHash } from 'node:crypto';

/** Writes JSON with the keys of objects in alphabetical order and without undefined values. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** Computes the hash of a value by its canonical JSON. */
export const hashOf = (value: unknown, encoding: 'base64url' | 'hex' = 'base64url'): string =>
  createHash('sha256').update(canonicalJson(value)).digest(encoding);
