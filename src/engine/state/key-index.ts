import type { Batch } from '../../batch/batch.ts';
import { type DataType, physicalOf } from '../../core/data-type.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { type KeyPart, keyPart, writeInteger } from './key-codec.ts';

/**
 * From key to slot, open addressing with linear probing in typed arrays; deletion shifts back, so there are no tombstones. Two forms: a single
 * integer-like column keeps its numbers, everything else its encoded bytes (the same bytes that stand in RocksDB).
 */
export interface KeyIndex {
  /** Slots for rows of a batch; a slot from `allocate` is made for a key that is not there. */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    rows: Int32Array | null,
    count: number,
    slots: Int32Array,
    allocate: () => number,
  ): void;
  slotOf(key: readonly unknown[], allocate: () => number): number;
  /** Forgets the key of a slot. */
  delete(slot: number): void;
  keyOf(slot: number): readonly unknown[];
  /** Writes the encoded key of a slot. */
  writeKey(writer: ByteWriter, slot: number): void;
  /** The slot of an encoded key: what restore and reads from disk use. */
  slotOfEncoded(key: Buffer, start: number, end: number, allocate: () => number): number;
  grow(capacity: number): void;
  bytes(): number;
}

export function createKeyIndex(types: readonly DataType[], capacity: number): KeyIndex {
  const only = types.length === 1 ? types[0]! : null;
  if (only !== null && isIntegerLike(only)) return new NumberKeyIndex(only, capacity);
  return new BytesKeyIndex(types, capacity);
}

function isIntegerLike(type: DataType): boolean {
  if (type.kind === 'float' || type.kind === 'double') return false;
  const physical = physicalOf(type);
  return physical === 'number' || physical === 'long';
}

/** Stands for NULL among the numbers of an integer column. */
const NULL_KEY = Number.POSITIVE_INFINITY;

function indexSize(capacity: number): number {
  let size = 16;
  while (size < capacity * 2) size *= 2;
  return size;
}

