import type { Batch } from '../../batch/batch.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ByteReader, ByteWriter } from './byte-codec.ts';

/**
 * Where operators keep state. Tables are declared before anything runs; everything else (cache,
 * disk, epochs, checkpoints) happens behind them. An entry lives in a *slot*, a small integer that
 * stays the same until the next call of a method that may return a promise: the columns are plain
 * arrays indexed by slot, so a hot entry costs no serialisation.
 *
 * The one rule: call `touch(slot)` before the first change of an entry after a lookup. It notes the
 * epoch, and while a checkpoint is being written in the background it saves the entry as it was at
 * the barrier. Objects in `values` columns may be mutated in place after it.
 */
export interface StateStore {
  keyedTable(spec: TableSpec): KeyedTable;
  timedTable(spec: TableSpec): TimedTable;
  orderedTable(spec: TableSpec): OrderedTable;
}

export interface TableSpec {
  /** The operator's number (`OperatorContext.operator`). */
  readonly operator: number;
  /** 0..255, unique in the operator. */
  readonly table: number;
  readonly name: string;
  /**
   * Types of the key; empty: entries without a key (a single one in a keyed table, a list in
   * arrival order in a timed one).
   */
  readonly key: readonly DataType[];
  readonly columns: readonly StateColumn[];
  /**
   * A note of 16 bits about an entry, kept in memory when the entry goes to disk, by which a filter
   * of a lookup can decide that the entry need not be read (`LookupFilter`). 0: nothing is known.
   */
  readonly note?: (columns: EntrySlots['columns'], slot: number) => number;
}

/**
 * `number`: a float in a Float64Array. `long`: a BIGINT in a Float64Array, NaN standing for one
 * kept in a side map because it is beyond 2^53-1 (`readLong`, `writeLong`). `value`: any JS value
 * with its codec; initial value null.
 */
export type StateColumn =
  | { readonly kind: 'number' }
  | { readonly kind: 'long' }
  | { readonly kind: 'value'; readonly codec: ValueCodec };

export interface ValueCodec {
  encode(value: unknown, writer: ByteWriter): void;
  decode(reader: ByteReader): unknown;
  /** Rough bytes on the heap, for the memory budget. */
  sizeOf(value: unknown): number;
}

/**
 * Entries in memory, by slot. The arrays are replaced when they grow: fetch them after each lookup.
 */
export interface EntrySlots {
  /** `columns[c]` is a Float64Array for number and long columns, an array for value columns. */
  readonly columns: readonly (Float64Array | unknown[])[];
  /** False for a slot that a lookup made for a key without an entry. `create` makes it one. */
  exists(slot: number): boolean;
  /** Must precede each change; see above. Makes the entry exist. */
  touch(slot: number): void;
  /** Removes the entry (memory and disk). */
  remove(slot: number): void;
  readLong(column: number, slot: number): number | bigint;
  writeLong(column: number, slot: number, value: number | bigint): void;
  /** The key's internal values. */
  keyOf(slot: number): readonly unknown[];
  /** Writes the key's bytes, by which `lookupEncoded` finds it again. */
  writeKey(slot: number, writer: ByteWriter): void;
}

/** An encoded key (`writeKey`): the bytes from `from` to `to - 1`. */
export interface KeyBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Says which rows of a lookup need what is not in memory; `i` is the row's position in the lookup.
 * What a filter knows of the rows and of the notes is the caller's business.
 */
export interface LookupFilter {
  /** The row needs a slot also when its key has no entry. */
  needsAbsent(i: number): boolean;
  /** The row needs the entry that is on disk only and has this note (`TableSpec.note`). */
  needsStored(i: number, note: number): boolean;
}

/**
 * One entry per key. Initial values of a new entry: 0 for number and long columns, null for value
 * columns.
 */
