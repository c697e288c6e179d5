import type { Batch } from '../../batch/batch.ts';
import type { DataType } from '../../core/data-type.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { type KeyPart, keyPart } from './key-codec.ts';
import type { KeyIndex } from './key-index.ts';
import { deleteShifting, hashBytes, indexSize } from './open-addressing.ts';

/** Keys of any columns, by their encoded bytes, which lie one behind the other in an arena. */
export class BytesKeyIndex implements KeyIndex {
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
    // Kept first: making room moves the keys of all slots in the table, and this one has none yet.
    this.#offsets[slot] = this.#keep(key, start, end);
    this.#table[at] = slot;
    this.#hashes[slot] = hash;
    this.#lengths[slot] = length;
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