class NumberKeyIndex implements KeyIndex {
  #table: Int32Array;
  #mask: number;
  #keys: Float64Array;
  /** Keys beyond 2^53-1, by value; their place in `#keys` is NaN. */
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
    allocate: () => number,
  ): void {
    const vector = batch.columns[keyColumns[0]!]!;
    if (vector.kind === 'number') {
      const { values, nulls } = vector;
      for (let i = 0; i < count; i++) {
        const row = rows === null ? i : rows[i]!;
        slots[i] = this.#find(nulls !== null && nulls[row] === 1 ? NULL_KEY : values[row]!, allocate);
      }
      return;
    }
    for (let i = 0; i < count; i++) slots[i] = this.#boxed(vector.get(rows === null ? i : rows[i]!), allocate);
  }

  slotOf(key: readonly unknown[], allocate: () => number): number {
    return this.#boxed(key[0], allocate);
  }

  #boxed(value: unknown, allocate: () => number): number {
    if (typeof value !== 'bigint') return this.#find(value === null ? NULL_KEY : (value as number), allocate);
    const known = this.#wide.get(value);
    if (known !== undefined) return known;
    const slot = allocate();
    this.#wide.set(value, slot);
    this.#wideKeys.set(slot, value);
    this.#keys[slot] = Number.NaN;
    return slot;
  }

  #find(key: number, allocate: () => number): number {
    let at = hashNumber(key) & this.#mask;
    for (;;) {
      const slot = this.#table[at]!;
      if (slot < 0) break;
      if (this.#keys[slot] === key) return slot;
      at = (at + 1) & this.#mask;
    }
    const table = this.#table;
    const slot = allocate();
    if (table !== this.#table) {
      // allocate() grew the table: the free place is elsewhere now.
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

  slotOfEncoded(key: Buffer, start: number, end: number, allocate: () => number): number {
    return this.#boxed(this.#part.read(new ByteReader(key, start, end)), allocate);
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

function hashNumber(key: number): number {
  let h = Math.imul(key | 0, 0x9e3779b1);
  if (key > 2147483647 || key < -2147483648) h ^= Math.imul((key / 4294967296) | 0, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

class BytesKeyIndex implements KeyIndex {
  #table: Int32Array;
  #mask: number;
  #hashes: Int32Array;
  #offsets: Float64Array;
  #lengths: Int32Array;
  #arena: Buffer;
  #arenaEnd = 0;
  #arenaDead = 0;
  readonly #parts: readonly KeyPart[];
  readonly #scratch = new ByteWriter(256);

  constructor(types: readonly DataType[], capacity: number) {
    this.#parts = types.map(keyPart);
    this.#mask = indexSize(capacity) - 1;
    this.#table = new Int32Array(this.#mask + 1).fill(-1);
    this.#hashes = new Int32Array(capacity);
    this.#offsets = new Float64Array(capacity);
    this.#lengths = new Int32Array(capacity);
    this.#arena = Buffer.allocUnsafeSlow(capacity * 16);
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    rows: Int32Array | null,
    count: number,
    slots: Int32Array,
    allocate: () => number,
  ): void {
    const parts = this.#parts;
    const scratch = this.#scratch;
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      scratch.position = 0;
      for (let k = 0; k < parts.length; k++) parts[k]!.writeRow(scratch, batch.columns[keyColumns[k]!]!, row);
      slots[i] = this.#find(scratch.buffer, 0, scratch.position, allocate);
    }
  }

  slotOf(key: readonly unknown[], allocate: () => number): number {
    const scratch = this.#scratch;
    scratch.position = 0;
    for (let k = 0; k < this.#parts.length; k++) this.#parts[k]!.write(scratch, key[k]);
    return this.#find(scratch.buffer, 0, scratch.position, allocate);
  }

  slotOfEncoded(key: Buffer, start: number, end: number, allocate: () => number): number {
    return this.#find(key, start, end, allocate);
  }

  #find(key: Buffer, start: number, end: number, allocate: () => number): number {
    const hash = hashBytes(key, start, end);
    const length = end - start;
    let at = hash & this.#mask;
    for (;;) {
      const slot = this.#table[at]!;
      if (slot < 0) break;
      if (this.#hashes[slot] === hash && this.#lengths[slot] === length && this.#same(slot, key, start, length))
        return slot;
      at = (at + 1) & this.#mask;
    }
    const table = this.#table;
    const slot = allocate();
    if (table !== this.#table) {
      at = hash & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
    }
    this.#table[at] = slot;
    this.#hashes[slot] = hash;
    this.#lengths[slot] = length;
    this.#offsets[slot] = this.#keep(key, start, end);
    return slot;
  }

  #same(slot: number, key: Buffer, start: number, length: number): boolean {
    const arena = this.#arena;
    const offset = this.#offsets[slot]!;
    for (let i = 0; i < length; i++) if (arena[offset + i] !== key[start + i]) return false;
    return true;
  }

  #keep(key: Buffer, start: number, end: number): number {
    const length = end - start;
    if (this.#arenaEnd + length > this.#arena.length) {
      if (this.#arenaDead > this.#arena.length / 2) this.#compact();
      if (this.#arenaEnd + length > this.#arena.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(this.#arena.length * 2, this.#arenaEnd + length));
        this.#arena.copy(grown, 0, 0, this.#arenaEnd);
        this.#arena = grown;
      }
    }
    const at = this.#arenaEnd;
    const arena = this.#arena;
    for (let i = 0; i < length; i++) arena[at + i] = key[start + i]!;
    this.#arenaEnd = at + length;
    return at;
  }

  /** Key churn leaves holes; live keys move together once half of the arena is dead. */
  #compact(): void {
    const compacted = Buffer.allocUnsafeSlow(this.#arena.length);
    let end = 0;
    for (let i = 0; i <= this.#mask; i++) {
      const slot = this.#table[i]!;
      if (slot < 0) continue;
      const offset = this.#offsets[slot]!;
      this.#offsets[slot] = end;
      end += this.#arena.copy(compacted, end, offset, offset + this.#lengths[slot]!);
    }
    this.#arena = compacted;
    this.#arenaEnd = end;
    this.#arenaDead = 0;
  }

  delete(slot: number): void {
    this.#arenaDead += this.#lengths[slot]!;
    deleteShifting(this.#table, this.#mask, slot, this.#hashes[slot]!, (s) => this.#hashes[s]!);
  }

  keyOf(slot: number): readonly unknown[] {
    const offset = this.#offsets[slot]!;
    const reader = new ByteReader(this.#arena, offset, offset + this.#lengths[slot]!);
    return this.#parts.map((part) => part.read(reader));
  }

  writeKey(writer: ByteWriter, slot: number): void {
    const offset = this.#offsets[slot]!;
    writer.raw(this.#arena, offset, offset + this.#lengths[slot]!);
  }

  grow(capacity: number): void {
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const offsets = new Float64Array(capacity);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const lengths = new Int32Array(capacity);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    const size = indexSize(capacity);
    if (size === this.#mask + 1) return;
    const old = this.#table;
    this.#mask = size - 1;
    this.#table = new Int32Array(size).fill(-1);
    for (let i = 0; i < old.length; i++) {
      const slot = old[i]!;
      if (slot < 0) continue;
      let at = hashes[slot]! & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
      this.#table[at] = slot;
    }
  }

  bytes(): number {
    return (
      this.#table.byteLength +
      this.#hashes.byteLength +
      this.#offsets.byteLength +
      this.#lengths.byteLength +
      this.#arena.length
    );
  }
}

/** FNV-1a with a final mix. Also the hash that decides the key group, so it must never change. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h ^ (h >>> 15);
}

/** Takes a slot out of a linear-probing table and moves later entries of the run into the hole. */
function deleteShifting(
  table: Int32Array,
  mask: number,
  slot: number,
  hash: number,
  hashOf: (slot: number) => number,
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
    // The candidate may move into the hole unless its home lies cyclically in (hole, next].
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      table[hole] = candidate;
      hole = next;
    }
    next = (next + 1) & mask;
  }
  table[hole] = -1;
}
