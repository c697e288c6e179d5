import type { Batch } from '../../batch/batch.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ByteReader, ByteWriter } from './byte-codec.ts';

/**
 * Stores the state of operators. Operators declare their tables before the task runs. The tables
 * hide cache, disk, epochs and checkpoints. An entry has a *slot*, a small integer. The slot is
 * valid until the next call of a method that may return a promise. The columns are plain arrays
 * indexed by slot, so an entry in memory needs no serialization.
 *
 * Call `touch(slot)` before the first change of an entry after a lookup. It records the epoch.
 * While a checkpoint is written in the background, it saves the entry as it was at the barrier.
 * Objects in `value` columns may be changed in place after this call.
 */
export interface StateStore {
  keyedTable(spec: TableSpec): KeyedTable;
  timedTable(spec: TableSpec): TimedTable;
  orderedTable(spec: TableSpec): OrderedTable;
}

export interface TableSpec {
  /** The operator's number (`OperatorContext.operator`). */
  readonly operator: number;
  /** 0 to 255, unique in the operator. */
  readonly table: number;
  readonly name: string;
  /**
   * The types of the key. Empty: entries without keys. A keyed table then has a single entry. A
   * timed table has a list of entries in arrival order.
   */
  readonly key: readonly DataType[];
  readonly columns: readonly StateColumn[];
  /**
   * Returns a 16-bit note about an entry. The note remains in memory when the entry is evicted to
   * disk. The filter of a lookup can use it to skip a read (`LookupFilter`). 0: no information.
   */
  readonly note?: (columns: EntrySlots['columns'], slot: number) => number;
}

/**
 * `number`: a float in a Float64Array. `long`: a BIGINT in a Float64Array; a value beyond 2^53-1 is
 * NaN in the array and is stored in a separate map (`readLong`, `writeLong`). `value`: any JS value
 * with a codec; its initial value is null.
 */
export type StateColumn =
  | { readonly kind: 'number' }
  | { readonly kind: 'long' }
  | { readonly kind: 'value'; readonly codec: ValueCodec };

export interface ValueCodec {
  encode(value: unknown, writer: ByteWriter): void;
  decode(reader: ByteReader): unknown;
  /** Returns the approximate number of bytes on the heap, for the memory budget. */
  sizeOf(value: unknown): number;
  /**
   * Returns the number of bytes on the heap, at a cost in proportion to the parts of the value.
   * Used for entries with large parts. Absent: `sizeOf` is exact enough.
   */
  measure?(value: unknown): number;
}

/**
 * Entries in memory, by slot. The arrays are replaced when they grow, so read them again after each
 * lookup.
 */
export interface EntrySlots {
  /** `columns[c]` is a Float64Array for number and long columns, an array for value columns. */
  readonly columns: readonly (Float64Array | unknown[])[];
  /** False for a slot that a lookup created for a key without an entry. */
  exists(slot: number): boolean;
  /** Call this before each change (see `StateStore`). Creates the entry if it does not exist. */
  touch(slot: number): void;
  /** Removes the entry from memory and disk. */
  remove(slot: number): void;
  readLong(column: number, slot: number): number | bigint;
  writeLong(column: number, slot: number, value: number | bigint): void;
  /** Returns the internal values of the key. */
  keyOf(slot: number): readonly unknown[];
  /** Writes the encoded key. `lookupEncoded` accepts it. */
  writeKey(slot: number, writer: ByteWriter): void;
}

/** An encoded key (`writeKey`): the bytes from `from` to `to - 1`. */
export interface KeyBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Determines which rows of a lookup need entries that are not in memory. `i` is the position of the
 * row in the lookup.
 */
export interface LookupFilter {
  /** Returns whether the row needs a slot even if its key has no entry. */
  needsAbsent(i: number): boolean;
  /**
   * Returns whether the row needs an entry that is only on disk and has this note
   * (`TableSpec.note`).
   */
  needsStored(i: number, note: number): boolean;
}

/**
 * A table with one entry per key. The initial values of a new entry are 0 for number and long
 * columns, and null for value columns.
 */
