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
   * Of an entry: rows that weigh less (`KeyedTable.lookup`) have nothing to do with it, so it need
   * not be read for them. Left out: any row may.
   */
  readonly restsBelow?: (columns: EntrySlots['columns'], slot: number) => number;
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

/**
 * One entry per key. Initial values of a new entry: 0 for number and long columns, null for value
 * columns.
 */
export interface KeyedTable extends EntrySlots {
  /**
   * Fills `slots[i]` with the slot of the key of `rows[i]`, for i < count; by default the selected
   * rows of the batch. Reads what is missing from disk in one batch; returns nothing when all was
   * in memory. `needed[i]` = 0: the row has nothing to do with a key that is not there, nor with
   * one that rests below more than `weights[i]` (`TableSpec.restsBelow`); the slot may be -1.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows?: Int32Array | null,
    count?: number,
    needed?: Uint8Array | null,
    weights?: Float64Array | null,
  ): void | Promise<void>;
  /** The same for boxed keys. */
  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void>;
  /** The same for keys as `writeKey` writes them. */
  lookupEncoded(keys: readonly Buffer[], slots: Int32Array): void | Promise<void>;
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
  /** Unkeyed: a new entry at the end; touched. */
  append(): number;
  /**
   * Brings entries that were evicted back, so that all are in memory; in arrival order. Nothing to
   * wait for in the usual case.
   */
  load(): void | Promise<void>;
  /** Existing slots in arrival order. Call `load` first. */
  slots(): Int32Array;
}
