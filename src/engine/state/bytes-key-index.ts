import type { Batch } from '../../batch/batch.ts';
import type { BytesVector } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { type KeyPart, keyPart } from './key-codec.ts';
import type { Allocate, KeyIndex } from './key-index.ts';
import { deleteShifting, HASH_PRIME, HASH_SEED, hashBytes, indexSize } from './open-addressing.ts';
import type { LookupFilter } from './state-store.ts';

/** Creates no slot. */
const ABSENT = (): number => -1;
const NOT_THERE = -1;
/** The text has a byte that its encoding escapes. */
const NOT_PLAIN = -2;

const tagOf = (hash: number): number => (hash >>> 25) + 1;

/** An index of keys by their encoded bytes, for columns of any types. The bytes are in an arena. */
export class BytesKeyIndex implements KeyIndex {
  #table: Int32Array;
  /**
   * For each place of the table, some bits of the hash; never 0 for a used place. They usually
   * suffice to see that a key is absent, and they need a quarter of the memory.
   */
  #tags: Uint8Array;
  #mask: number;
  /**
   * 16 bytes per slot: hash and length as integers, then the position of the key's bytes as a
   * float. An access to a slot touches one cache line.
   */
  #heads: Int32Array;
  #offsets: Float64Array;
  #arena: Buffer;
  #arenaEnd = 0;
  #arenaDead = 0;
  readonly #parts: readonly KeyPart[];
  readonly #scratch = new ByteWriter(256);
  #hashed = new Float64Array(0);

