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

/**
 * Returns the hash of the index for a hash of `hashBytes`. The key groups of a subtask fix some of
 * the low bits of `hashBytes`. Without this step its keys would have few places in the table.
 */
const spread = (hash: number): number => hash ^ (hash >>> 7);

/** The least size of the arena, in bytes. */
const LEAST_ARENA = 1024;
/** Integers of the record of a slot. */
const RECORD = 8;
/** Keys up to this size are in the records. Longer keys are in the arena. */
const INLINE_BYTES = 16;
/** The position of the first inline byte, in bytes and in integers from the start of the record. */
const INLINE = 16;
const INLINE_INTEGER = INLINE / 4;

/**
 * An index of keys by their encoded bytes, for columns of any types. A lookup of a short key
 * usually reads one place of the table and one record.
 */
export class BytesKeyIndex implements KeyIndex {
  #table: Int32Array;
  /**
   * For each place of the table, some bits of the hash; never 0 for a used place. They usually
   * suffice to see that a key is absent, and they need a quarter of the memory.
   */
  #tags: Uint8Array;
  #mask: number;
  /**
   * 32 bytes per slot: hash and length as integers, the position of a long key in the arena as a
   * float, and the bytes of a short key, padded with zeros.
   */
  #records: Int32Array;
  #offsets: Float64Array;
  #inline: Buffer;
  #arena: Buffer;
  #arenaEnd = 0;
  #arenaDead = 0;
  readonly #parts: readonly KeyPart[];
  readonly #scratch = new ByteWriter(256);
  /** By row of a lookup: the hash, and the first bytes of the encoded key as in a record. */
  #hashed = new Float64Array(0);
  #words = new Int32Array(0);
  /** By row of a lookup: the slot at the first place of the hash, if it has the same short key. */
  #first = new Int32Array(0);

  constructor(types: readonly DataType[], capacity: number) {
    this.#parts = types.map(keyPart);
    this.#mask = indexSize(capacity) - 1;
    this.#table = new Int32Array(this.#mask + 1).fill(-1);
    this.#tags = new Uint8Array(this.#mask + 1);
    const records = new Int32Array(capacity * RECORD);
    this.#records = records;
    this.#offsets = new Float64Array(records.buffer);
    this.#inline = Buffer.from(records.buffer);
    this.#arena = Buffer.alloc(0);
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
    if (texts !== null) {
      this.#hashTexts(texts, rows, count);
      this.#tryFirstPlaces(count);
    }
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      if (texts !== null) {
        const slot = this.#findText(i, texts.buffer, texts.starts[row]!, texts.ends[row]!);
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
    if (this.#hashed.length < count) {
      this.#hashed = new Float64Array(count * 2);
      this.#words = new Int32Array(count * 2 * INLINE_INTEGER);
    }
    const hashed = this.#hashed;
    const words = this.#words;
    const seed = Math.imul(HASH_SEED ^ 1, HASH_PRIME);
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      const start = starts[row]!;
      const end = ends[row]!;
      const first = i * INLINE_INTEGER;
      let hash = seed;
      let plain = true;
      let word = 1;
      let to = 0;
      let shift = 8;
      for (let at = start; at < end; at++) {
        const byte = buffer[at]!;
        if (byte === 0) plain = false;
        hash = Math.imul(hash ^ byte, HASH_PRIME);
        word |= byte << shift;
        shift += 8;
        if (shift < 32) continue;
        if (to < INLINE_INTEGER) words[first + to++] = word;
        word = 0;
        shift = 0;
      }
      // The second byte after the text is 1.
      if (shift < 24) {
        if (to < INLINE_INTEGER) words[first + to++] = word | (1 << (shift + 8));
        word = 0;
      } else {
        if (to < INLINE_INTEGER) words[first + to++] = word;
        word = 1;
      }
      for (; to < INLINE_INTEGER; word = 0) words[first + to++] = word;
      hash = Math.imul(hash, HASH_PRIME);
      hash = Math.imul(hash ^ 1, HASH_PRIME);
      hashed[i] = plain ? spread(hash ^ (hash >>> 15)) : Number.NaN;
    }
  }

  /**
   * Tries the first place of the table for each row. Most keys are there. The loops are short, so
   * the memory accesses of many rows overlap.
   */
  #tryFirstPlaces(count: number): void {
    if (this.#first.length < count) this.#first = new Int32Array(count * 2);
    const first = this.#first;
    const hashed = this.#hashed;
    const table = this.#table;
    const mask = this.#mask;
    for (let i = 0; i < count; i++) first[i] = table[hashed[i]! & mask]!;
    const records = this.#records;
    for (let i = 0; i < count; i++) {
      const slot = first[i]!;
      if (slot < 0) continue;
      if (records[slot * RECORD] !== (hashed[i]! | 0) || !this.#hasWords(slot * RECORD, i)) first[i] = NOT_THERE;
    }
  }

  #findText(i: number, text: Uint8Array, start: number, end: number): number {
    const hashed = this.#hashed[i]!;
    if (hashed !== hashed) return NOT_PLAIN;
    const hash = hashed | 0;
    const length = end - start + 3;
    if (length <= INLINE_BYTES && this.#first[i]! >= 0) return this.#first[i]!;
    const records = this.#records;
    const tags = this.#tags;
    const mask = this.#mask;
    const wanted = tagOf(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const tag = tags[at]!;
      if (tag === 0) return NOT_THERE;
      if (tag !== wanted) continue;
      const slot = this.#table[at]!;
      const record = slot * RECORD;
      if (records[record] !== hash || records[record + 1] !== length) continue;
      if (length > INLINE_BYTES ? this.#isText(slot, text, start, end) : this.#hasWords(record, i)) return slot;
    }
  }

  #hasWords(record: number, i: number): boolean {
    const records = this.#records;
    const words = this.#words;
    const inline = record + INLINE_INTEGER;
    const word = i * INLINE_INTEGER;
    return (
      records[inline] === words[word] &&
      records[inline + 1] === words[word + 1] &&
      records[inline + 2] === words[word + 2] &&
      records[inline + 3] === words[word + 3]
    );
  }

  #isText(slot: number, text: Uint8Array, start: number, end: number): boolean {
    const arena = this.#arena;
    const offset = this.#offsetOf(slot) + 1;
    const length = end - start;
    let i = 0;
    while (i < length && arena[offset + i] === text[start + i]) i++;
    return i === length;
  }