export interface KeyedTable extends EntrySlots {
  /**
   * Fills `slots[i]` with the slot of the key of `rows[i]`, for i < count; by default the selected
   * rows of the batch. Reads what is missing from disk in one batch; returns nothing when all was
   * in memory. A row that needs neither an absent entry nor the one on disk, as `filter` says, may
   * get the slot -1.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows?: Int32Array | null,
    count?: number,
    filter?: LookupFilter | null,
  ): void | Promise<void>;
  /** The same for boxed keys. */
  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void>;
  /** The same for keys as `writeKey` writes them. */
  lookupEncoded(keys: readonly KeyBytes[], slots: Int32Array): void | Promise<void>;
  /**
   * In a call that goes through very many keys, at a moment when no slot is held: gives memory back
   * where the budget is exceeded.
   */
  relieve(): void | Promise<void>;
  /** Removes all entries, at a moment when no slot is held. */
  clear(): void | Promise<void>;
  /** Live entries in memory and on disk; a scan where part is on disk (tests, inspection). */
  count(): Promise<number>;
}

/**
 * Many entries per key, in order of their place, equal places in order of insertion: a list where
 * all places are equal, a sorted map where they differ. A key is in memory with all of its entries
 * or not at all. Its *key slot* is good as long as a slot is.
 */
export interface OrderedTable extends Omit<EntrySlots, 'keyOf' | 'writeKey'> {
  /**
   * Fills `keys[i]` with the key slot of `rows[i]`, for i < count; by default the selected rows of
   * the batch. Reads the entries of keys that are not in memory.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    keys: Int32Array,
    rows?: Int32Array | null,
    count?: number,
  ): void | Promise<void>;
  /** The same for keys as `writeKey` writes them. */
  lookupEncoded(encoded: readonly KeyBytes[], keys: Int32Array): void | Promise<void>;
  /** The key's first entry, its last one, and those around a slot; -1 where there is none. */
  first(key: number): number;
  last(key: number): number;
  next(slot: number): number;
  previous(slot: number): number;
  /** The key's first entry whose place is at least `place`. */
  firstFrom(key: number, place: number): number;
  placeOf(slot: number): number;
  /** The order of insertion. A new entry's is above those of all entries that its key has. */
  sequenceOf(slot: number): number;
  /** A new entry behind those of its place; touched. `place` is an integer. */
  insert(key: number, place: number): number;
  /** Puts an entry in another place, behind those that are there; returns its new slot. */
  move(slot: number, place: number): number;
  /** Removes the key's entries with from <= place < to. */
  removeRange(key: number, from: number, to: number): void;
  keyOf(key: number): readonly unknown[];
  writeKey(key: number, writer: ByteWriter): void;
  /** In a call that goes through very many keys, at a moment when no slot is held. */
  relieve(): void | Promise<void>;
  /** Live entries in memory and on disk (tests, inspection). */
  count(): Promise<number>;
}

/**
 * Entries under a time: windows, sorter buckets, deadlines. A segment holds what has one time.
 * Segments come back in time order; entries in a segment in arrival order, also after a restore.
 */
export interface TimedTable {
  /** The segment of a time, made when it is not there. */
  segment(time: number): Segment;
  /** The segment, if it exists. */
  find(time: number): Segment | undefined;
  /**
   * Earliest time that has a segment, +Infinity when there is none. A number, so that a batch costs
   * one comparison.
   */
  readonly firstTime: number;
  /** Segments with time <= upTo, ascending. */
  due(upTo: number): readonly Segment[];
  /** Loads all segments with from <= time <= upTo. Nothing to wait for in the usual case. */
  load(from: number, upTo: number): void | Promise<void>;
  /** The first segment with a time above this one. */
  after(time: number): Segment | undefined;
  /** Removes a segment with all of its entries. */
  drop(segment: Segment): void;
  count(): Promise<number>;
}

export interface Segment extends EntrySlots {
  readonly time: number;
  /**
   * Entries in memory. With `key` empty they are slots 0..size-1 in arrival order, removed ones
   * left out by `exists`.
   */
  readonly size: number;
  /** Keyed: as in KeyedTable. */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows?: Int32Array | null,
    count?: number,
  ): void | Promise<void>;
  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void>;
  /**
   * Without a key: a new entry at the end; touched. `group`: the key group (`keyGroupOf`) of the
   * key that it belongs to, so that it goes where that key goes.
   */
  append(group?: number): number;
  /**
   * Brings entries that were evicted back, so that all are in memory; in arrival order. Nothing to
   * wait for in the usual case.
   */
  load(): void | Promise<void>;
  /** Existing slots in arrival order. Call `load` first. */
  slots(): Int32Array;
}
