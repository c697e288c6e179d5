import type { Batch } from '../../batch/batch.ts';
import { type DataType, physicalOf } from '../../core/data-type.ts';
import type { ByteWriter } from './byte-codec.ts';
import { BytesKeyIndex } from './bytes-key-index.ts';
import { NumberKeyIndex } from './number-key-index.ts';
import type { LookupFilter } from './state-store.ts';

/** Makes a slot for a key with this hash, of the `i`-th row of a lookup; -1: none is wanted. */
export type Allocate = (hash: number, i: number) => number;

/**
 * From key to slot, open addressing with linear probing in typed arrays; deletion shifts back, so
 * there are no tombstones. Two forms: a single integer-like column keeps its numbers, everything
 * else its encoded bytes (the same bytes that stand in RocksDB).
 */
export interface KeyIndex {
  /**
   * Slots for rows of a batch; a slot from `allocate` is made for a key that is not there, unless
   * the filter says that the row does not need an absent entry: then it is -1.
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
  /** Forgets the key of a slot. */
  delete(slot: number): void;
  keyOf(slot: number): readonly unknown[];
  /** Writes the encoded key of a slot. */
  writeKey(writer: ByteWriter, slot: number): void;
  /** The slot of an encoded key: what restore and reads from disk use. */
  slotOfEncoded(key: Buffer, start: number, end: number, allocate: Allocate): number;
  /** The hash of a slot's key, as `allocate` is given it. */
  hashOf(slot: number): number;
  /** The same for an encoded key that need not be here. */
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
