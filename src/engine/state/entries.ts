import { invariant } from '../../core/invariant.ts';
import { ByteReader, type ByteWriter } from './byte-codec.ts';
import { keyGroupOf } from './entry-key.ts';
import { writeInteger } from './key-codec.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';
import type { EntrySlots, StateColumn, TableSpec } from './state-store.ts';
import type { StoredKeys } from './stored-keys.ts';

/** The entry is there (not just a slot for a key without one). */
export const EXISTS = 1;
/** Differs from the back end: written or removed since. */
export const DIRTY = 2;
/** The back end may hold something under this key. */
export const STORED = 4;
/** Used since the eviction hand last passed. */
export const USED = 8;
/** The slot belongs to nobody. */
export const FREE = 16;
/** Chosen by the eviction hand, about to be released. */
export const LEAVING = 32;

/** What an `Entries` tells its store. */
export interface EntriesOwner {
  /**
   * An entry of a sealed epoch that was not written yet is about to change: its present content
   * must go into that epoch's write.
   */
  preserve(entries: Entries, slot: number): void;
  /** There are slots to look at in `releaseAbsent`. */
  hasAbsent(entries: Entries): void;
  /** The entries reached `BIG_CAPACITY` slots: from now on their growth is watched. */
  grewBig(entries: Entries): void;
}

/** `keyed`: an entry per key; `timed`: entries under a time; `ordered`: many entries per key. */
export type TableKind = 'keyed' | 'timed' | 'ordered';

/** Slots from which the next doubling is worth asking whether memory allows it. */
export const BIG_CAPACITY = 16384;

/**
 * Slots, columns, epochs and the dirty list of one keyed table or one segment. Everything an
 * operator touches per row is here, in typed arrays.
 *
 * `epochs[slot]` is the epoch of the last change, so the usual `touch` is one comparison. A removed
 * entry keeps its epoch as -epoch - 1, which makes the next `touch` take the long way.
 */
export class Entries implements EntrySlots {
  readonly spec: TableSpec;
  /** Time of a segment; null for a keyed table. */
  readonly time: number | null;
  readonly columns: (Float64Array | unknown[])[];
  flags: Uint8Array;
  /** Arrival order; null in keyed tables, which have none. */
  sequences: Float64Array | null;
  /** The key group of each entry, in segments whose entries have no key. */
  groups: Uint8Array | null;
  /** First slot that was never used. */
  size = 0;
  /** Slots with EXISTS. */
  live = 0;
  /** Every entry of the back end is in memory too. */
  complete = true;
  /**
   * Keys of the back end that are not in memory; null: that is not known, so what is not in memory
   * has to be looked for.
   */
  stored: StoredKeys | null = null;
  /** Slots changed in the current epoch; may name one twice. */
  dirty: number[] = [];
  /** Slots changed in the epoch that is being written. */
  sealed: number[] = [];
  /** All entries are being written, whenever they changed. */
  sealedWhole = false;
  epoch: number;
  /** Where the eviction hand stands. */
  hand = 0;
  nextSequence = 0;
  readonly #owner: EntriesOwner;
  #index: KeyIndex | null;
  readonly #free: number[] = [];
  /** Slots made by a lookup or emptied by `remove` since the last `releaseAbsent`. */
  #absent: number[] = [];
  readonly #wide: (Map<number, bigint> | null)[];
  readonly #allocate: () => number;
  readonly #kind: TableKind;
  #epochs: Float64Array;
  #capacity: number;

