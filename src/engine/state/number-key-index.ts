import type { Batch } from '../../batch/batch.ts';
import type { DataType } from '../../core/data-type.ts';
import { ByteReader, type ByteWriter } from './byte-codec.ts';
import { type KeyPart, keyPart, writeInteger } from './key-codec.ts';
import type { Allocate, KeyIndex } from './key-index.ts';
import { deleteShifting, indexSize } from './open-addressing.ts';
import type { LookupFilter } from './state-store.ts';

/** Creates no slot. */
const ABSENT = (): number => -1;
/** Represents NULL among the numbers of an integer column. */
const NULL_KEY = Number.POSITIVE_INFINITY;

/**
 * An index of the keys of one integer-like column, as floats. A separate map has BIGINT keys beyond
 * 2^53-1.
 */
export class NumberKeyIndex implements KeyIndex {
  #table: Int32Array;
  #mask: number;
  #keys: Float64Array;
  /** Keys beyond 2^53-1, by value. Their element of `#keys` is NaN. */
  readonly #wide = new Map<bigint, number>();
  readonly #wideKeys = new Map<number, bigint>();
  readonly #part: KeyPart;

  constructor(type: DataType, capacity: number) {
    this.#part = keyPart(type);
    this.#mask = indexSize(capacity) - 1;
    this.#table = new Int32Array(this.#mask + 1).fill(-1);
    this.#keys = new Float64Array(capacity);
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    rows: Int32Array | null,
    count: number,
    slots: Int32Array,
    allocate: Allocate,
    filter: LookupFilter | null,
  ): void {
    const vector = batch.columns[keyColumns[0]!]!;
    if (vector.kind === 'number') {
      const { values, nulls } = vector;
      for (let i = 0; i < count; i++) {
        const row = rows === null ? i : rows[i]!;
        const key = nulls !== null && nulls[row] === 1 ? NULL_KEY : values[row]!;
        slots[i] = this.#find(key, filter === null || filter.needsAbsent(i) ? allocate : ABSENT, i);
      }
      return;
    }
    for (let i = 0; i < count; i++) {
      const value = vector.get(rows === null ? i : rows[i]!);
      slots[i] = this.#boxed(value, filter === null || filter.needsAbsent(i) ? allocate : ABSENT, i);
    }
  }

  slotOf(key: readonly unknown[], allocate: Allocate): number {
    return this.#boxed(key[0], allocate, 0);
  }

  #boxed(value: unknown, allocate: Allocate, i: number): number {
    if (typeof value !== 'bigint') return this.#find(value === null ? NULL_KEY : (value as number), allocate, i);
    const known = this.#wide.get(value);
    if (known !== undefined) return known;
    const slot = allocate(hashWide(value), i);
    if (slot < 0) return slot;
    this.#wide.set(value, slot);
    this.#wideKeys.set(slot, value);
    this.#keys[slot] = Number.NaN;
    return slot;
  }

  #find(key: number, allocate: Allocate, i: number): number {
    let at = hashNumber(key) & this.#mask;
    for (;;) {
      const slot = this.#table[at]!;
      if (slot < 0) break;
      if (this.#keys[slot] === key) return slot;
      at = (at + 1) & this.#mask;
    }
    const table = this.#table;
    const slot = allocate(hashNumber(key), i);
    if (slot < 0) return slot;
    if (table !== this.#table) {
      // allocate() has grown the table, so the free place has changed.
      at = hashNumber(key) & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
    }
    this.#table[at] = slot;
    this.#keys[slot] = key;
    return slot;
  }

  delete(slot: number): void {
    const wide = this.#wideKeys.get(slot);
    if (wide !== undefined) {
      this.#wideKeys.delete(slot);
      this.#wide.delete(wide);
      return;
    }
    deleteShifting(this.#table, this.#mask, slot, hashNumber(this.#keys[slot]!), (s) => hashNumber(this.#keys[s]!));
  }

  keyOf(slot: number): readonly unknown[] {
    const key = this.#keys[slot]!;
    if (key !== key) return [this.#wideKeys.get(slot)!];
    return [key === NULL_KEY ? null : key];
  }

  writeKey(writer: ByteWriter, slot: number): void {
    const key = this.#keys[slot]!;
    if (key === NULL_KEY) writer.byte(0);
    else {
      writer.byte(1);
      writeInteger(writer, key !== key ? this.#wideKeys.get(slot)! : key);
    }
  }

  slotOfEncoded(key: Buffer, start: number, end: number, allocate: Allocate): number {
    return this.#boxed(this.#part.read(new ByteReader(key, start, end)), allocate, 0);
  }

  hashOf(slot: number): number {
    const wide = this.#wideKeys.get(slot);
    return wide === undefined ? hashNumber(this.#keys[slot]!) : hashWide(wide);
  }

  hashOfEncoded(key: Buffer, start: number, end: number): number {
    const value = this.#part.read(new ByteReader(key, start, end));
    if (typeof value === 'bigint') return hashWide(value);
    return hashNumber(value === null ? NULL_KEY : (value as number));
  }

  grow(capacity: number): void {
    const keys = new Float64Array(capacity);
    keys.set(this.#keys);
    this.#keys = keys;
    const size = indexSize(capacity);
    if (size === this.#mask + 1) return;
    const old = this.#table;
    this.#mask = size - 1;
    this.#table = new Int32Array(size).fill(-1);
    for (let i = 0; i < old.length; i++) {
      const slot = old[i]!;
      if (slot < 0) continue;
      let at = hashNumber(keys[slot]!) & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
      this.#table[at] = slot;
    }
  }

  bytes(): number {
    return this.#table.byteLength + this.#keys.byteLength + this.#wide.size * 150;
  }
}

function hashWide(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

function hashNumber(key: number): number {
  let h = Math.imul(key | 0, 0x9e3779b1);
  if (key > 2147483647 || key < -2147483648) h ^= Math.imul((key / 4294967296) | 0, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}