  #lengthOf(slot: number): number {
    return this.#records[slot * RECORD + 1]!;
  }

  /** Where the key of a slot starts, in `#bytesOf(slot)`. */
  #offsetOf(slot: number): number {
    return this.#lengthOf(slot) > INLINE_BYTES ? this.#offsets[slot * (RECORD / 2) + 1]! : slot * RECORD * 4 + INLINE;
  }

  #bytesOf(slot: number): Buffer {
    return this.#lengthOf(slot) > INLINE_BYTES ? this.#arena : this.#inline;
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
    const hash = spread(hashBytes(key, start, end));
    const length = end - start;
    let at = hash & this.#mask;
    for (;;) {
      const slot = this.#table[at]!;
      if (slot < 0) break;
      const record = slot * RECORD;
      if (this.#records[record] === hash && this.#records[record + 1] === length && this.#same(slot, key, start)) {
        return slot;
      }
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
    this.#records[slot * RECORD] = hash;
    this.#keep(slot, key, start, end);
    this.#table[at] = slot;
    this.#tags[at] = tagOf(hash);
    return slot;
  }

  #same(slot: number, key: Buffer, start: number): boolean {
    const bytes = this.#bytesOf(slot);
    const offset = this.#offsetOf(slot);
    const length = this.#lengthOf(slot);
    for (let i = 0; i < length; i++) if (bytes[offset + i] !== key[start + i]) return false;
    return true;
  }

  #keep(slot: number, key: Buffer, start: number, end: number): void {
    const length = end - start;
    this.#records[slot * RECORD + 1] = length;
    const inline = this.#inline;
    const to = slot * RECORD * 4 + INLINE;
    // No text has zeros here, so a lookup cannot take a long key for a short one.
    for (let i = 0; i < INLINE_BYTES; i++) inline[to + i] = 0;
    if (length > INLINE_BYTES) this.#offsets[slot * (RECORD / 2) + 1] = this.#keepLong(key, start, end);
    else for (let i = 0; i < length; i++) inline[to + i] = key[start + i]!;
  }

  #keepLong(key: Buffer, start: number, end: number): number {
    const length = end - start;
    if (this.#arenaEnd + length > this.#arena.length) {
      if (this.#arenaDead > this.#arena.length / 2) this.#compact();
      if (this.#arenaEnd + length > this.#arena.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_ARENA, this.#arena.length * 2, this.#arenaEnd + length));
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
      if (slot < 0 || this.#lengthOf(slot) <= INLINE_BYTES) continue;
      const offset = this.#offsetOf(slot);
      this.#offsets[slot * (RECORD / 2) + 1] = end;
      end += this.#arena.copy(compacted, end, offset, offset + this.#lengthOf(slot));
    }
    this.#arena = compacted;
    this.#arenaEnd = end;
    this.#arenaDead = 0;
  }

  delete(slot: number): void {
    const records = this.#records;
    if (this.#lengthOf(slot) > INLINE_BYTES) this.#arenaDead += this.#lengthOf(slot);
    deleteShifting(this.#table, this.#mask, slot, this.hashOf(slot), (s) => records[s * RECORD]!, this.#tags);
  }

  keyOf(slot: number): readonly unknown[] {
    const offset = this.#offsetOf(slot);
    const reader = new ByteReader(this.#bytesOf(slot), offset, offset + this.#lengthOf(slot));
    return this.#parts.map((part) => part.read(reader));
  }

  writeKey(writer: ByteWriter, slot: number): void {
    const offset = this.#offsetOf(slot);
    writer.raw(this.#bytesOf(slot), offset, offset + this.#lengthOf(slot));
  }

  hashOf(slot: number): number {
    return this.#records[slot * RECORD]!;
  }

  hashOfEncoded(key: Buffer, start: number, end: number): number {
    return spread(hashBytes(key, start, end));
  }

  grow(capacity: number): void {
    const records = new Int32Array(capacity * RECORD);
    records.set(this.#records);
    this.#records = records;
    this.#offsets = new Float64Array(records.buffer);
    this.#inline = Buffer.from(records.buffer);
    const size = indexSize(capacity);
    if (size === this.#mask + 1) return;
    const old = this.#table;
    this.#mask = size - 1;
    this.#table = new Int32Array(size).fill(-1);
    this.#tags = new Uint8Array(size);
    for (let i = 0; i < old.length; i++) {
      const slot = old[i]!;
      if (slot < 0) continue;
      let at = records[slot * RECORD]! & this.#mask;
      while (this.#table[at]! >= 0) at = (at + 1) & this.#mask;
      this.#table[at] = slot;
      this.#tags[at] = tagOf(records[slot * RECORD]!);
    }
  }

  bytes(): number {
    return this.#table.byteLength + this.#tags.byteLength + this.#records.byteLength + this.#arena.length;
  }
}