  constructor(
    spec: TableSpec,
    time: number | null,
    owner: EntriesOwner,
    epoch: number,
    kind: TableKind = time === null ? 'keyed' : 'timed',
  ) {
    this.spec = spec;
    this.time = time;
    this.#owner = owner;
    this.#kind = kind;
    this.epoch = epoch;
    this.#capacity = this.#leastCapacity;
    this.columns = spec.columns.map((c) => newColumn(c, this.#capacity));
    this.#wide = spec.columns.map(() => null);
    this.flags = new Uint8Array(this.#capacity);
    this.#epochs = new Float64Array(this.#capacity);
    this.sequences = kind === 'keyed' ? null : new Float64Array(this.#capacity);
    this.groups = this.#hasGroups ? new Uint8Array(this.#capacity) : null;
    this.#index = this.#newIndex();
    this.#allocate = () => this.allocate();
  }

  get #leastCapacity(): number {
    return this.spec.key.length === 0 && this.#kind === 'keyed' ? 1 : 64;
  }

  get #hasGroups(): boolean {
    return this.#kind === 'timed' && this.spec.key.length === 0;
  }

  #newIndex(): KeyIndex | null {
    const { key } = this.spec;
    return key.length === 0 || this.#kind === 'ordered' ? null : createKeyIndex(key, this.#capacity);
  }

  get index(): KeyIndex | null {
    return this.#index;
  }

  /**
   * Slots for the rows, made where missing; those made start at the returned position of `size` or
   * come from the free list.
   */
  get allocator(): () => number {
    return this.#allocate;
  }

  allocate(): number {
    const reused = this.#free.pop();
    const slot = reused ?? this.size++;
    if (slot >= this.#capacity) this.#grow();
    this.flags[slot] = USED;
    this.#epochs[slot] = -Number.MAX_VALUE;
    if (this.sequences !== null) this.sequences[slot] = this.nextSequence++;
    if (this.#index !== null) this.#noteAbsent(slot);
    else if (this.groups !== null) this.groups[slot] = 0;
    return slot;
  }

  #noteAbsent(slot: number): void {
    if (this.#absent.length === 0) this.#owner.hasAbsent(this);
    this.#absent.push(slot);
  }

  /**
   * Gives back the slots of keys without an entry. Between batches only: within one, operators hold
   * slots. While part of the table is on disk and `stored` does not say what, absence is worth
   * remembering and such slots leave by eviction.
   */
  releaseAbsent(): void {
    const absent = this.#absent;
    this.#absent = [];
    if (this.keepsAbsent) return;
    for (const slot of absent) {
      if ((this.flags[slot]! & (EXISTS | DIRTY | FREE)) === 0) this.release(slot);
    }
  }

  /** That a key has no entry is worth a slot, since looking for it would cost a read. */
  protected get keepsAbsent(): boolean {
    return !this.complete && this.stored === null;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    for (let c = 0; c < this.columns.length; c++) {
      const column = this.columns[c]!;
      if (column instanceof Float64Array) {
        const grown = new Float64Array(capacity);
        grown.set(column);
        this.columns[c] = grown;
      } else for (let i = column.length; i < capacity; i++) column.push(null);
    }
    const flags = new Uint8Array(capacity);
    flags.set(this.flags);
    this.flags = flags;
    const epochs = new Float64Array(capacity);
    epochs.set(this.#epochs);
    this.#epochs = epochs;
    if (this.sequences !== null) {
      const sequences = new Float64Array(capacity);
      sequences.set(this.sequences);
      this.sequences = sequences;
    }
    if (this.groups !== null) {
      const groups = new Uint8Array(capacity);
      groups.set(this.groups);
      this.groups = groups;
    }
    this.#capacity = capacity;
    this.#index?.grow(capacity);
    this.grown(capacity);
    if (capacity === BIG_CAPACITY) this.#owner.grewBig(this);
  }

  /** Slots that there is room for. */
  protected get capacity(): number {
    return this.#capacity;
  }

  /** There is room for so many slots now, after a reset fewer than before. */
  protected grown(_capacity: number): void {}

  exists(slot: number): boolean {
    return (this.flags[slot]! & EXISTS) !== 0;
  }

  touch(slot: number): void {
    if (this.#epochs[slot] !== this.epoch) this.#firstTouch(slot);
  }

  #firstTouch(slot: number): void {
    const flags = this.flags[slot]!;
    const changedIn = this.changedIn(slot);
    if (this.#isSealed(flags, changedIn)) this.#owner.preserve(this, slot);
    if ((flags & EXISTS) === 0) this.live++;
    if ((this.flags[slot]! & DIRTY) === 0 || changedIn < this.epoch) this.#noteDirty(slot);
    this.flags[slot] = this.flags[slot]! | EXISTS | DIRTY | USED;
    this.#epochs[slot] = this.epoch;
  }

  /** Its present content may still have to be written for the sealed epoch. */
  #isSealed(flags: number, changedIn: number): boolean {
    if (this.sealedWhole) return (flags & EXISTS) !== 0 && changedIn !== this.epoch;
    return (flags & DIRTY) !== 0 && changedIn < this.epoch;
  }

  /**
   * All entries count as changed in an earlier epoch and not written yet. No epoch may be sealed at
   * that moment.
   */
  markAllDirty(): void {
    this.dirty = [];
    for (let slot = 0; slot < this.size; slot++) {
      const flags = this.flags[slot]!;
      if ((flags & EXISTS) !== 0) {
        this.flags[slot] = flags | DIRTY;
        if (this.changedIn(slot) !== this.epoch) this.#epochs[slot] = this.epoch - 1;
      }
      if ((this.flags[slot]! & DIRTY) !== 0) this.dirty.push(slot);
    }
  }

  /**
   * Slots that were evicted or emptied and used again are named many times: without checkpoints the
   * list would grow for ever.
   */
  #noteDirty(slot: number): void {
    if (this.dirty.length >= this.#capacity * 4 + 1024) {
      // Whatever the epoch: where the state has left its log, entries that changed before are on
      // this list only. One that is being written is clean by the next barrier.
      this.dirty = [...new Set(this.dirty)].filter((s) => (this.flags[s]! & DIRTY) !== 0);
    }
    this.dirty.push(slot);
  }

  /** Epoch of the last change of the slot. */
  changedIn(slot: number): number {
    const e = this.#epochs[slot]!;
    return e < 0 ? -e - 1 : e;
  }

  remove(slot: number): void {
    const flags = this.flags[slot]!;
    if ((flags & EXISTS) === 0) return;
    const changedIn = this.changedIn(slot);
    if (this.#isSealed(flags, changedIn)) this.#owner.preserve(this, slot);
    this.live--;
    this.#clear(slot);
    if ((this.flags[slot]! & STORED) !== 0) {
      if ((this.flags[slot]! & DIRTY) === 0 || changedIn < this.epoch) this.#noteDirty(slot);
      this.flags[slot] = (this.flags[slot]! | DIRTY) & ~EXISTS;
      this.#epochs[slot] = -this.epoch - 1;
    } else this.markAbsent(slot);
  }

  /**
   * Neither here nor in the back end: the slot stays with its key until `releaseAbsent`, since an
   * operator may hold it.
   */
  markAbsent(slot: number): void {
    this.flags[slot] = 0;
    this.#epochs[slot] = -Number.MAX_VALUE;
    this.#noteAbsent(slot);
  }

  #clear(slot: number): void {
    for (let c = 0; c < this.columns.length; c++) {
      const column = this.columns[c]!;
      if (column instanceof Float64Array) column[slot] = 0;
      else column[slot] = null;
      this.#wide[c]?.delete(slot);
    }
  }

  /** Gives the slot back; whatever the entry was, it is in the back end or nowhere. */
  release(slot: number): void {
    invariant((this.flags[slot]! & FREE) === 0, 'a slot is released once: two keys would share it');
    if ((this.flags[slot]! & EXISTS) !== 0) {
      this.live--;
      this.#clear(slot);
    }
    this.#index?.delete(slot);
    this.flags[slot] = FREE;
    this.#epochs[slot] = -Number.MAX_VALUE;
    this.#free.push(slot);
  }

  /**
   * False only when nothing of these entries can be in the back end, now or when a write under way
   * has ended.
   */
  mayBeStored(): boolean {
    if (!this.complete || this.sealed.length > 0 || this.sealedWhole) return true;
    for (let slot = 0; slot < this.size; slot++) if ((this.flags[slot]! & STORED) !== 0) return true;
    return false;
  }

  /** Gives the arrays back when nothing is left in them. */
  shrink(): void {
    if (this.live > 0 || this.#free.length < this.size || this.#capacity <= 1024) return;
    this.#reset();
  }

  /** Forgets all entries; the back end has none either. */
  forgetAll(): void {
    this.#reset();
    this.live = 0;
    this.complete = true;
    this.stored?.clear();
  }

  #reset(): void {
    const capacity = this.#leastCapacity;
    this.#capacity = capacity;
    this.spec.columns.forEach((c, i) => {
      this.columns[i] = newColumn(c, capacity);
      this.#wide[i] = null;
    });
    this.flags = new Uint8Array(capacity);
    this.#epochs = new Float64Array(capacity);
    if (this.sequences !== null) this.sequences = new Float64Array(capacity);
    if (this.groups !== null) this.groups = new Uint8Array(capacity);
    this.#index = this.#newIndex();
    this.#free.length = 0;
    this.size = 0;
    this.hand = 0;
    this.dirty = [];
    this.#absent = [];
    this.grown(capacity);
  }

  readLong(column: number, slot: number): number | bigint {
    const value = (this.columns[column] as Float64Array)[slot]!;
    return value !== value ? this.#wide[column]!.get(slot)! : value;
  }

  writeLong(column: number, slot: number, value: number | bigint): void {
    if (typeof value === 'number') (this.columns[column] as Float64Array)[slot] = value;
    else {
      (this.columns[column] as Float64Array)[slot] = Number.NaN;
      this.#wide[column] ??= new Map();
      this.#wide[column].set(slot, value);
    }
  }

  keyOf(slot: number): readonly unknown[] {
    return this.#index === null ? [] : this.#index.keyOf(slot);
  }

  writeKey(slot: number, writer: ByteWriter): void {
    this.#index?.writeKey(writer, slot);
  }

  /** Writes what tells the entry from others in the table; returns its key group. */
  writeAddress(slot: number, writer: ByteWriter): number {
    if (this.time !== null) writeInteger(writer, this.time);
    if (this.#index === null) {
      if (this.sequences !== null) writeInteger(writer, this.sequences[slot]!);
      return this.groups === null ? 0 : this.groups[slot]!;
    }
    const from = writer.position;
    this.#index.writeKey(writer, slot);
    return keyGroupOf(writer.buffer, from, writer.position);
  }

  /** The entry as bytes: sequence (timed tables), then the columns. */
  encodeValue(slot: number, writer: ByteWriter): void {
    if (this.#kind === 'timed') writer.varint(this.sequences![slot]!);
    this.spec.columns.forEach((spec, c) => {
      const column = this.columns[c]!;
      if (spec.kind === 'value') spec.codec.encode((column as unknown[])[slot], writer);
      else if (spec.kind === 'long') encodeLong(writer, this.readLong(c, slot));
      else writer.double((column as Float64Array)[slot]!);
    });
  }

  /** Fills a slot from the back end: existing, clean, stored. */
  decodeValue(slot: number, bytes: Uint8Array): void {
    const reader = new ByteReader(bytes);
    if (this.#kind === 'timed') {
      const sequence = reader.varint();
      this.sequences![slot] = sequence;
      if (sequence >= this.nextSequence) this.nextSequence = sequence + 1;
    }
    this.spec.columns.forEach((spec, c) => {
      const column = this.columns[c]!;
      if (spec.kind === 'value') (column as unknown[])[slot] = spec.codec.decode(reader);
      else if (spec.kind === 'long') this.writeLong(c, slot, decodeLong(reader));
      else (column as Float64Array)[slot] = reader.double();
    });
    if ((this.flags[slot]! & EXISTS) === 0) this.live++;
    this.flags[slot] = EXISTS | STORED | USED;
    this.#epochs[slot] = -Number.MAX_VALUE;
  }

  /** An entry that stays in the back end: entries to come are numbered behind it. */
  noteStored(bytes: Uint8Array): void {
    if (this.#kind === 'timed') this.nextSequence = Math.max(this.nextSequence, new ByteReader(bytes).varint() + 1);
  }

  /** Bytes of the arrays as they stand, used or not. */
  arrayBytes(): number {
    let sum = this.#capacity * 9 + (this.sequences?.byteLength ?? 0) + (this.#index?.bytes() ?? 0);
    sum += this.groups?.byteLength ?? 0;
    sum += (this.#free.length + this.dirty.length + this.sealed.length) * 8;
    for (const column of this.columns) sum += column instanceof Float64Array ? column.byteLength : this.#capacity * 8;
    return sum;
  }

  /** Bytes of what says which keys are in the back end only. */
  storedBytes(): number {
    return this.stored === null ? 0 : this.stored.bytes();
  }

  /** Estimated bytes of the objects in value columns, by a sample of their codec's estimate. */
  valueBytes(): number {
    let sum = 0;
    this.spec.columns.forEach((spec, c) => {
      if (spec.kind === 'value') sum += this.#sampleBytes(this.columns[c] as unknown[], spec.codec.sizeOf);
    });
    return sum;
  }

  /** Slots that can still be given out without growing. */
  headroom(): number {
    return this.#capacity - this.size + this.#free.length;
  }

  /** The share of the arrays that live entries account for, and their values. */
  occupiedBytes(): number {
    const arrays = (this.arrayBytes() * (this.size - this.#free.length)) / this.#capacity;
    return arrays + this.valueBytes() + this.storedBytes();
  }

  #sampleBytes(column: unknown[], sizeOf: (value: unknown) => number): number {
    if (this.size === 0) return 0;
    const step = Math.max(1, Math.floor(this.size / 32));
    let sum = 0;
    let n = 0;
    for (let slot = 0; slot < this.size; slot += step) {
      if (column[slot] !== null) sum += sizeOf(column[slot]);
      n++;
    }
    return (sum / n) * this.size;
  }
}

function newColumn(spec: StateColumn, capacity: number): Float64Array | unknown[] {
  return spec.kind === 'value' ? new Array(capacity).fill(null) : new Float64Array(capacity);
}

/** A `long` column's value: a tag, then a variable-length number or a text. */
export function encodeLong(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'bigint') {
    writer.byte(2);
    writer.bigint(value);
  } else if (value >= 0) {
    writer.byte(0);
    writer.varint(value);
  } else {
    writer.byte(1);
    writer.varint(-value);
  }
}

/** A `long` column's value as `encodeValue` writes it. */
export function decodeLong(reader: ByteReader): number | bigint {
  const tag = reader.byte();
  if (tag === 2) return reader.bigint();
  return tag === 0 ? reader.varint() : -reader.varint();
}
