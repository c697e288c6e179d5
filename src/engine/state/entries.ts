import { invariant } from '../../core/invariant.ts';
import type { ByteWriter } from './byte-codec.ts';
import { DIRTY, EXISTS, FREE, STORED, USED } from './entry-flags.ts';
import { keyGroupOf } from './entry-key.ts';
import { writeInteger } from './key-codec.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';
import { LargeEntries } from './large-entries.ts';
import type { EntrySlots, StateColumn, TableSpec } from './state-store.ts';
import type { StoredKeys } from './stored-keys.ts';

/** Notifications from an `Entries` to its store. */
export interface EntriesOwner {
  /**
   * Called before an entry of the sealed epoch changes while it is not written yet. The store must
   * write its current content with that epoch.
   */
  preserve(entries: Entries, slot: number): void;
  /** Called when `releaseAbsent` has slots to check. */
  hasAbsent(entries: Entries): void;
  /**
   * Called when the entries reach `BIG_CAPACITY` slots. The store monitors their growth from now
   * on.
   */
  grewBig(entries: Entries): void;
}

/** `keyed`: one entry per key. `timed`: entries by time. `ordered`: many entries per key. */
export type TableKind = 'keyed' | 'timed' | 'ordered';

/** From this number of slots on, the store checks the memory budget before the arrays double. */
export const BIG_CAPACITY = 16384;

/** Binary logarithm of the numbers in a header of an ordered table. */
export const ORDERED_HEADER_SHIFT = 2;

/**
 * Slots, columns, epochs and the dirty list of one keyed table or one segment. All data that an
 * operator accesses per row is in typed arrays.
 *
 * The first number of a slot's header is the epoch of the last change, so `touch` usually needs one
 * comparison. A removed entry stores its epoch as -epoch - 1, so the next `touch` takes the slow
 * path. A header of an ordered table also has the place and the links of the entry, because these
 * are accessed together and most accesses miss the processor's caches.
 */
