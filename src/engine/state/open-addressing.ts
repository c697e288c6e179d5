/**
 * Shared parts of both key indexes: table sizes, hashes of bytes, and deletion without tombstones.
 */

export function indexSize(capacity: number): number {
  let size = 16;
  while (size < capacity * 2) size *= 2;
  return size;
}

export const HASH_SEED = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/**
 * Computes FNV-1a with a final mix. This hash also determines the key group, so it must never
 * change.
 */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = HASH_SEED;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, HASH_PRIME);
  return h ^ (h >>> 15);
}

/**
 * Removes a slot from a linear-probing table and moves later entries of the run into the hole. It
 * also moves the elements of parallel arrays.
 */
export function deleteShifting(
  table: Int32Array,
  mask: number,
  slot: number,
  hash: number,
  hashOf: (slot: number) => number,
  tags: Uint8Array | null = null,
): void {
  let hole = hash & mask;
  while (table[hole] !== slot) {
    if (table[hole]! < 0) return;
    hole = (hole + 1) & mask;
  }
  let next = (hole + 1) & mask;
  for (;;) {
    const candidate = table[next]!;
    if (candidate < 0) break;
    const home = hashOf(candidate) & mask;
    // The candidate may move into the hole unless its home is cyclically in (hole, next].
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      table[hole] = candidate;
      if (tags !== null) tags[hole] = tags[next]!;
      hole = next;
    }
    next = (next + 1) & mask;
  }
  table[hole] = -1;
  if (tags !== null) tags[hole] = 0;
}
