import type { Batch } from '../../batch/batch.ts';
import { type DataType, physicalOf } from '../../core/data-type.ts';
import type { ByteWriter } from './byte-codec.ts';
import { BytesKeyIndex } from './bytes-key-index.ts';
import { NumberKeyIndex } from './number-key-index.ts';
import type { LookupFilter } from './state-store.ts';

/**
 * Creates a slot for a key with this hash, for the `i`-th row of a lookup. Returns -1 if the row
 * needs no slot.
 */
export type Allocate = (hash: number, i: number) => number;

/**
 * Maps keys to slots, with open addressing and linear probing in typed arrays. Deletion shifts
 * entries back, so there are no tombstones. There are two implementations. One stores the numbers
 * of a single integer-like column. The other stores the encoded bytes of all other keys, the same
 * bytes as in RocksDB.
 */
export interface KeyIndex {
  /**
   * Finds the slots for rows of a batch. A missing key gets a slot from `allocate`, or -1 if the
   * filter says that the row does not need an absent entry.
   */
  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    rows: Int32Array | null,
    count: number,
    slots: Int32Array,
    allocate: Allocate,
    filter: LookupFilter | null,
  ): void;
  slotOf(key: readonly unknown[], allocate: Allocate): number;
  /** Removes the key of a slot. */
  delete(slot: number): void;
  keyOf(slot: number): readonly unknown[];
  /** Writes the encoded key of a slot. */
  writeKey(writer: ByteWriter, slot: number): void;
  /** Returns the slot of an encoded key. Restore and reads from disk use this. */
  slotOfEncoded(key: Buffer, start: number, end: number, allocate: Allocate): number;
  /** Returns the hash of a slot's key. `allocate` gets the same hash. */
  hashOf(slot: number): number;
  /** The same for an encoded key that may be absent from the index. */
  hashOfEncoded(key: Buffer, start: number, end: number): number;
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