export class Entries implements EntrySlots {
  readonly spec: TableSpec;
  readonly kind: TableKind;
  /** The time of a segment; null for other tables. */
  readonly time: number | null;
  readonly columns: (Float64Array | unknown[])[];
  flags: Uint8Array;
  /** The arrival order. Null in keyed tables. */
  sequences: Float64Array | null;
  /** The key group of each entry, in segments without keys. */
  groups: Uint8Array | null;
  /** The first slot that was never used. */
  size = 0;
  /** Slots with EXISTS. */
  live = 0;
  /** All entries of the back end are also in memory. */
  complete = true;
  /**
   * The keys that are only in the back end. Null: they are not known, so a lookup must read each
   * key that is not in memory.
   */
  stored: StoredKeys | null = null;
  /** The slots changed in the current epoch. It may contain duplicates. */
  dirty: number[] = [];
  /** The slots changed in the epoch that is being written. */
  sealed: number[] = [];
  /** All entries are being written, regardless of their last change. */
  sealedWhole = false;
  epoch: number;
  /** The position of the eviction hand. */
  hand = 0;
  readonly large = new LargeEntries();
  /** The bytes that lookups have read from the back end since the last batch. */
  loadedBytes = 0;
  /** The next slot that `findLarge` measures. */
  measured = 0;
  nextSequence = 0;
  readonly #owner: EntriesOwner;
  #index: KeyIndex | null;
  readonly #free: number[] = [];
  /** The slots that a lookup created or `remove` emptied since the last `releaseAbsent`. */
  #absent: number[] = [];
  readonly #wide: (Map<number, bigint> | null)[];
  readonly #allocate: () => number;
  protected headers: Float64Array<ArrayBuffer>;
  /** Binary logarithm of the numbers in a header of this table. */
  readonly #headerShift: number;
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
    this.kind = kind;
    this.epoch = epoch;
    this.#capacity = this.#leastCapacity;
    this.columns = spec.columns.map((c) => newColumn(c, this.#capacity));
    this.#wide = spec.columns.map(() => null);
    this.flags = new Uint8Array(this.#capacity);
    this.#headerShift = kind === 'ordered' ? ORDERED_HEADER_SHIFT : 0;
    this.headers = new Float64Array(this.#capacity << this.#headerShift);
    this.sequences = kind === 'keyed' ? null : new Float64Array(this.#capacity);
    this.groups = this.#hasGroups ? new Uint8Array(this.#capacity) : null;
    this.#index = this.#newIndex();
    this.#allocate = () => this.allocate();
  }

  get #leastCapacity(): number {
    return this.spec.key.length === 0 && this.kind === 'keyed' ? 1 : 64;
  }

  get #hasGroups(): boolean {
    return this.kind === 'timed' && this.spec.key.length === 0;
  }

  #newIndex(): KeyIndex | null {
    const { key } = this.spec;
    return key.length === 0 || this.kind === 'ordered' ? null : createKeyIndex(key, this.#capacity);
  }

  get index(): KeyIndex | null {
    return this.#index;
  }

  /** `allocate` as a function, for key indexes. */
  get allocator(): () => number {
    return this.#allocate;
  }

  allocate(): number {
    const reused = this.#free.pop();
    const slot = reused ?? this.size++;
    if (slot >= this.#capacity) this.#grow();
    this.flags[slot] = USED;
    this.headers[slot << this.#headerShift] = -Number.MAX_VALUE;
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
   * Releases the slots of keys without an entry. Call this only between batches, because operators
   * hold slots during a batch. If `keepsAbsent`, the slots remain until they are evicted.
   */
  releaseAbsent(): void {
    const absent = this.#absent;
    this.#absent = [];
    if (this.keepsAbsent) return;
    for (const slot of absent) {
      if ((this.flags[slot]! & (EXISTS | DIRTY | FREE)) === 0) this.release(slot);
    }
  }

  /** Keys without an entry keep their slots, because another lookup would need a read. */
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
    const headers = new Float64Array(capacity << this.#headerShift);
    headers.set(this.headers);
    this.headers = headers;
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

  /** The number of slots in the arrays. */
  protected get capacity(): number {
    return this.#capacity;
  }

  /** Called when the number of slots in the arrays has changed. After a reset it is smaller. */
  protected grown(_capacity: number): void {}

  exists(slot: number): boolean {
    return (this.flags[slot]! & EXISTS) !== 0;
  }

  touch(slot: number): void {
    if (this.headers[slot << this.#headerShift] !== this.epoch) this.#firstTouch(slot);
  }

  #firstTouch(slot: number): void {
    const flags = this.flags[slot]!;
    const changedIn = this.changedIn(slot);
    if (this.#isSealed(flags, changedIn)) this.#owner.preserve(this, slot);
    if ((flags & EXISTS) === 0) this.live++;
    if ((this.flags[slot]! & DIRTY) === 0 || changedIn < this.epoch) this.#noteDirty(slot);
    this.flags[slot] = this.flags[slot]! | EXISTS | DIRTY | USED;
    this.headers[slot << this.#headerShift] = this.epoch;
  }

  /** Returns whether the sealed epoch may still need the current content. */
  #isSealed(flags: number, changedIn: number): boolean {
    if (this.sealedWhole) return (flags & EXISTS) !== 0 && changedIn !== this.epoch;
    return (flags & DIRTY) !== 0 && changedIn < this.epoch;
  }

  /**
   * Marks all entries as changed in an earlier epoch and not written. No epoch may be sealed during
   * this call.
   */
  markAllDirty(): void {
    this.dirty = [];
    for (let slot = 0; slot < this.size; slot++) {
      const flags = this.flags[slot]!;
      if ((flags & EXISTS) !== 0) {
        this.flags[slot] = flags | DIRTY;
        if (this.changedIn(slot) !== this.epoch) this.headers[slot << this.#headerShift] = this.epoch - 1;
      }
      if ((this.flags[slot]! & DIRTY) !== 0) this.dirty.push(slot);
    }
  }

  /**
   * Slots that were evicted or emptied and then reused are in the list several times. Without
   * checkpoints, the list would grow without limit.
   */
  #noteDirty(slot: number): void {
    if (this.dirty.length >= this.#capacity * 4 + 1024) {
      // Keep dirty slots of all epochs. After the state has left its log, only this list has
      // entries that changed earlier. An entry that is being written is clean at the next barrier.
      this.dirty = [...new Set(this.dirty)].filter((s) => (this.flags[s]! & DIRTY) !== 0);
    }
    this.dirty.push(slot);
  }

  /** Returns the epoch of the last change of the slot. */
  changedIn(slot: number): number {
    const e = this.headers[slot << this.#headerShift]!;
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
      this.headers[slot << this.#headerShift] = -this.epoch - 1;
    } else this.markAbsent(slot);
  }

  /**
   * Marks a slot whose entry is neither in memory nor in the back end. The slot keeps its key until
   * `releaseAbsent`, because an operator may hold the slot.
   */
  markAbsent(slot: number): void {
    this.flags[slot] = 0;
    this.headers[slot << this.#headerShift] = -Number.MAX_VALUE;
    this.#noteAbsent(slot);
  }

  #clear(slot: number): void {
    this.large.delete(slot);
    for (let c = 0; c < this.columns.length; c++) {
      const column = this.columns[c]!;
      if (column instanceof Float64Array) column[slot] = 0;
      else column[slot] = null;
      this.#wide[c]?.delete(slot);
    }
  }

  /** Frees the slot. The entry is in the back end, or it does not exist. */
  release(slot: number): void {
    invariant((this.flags[slot]! & FREE) === 0, 'a slot is released once: two keys would share it');
    if ((this.flags[slot]! & EXISTS) !== 0) {
      this.live--;
      this.#clear(slot);
    }
    this.#index?.delete(slot);
    this.flags[slot] = FREE;
    this.headers[slot << this.#headerShift] = -Number.MAX_VALUE;
    this.#free.push(slot);
  }

  /**
   * Returns false only if the back end has none of these entries, now and after a running write.
   */
  mayBeStored(): boolean {
    if (!this.complete || this.sealed.length > 0 || this.sealedWhole) return true;
    for (let slot = 0; slot < this.size; slot++) if ((this.flags[slot]! & STORED) !== 0) return true;
    return false;
  }

  /** Releases the arrays if they are empty. */
  shrink(): void {
    if (this.live > 0 || this.#free.length < this.size || this.#capacity <= 1024) return;
    this.#reset();
  }

  /** Removes all entries from memory. The back end has none. */
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
    this.headers = new Float64Array(capacity << this.#headerShift);
    if (this.sequences !== null) this.sequences = new Float64Array(capacity);
    if (this.groups !== null) this.groups = new Uint8Array(capacity);
    this.#index = this.#newIndex();
    this.#free.length = 0;
    this.size = 0;
    this.hand = 0;
    this.large.clear();
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

  /** Writes the part of the key that identifies the entry in the table. Returns its key group. */
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

  /** Marks a slot that contains an entry of the back end. The entry exists and is clean. */
  markStored(slot: number): void {
    if ((this.flags[slot]! & EXISTS) === 0) this.live++;
    this.flags[slot] = EXISTS | STORED | USED;
    this.headers[slot << this.#headerShift] = -Number.MAX_VALUE;
  }

  /** Returns the size of the arrays in bytes, including unused slots. */
  arrayBytes(): number {
    let sum =
      this.#capacity + this.headers.byteLength + (this.sequences?.byteLength ?? 0) + (this.#index?.bytes() ?? 0);
    sum += this.groups?.byteLength ?? 0;
    sum += (this.#free.length + this.dirty.length + this.sealed.length) * 8;
    for (const column of this.columns) sum += column instanceof Float64Array ? column.byteLength : this.#capacity * 8;
    return sum;
  }

  /** Returns the number of slots that can be allocated without growth. */
  headroom(): number {
    return this.#capacity - this.size + this.#free.length;
  }

  /** The share of the slots that are in use. */
  get usedShare(): number {
    return (this.size - this.#free.length) / this.#capacity;
  }
}

function newColumn(spec: StateColumn, capacity: number): Float64Array | unknown[] {
  return spec.kind === 'value' ? new Array(capacity).fill(null) : new Float64Array(capacity);
}