export interface KeyedTable extends EntrySlots {
  /**
   * Fills `slots[i]` with the slot of the key of `rows[i]`, for i < count. By default, `rows` are
   * the selected rows of the batch. Reads missing entries from disk in one batch. Returns nothing
   * if all were in memory. A row may get the slot -1 if `filter` says that it needs neither an
   * absent entry nor an entry on disk.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows?: Int32Array | null,
    count?: number,
    filter?: LookupFilter | null,
  ): void | Promise<void>;
  /** Looks up boxed keys. Otherwise works like `lookup`. */
  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void>;
  /** The same for keys encoded by `writeKey`. */
  lookupEncoded(keys: readonly KeyBytes[], slots: Int32Array): void | Promise<void>;
  /**
   * Measures an entry that got large values, so that the store counts their bytes at once. Without
   * this call it finds a large entry some time later.
   */
  grew(slot: number): void;
  /** The maximum number of keys that a call should look up, because their entries may be large. */
  readonly lookupLimit: number;
  /**
   * Releases memory if the budget is exceeded. Call this during a call that processes very many
   * keys, while the operator holds no slot.
   */
  relieve(): void | Promise<void>;
  /** Removes all entries. Call this while the operator holds no slot. */
  clear(): void | Promise<void>;
  /**
   * Returns the number of live entries in memory and on disk, for tests and inspection. It scans
   * the back end if part of the table is on disk.
   */
  count(): Promise<number>;
}

/**
 * A table with many entries per key, in the order of their place, then of insertion. It is a list
 * if all places are equal, and a sorted map if they differ. Either all entries of a key are in
 * memory or none. The *key slot* of a key is valid as long as a slot.
 */
export interface OrderedTable extends Omit<EntrySlots, 'keyOf' | 'writeKey'> {
  /**
   * Fills `keys[i]` with the key slot of `rows[i]`, for i < count. By default, `rows` are the
   * selected rows of the batch. Reads the entries of keys that are not in memory.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    keys: Int32Array,
    rows?: Int32Array | null,
    count?: number,
  ): void | Promise<void>;
  /** The same for keys encoded by `writeKey`. */
  lookupEncoded(encoded: readonly KeyBytes[], keys: Int32Array): void | Promise<void>;
  /**
   * Returns the first and the last entry of a key, and the neighbors of an entry; -1 if there is
   * none.
   */
  first(key: number): number;
  last(key: number): number;
  next(slot: number): number;
  previous(slot: number): number;
  /** Returns the key's first entry with a place of at least `place`. */
  firstFrom(key: number, place: number): number;
  placeOf(slot: number): number;
  /**
   * Returns the sequence of insertion. A new entry has a higher sequence than all entries of its
   * key.
   */
  sequenceOf(slot: number): number;
  /** Adds an entry after those with the same place. The entry is touched. `place` is an integer. */
  insert(key: number, place: number): number;
  /** Moves an entry to another place, after the entries with that place. Returns its new slot. */
  move(slot: number, place: number): number;
  /** Removes the key's entries with from <= place < to. */
  removeRange(key: number, from: number, to: number): void;
  keyOf(key: number): readonly unknown[];
  writeKey(key: number, writer: ByteWriter): void;
  /** A number that changes when the key slot is given to another key. */
  versionOf(key: number): number;
  /** Releases memory, see `KeyedTable.relieve`. */
  relieve(): void | Promise<void>;
  /** Returns the number of live entries in memory and on disk, for tests and inspection. */
  count(): Promise<number>;
}

/**
 * A table with entries by time, such as windows, sorter buckets and deadlines. A segment contains
 * the entries of one time. Segments are returned in time order. The entries of a segment are in
 * arrival order, also after a restore.
 */
export interface TimedTable {
  /** Returns the segment of a time. Creates it if it does not exist. */
  segment(time: number): Segment;
  /** Returns the segment, if it exists. */
  find(time: number): Segment | undefined;
  /**
   * The earliest time with a segment; +Infinity if there is none. It is a number, so a check costs
   * one comparison per batch.
   */
  readonly firstTime: number;
  /** Segments with time <= upTo, ascending. */
  due(upTo: number): readonly Segment[];
  /**
   * Loads all segments with from <= time <= upTo. Usually returns nothing, because they are in
   * memory.
   */
  load(from: number, upTo: number): void | Promise<void>;
  /** Returns the first segment with a time above this one. */
  after(time: number): Segment | undefined;
  /** Removes a segment with all its entries. */
  drop(segment: Segment): void;
  count(): Promise<number>;
}

export interface Segment extends EntrySlots {
  readonly time: number;
  /**
   * The entries of a segment. If `key` is empty, they have the slots 0 to size - 1 in arrival
   * order; `exists` is false for removed entries.
   */
  readonly size: number;
  /** For a table with keys: see `KeyedTable`. */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows?: Int32Array | null,
    count?: number,
  ): void | Promise<void>;
  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void>;
  /**
   * Appends an entry in a table without keys. The entry is touched. `group` is the key group
   * (`keyGroupOf`) of the key to which it belongs. A task with this key group then also has the
   * entry.
   */
  append(group?: number): number;
  /**
   * Loads evicted entries, so that all entries are in memory, in arrival order. Usually returns
   * nothing, because no entry was evicted.
   */
  load(): void | Promise<void>;
  /** Returns the existing slots in arrival order. Call `load` first. */
  slots(): Int32Array;
}
