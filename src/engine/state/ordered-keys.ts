import type { DataType } from '../../core/data-type.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';

/** Means that there is no entry slot or no key slot. */
export const NO_ENTRY = -1;

const LEAST = 64;

/** The keys of an ordered table. Each key has a key slot. */
export class OrderedKeys {
  index: KeyIndex;
  /** The first entry of each key slot. */
  heads: Int32Array = new Int32Array(LEAST);
  /** The last entry of each key slot. */
  tails: Int32Array = new Int32Array(LEAST);
  /** The number of entry slots of each key slot, including those of removed entries. */
  counts: Int32Array = new Int32Array(LEAST);
  /** By key slot: how often it was released. */
  versions: Int32Array = new Int32Array(LEAST);
  readonly #types: readonly DataType[];
  /** 1 for a key slot that was used since the eviction hand last passed it. */
  #used = new Uint8Array(LEAST);
  #isFree = new Uint8Array(LEAST);
  #size = 0;
  #free: number[] = [];
  #made: number[] = [];
  #hand = 0;

  constructor(types: readonly DataType[]) {
    this.#types = types;
    this.index = createKeyIndex(types, LEAST);
  }

  allocate(): number {
    const key = this.#free.pop() ?? this.#size++;
    if (key >= this.heads.length) this.#grow(this.heads.length * 2);
    this.heads[key] = NO_ENTRY;
    this.tails[key] = NO_ENTRY;
    this.counts[key] = 0;
    this.#used[key] = 1;
    this.#isFree[key] = 0;
    return key;
  }

  #grow(capacity: number): void {
    const grown = (array: Int32Array): Int32Array => {
      const larger = new Int32Array(capacity);
      larger.set(array);
      return larger;
    };
    this.heads = grown(this.heads);
    this.tails = grown(this.tails);
    this.counts = grown(this.counts);
    if (this.versions.length < capacity) this.versions = grown(this.versions);
    const used = new Uint8Array(capacity);
    used.set(this.#used);
    this.#used = used;
    const free = new Uint8Array(capacity);
    free.set(this.#isFree);
    this.#isFree = free;
    this.index.grow(capacity);
  }

  isFree(key: number): boolean {
    return this.#isFree[key] === 1;
  }

  release(key: number): void {
    if (this.isFree(key)) return;
    this.index.delete(key);
    this.#isFree[key] = 1;
    this.versions[key]! += 1;
    this.#free.push(key);
  }

  markUsed(keys: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#used[keys[i]!] = 1;
  }

  /**
   * Records a key slot that a lookup created. Returns true if it is the first one since the last
   * call of `takeMade`.
   */
  noteMade(key: number): boolean {
    return this.#made.push(key) === 1;
  }

  takeMade(): readonly number[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /**
   * Returns the next key slot that has entries and was not used since the hand last passed it.
   * Returns NO_ENTRY if there is none.
   */
  nextUnused(isFixed: (key: number) => boolean): number {
    for (let steps = this.#size * 2; steps > 0; steps--) {
      if (this.#hand >= this.#size) this.#hand = 0;
      const key = this.#hand++;
      if (this.#isFree[key] === 1 || this.heads[key] === NO_ENTRY) continue;
      if (this.#used[key] === 1) this.#used[key] = 0;
      else if (!isFixed(key)) return key;
    }
    return NO_ENTRY;
  }

  clear(): void {
    this.index = createKeyIndex(this.#types, LEAST);
    this.heads = new Int32Array(LEAST);
    this.tails = new Int32Array(LEAST);
    this.counts = new Int32Array(LEAST);
    for (let key = 0; key < this.versions.length; key++) this.versions[key]! += 1;
    this.#used = new Uint8Array(LEAST);
    this.#isFree = new Uint8Array(LEAST);
    this.#size = 0;
    this.#free = [];
    this.#made = [];
    this.#hand = 0;
  }

  bytes(): number {
    return this.heads.length * 18 + this.index.bytes() + (this.#free.length + this.#made.length) * 8;
  }
}
