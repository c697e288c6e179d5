import type { DataType } from '../../core/data-type.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';

/** Means that there is no entry slot or no key slot. */
export const NO_ENTRY = -1;

const LEAST = 64;
/** Binary logarithm of the integers in a record. */
const RECORD = 2;
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const VERSION = 3;

/** The keys of an ordered table. Each key has a key slot. */
export class OrderedKeys {
  index: KeyIndex;
  /**
   * Four integers per key slot: the first entry, the last entry, the number of entry slots
   * (including those of removed entries), and how often the key slot was released. They are
   * accessed together, so they share a cache line.
   */
  #records = new Int32Array(LEAST << RECORD);
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
    if (key >= this.#used.length) this.#grow(this.#used.length * 2);
    this.setHead(key, NO_ENTRY);
    this.setTail(key, NO_ENTRY);
    this.#records[(key << RECORD) + COUNT] = 0;
    this.#used[key] = 1;
    this.#isFree[key] = 0;
    return key;
  }

  #grow(capacity: number): void {
    if (this.#records.length < capacity << RECORD) {
      const records = new Int32Array(capacity << RECORD);
      records.set(this.#records);
      this.#records = records;
    }
    const used = new Uint8Array(capacity);
    used.set(this.#used);
    this.#used = used;
    const free = new Uint8Array(capacity);
    free.set(this.#isFree);
    this.#isFree = free;
    this.index.grow(capacity);
  }

  headOf(key: number): number {
    return this.#records[(key << RECORD) + HEAD]!;
  }
  setHead(key: number, slot: number): void {
    this.#records[(key << RECORD) + HEAD] = slot;
  }
  tailOf(key: number): number {
    return this.#records[(key << RECORD) + TAIL]!;
  }
  setTail(key: number, slot: number): void {
    this.#records[(key << RECORD) + TAIL] = slot;
  }
  countOf(key: number): number {
    return this.#records[(key << RECORD) + COUNT]!;
  }
  addCount(key: number, change: number): void {
    this.#records[(key << RECORD) + COUNT]! += change;
  }
  /** How often the key slot was released. */
  versionOf(key: number): number {
    return this.#records[(key << RECORD) + VERSION]!;
  }

  isFree(key: number): boolean {
    return this.#isFree[key] === 1;
  }

  release(key: number): void {
    if (this.isFree(key)) return;
    this.index.delete(key);
    this.#isFree[key] = 1;
    this.#records[(key << RECORD) + VERSION]! += 1;
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
      if (this.#isFree[key] === 1 || this.headOf(key) === NO_ENTRY) continue;
      if (this.#used[key] === 1) this.#used[key] = 0;
      else if (!isFixed(key)) return key;
    }
    return NO_ENTRY;
  }

  clear(): void {
    this.index = createKeyIndex(this.#types, LEAST);
    // The records stay, because timers in memory still have versions of these key slots.
    for (let at = VERSION; at < this.#records.length; at += 1 << RECORD) this.#records[at]! += 1;
    this.#used = new Uint8Array(LEAST);
    this.#isFree = new Uint8Array(LEAST);
    this.#size = 0;
    this.#free = [];
    this.#made = [];
    this.#hand = 0;
  }

  bytes(): number {
    return (
      this.#records.byteLength +
      this.#used.length * 2 +
      this.index.bytes() +
      (this.#free.length + this.#made.length) * 8
    );
  }
}