  constructor(types: readonly DataType[], capacity: number) {
    this.#parts = types.map(keyPart);
    this.#mask = indexSize(capacity) - 1;
    this.#table = new Int32Array(this.#mask + 1).fill(-1);
    this.#tags = new Uint8Array(this.#mask + 1);
    this.#heads = new Int32Array(capacity * 4);
    this.#offsets = new Float64Array(this.#heads.buffer);
    this.#arena = Buffer.allocUnsafeSlow(capacity * 16);
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
    const parts = this.#parts;
    const scratch = this.#scratch;
    const only = parts.length === 1 ? batch.columns[keyColumns[0]!]! : null;
    const texts = only !== null && only.kind === 'bytes' && only.nulls === null ? only : null;
    // Compute all hashes first. Then the memory accesses do not depend on each other.
    if (texts !== null) this.#hashTexts(texts, rows, count);
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      if (texts !== null) {
        const slot = this.#findText(this.#hashed[i]!, texts.buffer, texts.starts[row]!, texts.ends[row]!);
        if (slot >= 0 || (slot === NOT_THERE && filter !== null && !filter.needsAbsent(i))) {
          slots[i] = slot;
          continue;
        }
      }
      scratch.position = 0;
      for (let k = 0; k < parts.length; k++) parts[k]!.writeRow(scratch, batch.columns[keyColumns[k]!]!, row);
      slots[i] = this.#find(
        scratch.buffer,
        0,
        scratch.position,
        filter === null || filter.needsAbsent(i) ? allocate : ABSENT,
        i,
      );
    }
  }

  /**
   * Hashes of encoded texts: 0x01, the text, 0x00 0x01. NaN for a text that contains a zero byte.
   */
  #hashTexts({ buffer, starts, ends }: BytesVector, rows: Int32Array | null, count: number): void {
    if (this.#hashed.length < count) this.#hashed = new Float64Array(count * 2);
    const hashed = this.#hashed;
    const seed = Math.imul(HASH_SEED ^ 1, HASH_PRIME);
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      const end = ends[row]!;
      let hash = seed;
      let plain = true;
      for (let at = starts[row]!; at < end; at++) {
        const byte = buffer[at]!;
        if (byte === 0) plain = false;
        hash = Math.imul(hash ^ byte, HASH_PRIME);
      }
      hash = Math.imul(hash, HASH_PRIME);
      hash = Math.imul(hash ^ 1, HASH_PRIME);
      hashed[i] = plain ? hash ^ (hash >>> 15) : Number.NaN;
    }
  }

  #findText(hashed: number, text: Uint8Array, start: number, end: number): number {
    if (hashed !== hashed) return NOT_PLAIN;
    const hash = hashed | 0;
    const length = end - start;
    const arena = this.#arena;
    const tags = this.#tags;
    const mask = this.#mask;
    const wanted = tagOf(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const tag = tags[at]!;
      if (tag === 0) return NOT_THERE;
      if (tag !== wanted) continue;
      const slot = this.#table[at]!;
      if (this.#heads[slot * 4] !== hash || this.#heads[slot * 4 + 1] !== length + 3) continue;
      const offset = this.#offsets[slot * 2 + 1]! + 1;
      let i = 0;
      while (i < length && arena[offset + i] === text[start + i]) i++;
      if (i === length) return slot;
    }
  }

  slotOf(key: readonly unknown[], allocate: Allocate): number {
    const scratch = this.#scratch;
    scratch.position = 0;
    for (let k = 0; k < this.#parts.length; k++) this.#parts[k]!.write(scratch, key[k]);
    return this.#find(scratch.buffer, 0, scratch.position, allocate, 0);
  }

  slotOfEncoded(key: Buffer, start: number, end: number, allocate: Allocate): number {
    return this.#find(key, start, end, allocate, 0);
  }

  #find(key: Buffer, start: number, end: number, allocate: Allocate, i: number): number {
    const hash = hashBytes(key, start, end);
    const length = end - start;
    let at = hash & this.#mask;
    for (;;) {
      const slot = this.#table[at]!;
      if (slot < 0) break;
      if (
        this.#heads[slot * 4] === hash &&
        this.#heads[slot * 4 + 1] === length &&
        this.#same(slot, key, start, length)
      )
        return slot;
      at = (at + 1) & this.#mask;
    }
    const table = this.#table;
    const slot = allocate(hash, i);
    if (slot < 0) return slot;
    if (table !== this.#table) {
      at = hash & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
    }
    // Store the key first, because growth moves the keys of all slots in the table, and this slot
    // is not in the table yet.
    this.#offsets[slot * 2 + 1] = this.#keep(key, start, end);
    this.#table[at] = slot;
    this.#tags[at] = tagOf(hash);
    this.#heads[slot * 4] = hash;
    this.#heads[slot * 4 + 1] = length;
    return slot;
  }

  #same(slot: number, key: Buffer, start: number, length: number): boolean {
    const arena = this.#arena;
    const offset = this.#offsets[slot * 2 + 1]!;
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

  /** Removed keys leave holes. The arena is compacted when half of it is unused. */
  #compact(): void {
    const compacted = Buffer.allocUnsafeSlow(this.#arena.length);
    let end = 0;
    for (let i = 0; i <= this.#mask; i++) {
      const slot = this.#table[i]!;
      if (slot < 0) continue;
      const offset = this.#offsets[slot * 2 + 1]!;
      this.#offsets[slot * 2 + 1] = end;
      end += this.#arena.copy(compacted, end, offset, offset + this.#heads[slot * 4 + 1]!);
    }
    this.#arena = compacted;
    this.#arenaEnd = end;
    this.#arenaDead = 0;
  }

  delete(slot: number): void {
    this.#arenaDead += this.#heads[slot * 4 + 1]!;
    deleteShifting(this.#table, this.#mask, slot, this.#heads[slot * 4]!, (s) => this.#heads[s * 4]!, this.#tags);
  }

  keyOf(slot: number): readonly unknown[] {
    const offset = this.#offsets[slot * 2 + 1]!;
    const reader = new ByteReader(this.#arena, offset, offset + this.#heads[slot * 4 + 1]!);
    return this.#parts.map((part) => part.read(reader));
  }

  writeKey(writer: ByteWriter, slot: number): void {
    const offset = this.#offsets[slot * 2 + 1]!;
    writer.raw(this.#arena, offset, offset + this.#heads[slot * 4 + 1]!);
  }

  hashOf(slot: number): number {
    return this.#heads[slot * 4]!;
  }

  hashOfEncoded(key: Buffer, start: number, end: number): number {
    return hashBytes(key, start, end);
  }

  grow(capacity: number): void {
    const heads = new Int32Array(capacity * 4);
    heads.set(this.#heads);
    this.#heads = heads;
    this.#offsets = new Float64Array(heads.buffer);
    const size = indexSize(capacity);
    if (size === this.#mask + 1) return;
    const old = this.#table;
    this.#mask = size - 1;
    this.#table = new Int32Array(size).fill(-1);
    this.#tags = new Uint8Array(size);
    for (let i = 0; i < old.length; i++) {
      const slot = old[i]!;
      if (slot < 0) continue;
      let at = heads[slot * 4]! & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
      this.#table[at] = slot;
      this.#tags[at] = tagOf(heads[slot * 4]!);
    }
  }

  bytes(): number {
    return this.#table.byteLength + this.#tags.byteLength + this.#heads.byteLength + this.#arena.length;
  }
}
