import type { LookupFilter } from './state-store.ts';

/** The size of the smallest table. */
const SMALLEST = 1024;
/** Replaces the hash 0, because 0 marks a free place. */
const FOR_ZERO = 0x5bd1e995;
/** The note of an entry without information. */
const NO_NOTE = 0;

/**
 * The hashes of the keys that are in the back end and not in memory. A key whose hash is absent
 * need not be read. Each key has its own place, so one of two keys with the same hash can be
 * deleted. The table uses open addressing and stores whole hashes, so it can grow without the keys.
 * At most three quarters of the places are used.
 *
 * If the table has notes (`TableSpec.note`), each place also has the note of its entry. A place
 * uses four or six bytes.
 */
export class StoredKeys {
  #table = new Int32Array(SMALLEST);
  #notes: Uint16Array | null;
  #mask = SMALLEST - 1;
  #size = 0;

  constructor(withNotes = false) {
    this.#notes = withNotes ? new Uint16Array(SMALLEST) : null;
  }

  get size(): number {
    return this.#size;
  }

  /** Returns whether a key with this hash may be in the back end. */
  has(hash: number): boolean {
    const wanted = hash | 0 || FOR_ZERO;
    return this.#table[this.#find(wanted)] === wanted;
  }

  /**
   * Returns whether a key with this hash may be in the back end and the `i`-th row needs its entry.
   */
  isNeeded(hash: number, i: number, filter: LookupFilter): boolean {
    const table = this.#table;
    const notes = this.#notes;
    const mask = this.#mask;
    const wanted = hash | 0 || FOR_ZERO;
    for (let at = this.#find(wanted); table[at] !== 0; at = (at + 1) & mask) {
      if (table[at] === wanted && filter.needsStored(i, notes === null ? NO_NOTE : notes[at]!)) return true;
    }
    return false;
  }

  /** Returns the first place with this hash, or the free place that ends the search. */
  #find(wanted: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let at = homeOf(wanted) & mask;
    while (table[at] !== 0 && table[at] !== wanted) at = (at + 1) & mask;
    return at;
  }

  add(hash: number, note: number = NO_NOTE): void {
    if (this.#size * 4 >= this.#table.length * 3) this.#resize(this.#table.length * 2);
    this.#place(hash | 0 || FOR_ZERO, note);
    this.#size++;
  }

  #place(hash: number, note: number): void {
    let at = homeOf(hash) & this.#mask;
    while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
    this.#table[at] = hash;
    if (this.#notes !== null) this.#notes[at] = note;
  }

  /** Removes one key with this hash. */
  delete(hash: number): void {
    const table = this.#table;
    const mask = this.#mask;
    const wanted = hash | 0 || FOR_ZERO;
    let hole = homeOf(wanted) & mask;
    while (table[hole] !== wanted) {
      if (table[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    if (this.#notes !== null) this.#forgetNotes(wanted, hole);
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      // The entry may move into the hole unless its home is cyclically in (hole, next].
      if (((next - homeOf(table[next]!)) & mask) < ((next - hole) & mask)) continue;
      table[hole] = table[next]!;
      if (this.#notes !== null) this.#notes[hole] = this.#notes[next]!;
      hole = next;
    }
    table[hole] = 0;
    this.#size--;
    if (table.length > SMALLEST && this.#size * 8 < table.length) this.#resize(table.length / 2);
  }

  /**
   * Clears the notes of all keys with this hash. It is unknown which note belongs to the removed
   * key.
   */
  #forgetNotes(hash: number, from: number): void {
    const mask = this.#mask;
    for (let at = from; this.#table[at] !== 0; at = (at + 1) & mask) {
      if (this.#table[at] === hash) this.#notes![at] = NO_NOTE;
    }
  }

  clear(): void {
    this.#table = new Int32Array(SMALLEST);
    if (this.#notes !== null) this.#notes = new Uint16Array(SMALLEST);
    this.#mask = SMALLEST - 1;
    this.#size = 0;
  }

  #resize(length: number): void {
    const old = this.#table;
    const notes = this.#notes;
    this.#table = new Int32Array(length);
    if (notes !== null) this.#notes = new Uint16Array(length);
    this.#mask = length - 1;
    for (let i = 0; i < old.length; i++) if (old[i] !== 0) this.#place(old[i]!, notes === null ? NO_NOTE : notes[i]!);
  }

  bytes(): number {
    return this.#table.byteLength + (this.#notes?.byteLength ?? 0);
  }
}

/**
 * Returns the home of a hash in the table. The low bits of key hashes are too regular and would
 * cause long runs.
 */
function homeOf(hash: number): number {
  const h = Math.imul(hash, 0x9e3779b1);
  return h ^ (h >>> 15);
}
