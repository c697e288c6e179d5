const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** The key is not among the keys of the index. */
export const UNKNOWN_KEY = -1;
/** There is no key at the position, or the key is for the exact reader, as it has an escape. */
export const NO_KEY = -2;

/** Finds keys of an object by their bytes. */
export class KeyIndex {
  readonly #keys: readonly Uint8Array[];
  /** A hash table with linear probing. It contains the numbers of keys; -1: no key. */
  readonly #slots: Int32Array;
  /** The number of searches that found no key. */
  misses = 0;

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys;
    let size = 4;
    while (size < keys.length * 2) size *= 2;
    this.#slots = new Int32Array(size).fill(-1);
    for (const [number, key] of keys.entries()) {
      let slot = hashOf(key, 0, key.length) & (size - 1);
      while (this.#slots[slot] !== -1) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = number;
    }
  }

  /**
   * Returns the number of the key whose quote mark is at `start`. A colon must follow the key, and
   * a line break must follow the record.
   */
  find(bytes: Uint8Array, start: number): number {
    if (bytes[start] !== QUOTE) return NO_KEY;
    let end = start + 1;
    for (;;) {
      const byte = bytes[end]!;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH || !(byte >= 32)) return NO_KEY;
      end++;
    }
    if (bytes[end + 1] !== COLON) return NO_KEY;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(bytes, start + 1, end) & mask;
    for (;;) {
      const number = slots[slot]!;
      if (number === -1) break;
      if (isKey(this.#keys[number]!, bytes, start + 1, end)) return number;
      slot = (slot + 1) & mask;
    }
    this.misses++;
    return UNKNOWN_KEY;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + bytes[i]!;
  return hash ^ (hash >>> 15);
}

function isKey(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
