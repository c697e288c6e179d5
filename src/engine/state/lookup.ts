import type { Batch } from '../../batch/batch.ts';
import { ByteWriter } from './byte-codec.ts';
import type { Entries } from './entries.ts';
import { decodeEntry } from './entry-codec.ts';
import { FREE, USED } from './entry-flags.ts';
import { groupOf, writeEntryKey } from './entry-key.ts';
import type { Allocate } from './key-index.ts';
import type { StateBackend } from './state-backend.ts';
import type { KeyBytes, LookupFilter } from './state-store.ts';
import type { StoredKeys } from './stored-keys.ts';

const writer = new ByteWriter(256);

/**
 * Fills `slots` for rows of a batch. Reads missing entries from the back end in one batch. If the
 * whole table is in memory, or `stored` knows the other keys, rows that the filter excludes get -1
 * instead of a slot.
 */
export function lookupRows(
  entries: Entries,
  backend: StateBackend,
  batch: Batch,
  keyColumns: readonly number[],
  slots: Int32Array,
  rows: Int32Array | null,
  count: number,
  filter: LookupFilter | null,
): void | Promise<void> {
  const { index, stored } = entries;
  if (index === null) return lookupSingle(entries, backend, slots, count);
  if (entries.complete) {
    index.lookup(batch, keyColumns, rows, count, slots, entries.allocator, filter);
    markUsed(entries, slots, count);
    return;
  }
  const missing: number[] = [];
  // If the keys on disk are not known, absent entries keep their slots.
  const allocate =
    filter === null || stored === null
      ? allocateMissing(entries, missing)
      : allocateNeeded(entries, missing, stored, filter);
  index.lookup(batch, keyColumns, rows, count, slots, allocate, null);
  markUsed(entries, slots, count);
  if (missing.length > 0) return readMissing(entries, backend, missing);
}

/** Creates slots only for rows that need them according to the filter. */
function allocateNeeded(entries: Entries, missing: number[], stored: StoredKeys, filter: LookupFilter): Allocate {
  const allocate = allocateMissing(entries, missing);
  return (hash, i) => (filter.needsAbsent(i) || stored.isNeeded(hash, i, filter) ? allocate(hash, i) : -1);
}

export function lookupKeys(
  entries: Entries,
  backend: StateBackend,
  keys: readonly (readonly unknown[])[],
  slots: Int32Array,
): void | Promise<void> {
  if (entries.index === null) return lookupSingle(entries, backend, slots, keys.length);
  const missing: number[] = [];
  const allocate = allocateMissing(entries, missing);
  for (let i = 0; i < keys.length; i++) slots[i] = entries.index.slotOf(keys[i]!, allocate);
  markUsed(entries, slots, keys.length);
  if (!entries.complete && missing.length > 0) return readMissing(entries, backend, missing);
}

export function lookupEncoded(
  entries: Entries,
  backend: StateBackend,
  keys: readonly KeyBytes[],
  slots: Int32Array,
): void | Promise<void> {
  const { index } = entries;
  if (index === null) return lookupSingle(entries, backend, slots, keys.length);
  const missing: number[] = [];
  const allocate = allocateMissing(entries, missing);
  for (let i = 0; i < keys.length; i++) {
    const { bytes, from, to } = keys[i]!;
    slots[i] = index.slotOfEncoded(bytes, from, to, allocate);
  }
  markUsed(entries, slots, keys.length);
  if (!entries.complete && missing.length > 0) return readMissing(entries, backend, missing);
}

/** Creates slots. Collects those whose keys may be in the back end. */
function allocateMissing(entries: Entries, missing: number[]): Allocate {
  const { stored } = entries;
  return (hash) => {
    const slot = entries.allocate();
    if (stored === null || stored.has(hash)) missing.push(slot);
    return slot;
  };
}

/** Looks up the one entry of a table without key columns. It is in slot 0. */
function lookupSingle(entries: Entries, backend: StateBackend, slots: Int32Array, count: number): void | Promise<void> {
  slots.fill(0, 0, count);
  if (entries.size > 0 && (entries.flags[0]! & FREE) === 0) return;
  const slot = entries.allocate();
  if (!entries.complete) return readMissing(entries, backend, [slot]);
}

function markUsed(entries: Entries, slots: Int32Array, count: number): void {
  const { flags } = entries;
  for (let i = 0; i < count; i++) if (slots[i]! >= 0) flags[slots[i]!]! |= USED;
}

async function readMissing(entries: Entries, backend: StateBackend, missing: readonly number[]): Promise<void> {
  const keys = missing.map((slot) => {
    writer.position = 0;
    writeEntryKey(writer, entries, slot);
    return writer.finish();
  });
  const values = await backend.getMany(keys);
  for (let i = 0; i < missing.length; i++) {
    const value = values[i];
    if (!value) continue;
    entries.loadedBytes += value.length;
    decodeEntry(entries, missing[i]!, value);
    entries.stored?.delete(entries.index!.hashOf(missing[i]!));
  }
}

/**
 * Returns the slot of an entry of the back end. Creates a slot if the entry is not in memory;
 * `made` collects these slots.
 */
export function slotOfStored(entries: Entries, key: Buffer, start: number, made: number[] = []): number {
  const allocate = (): number => {
    const slot = entries.allocate();
    made.push(slot);
    return slot;
  };
  if (entries.index !== null) return entries.index.slotOfEncoded(key, start, key.length, allocate);
  if (entries.time === null && entries.size > 0) return 0;
  const slot = allocate();
  if (entries.groups !== null) entries.groups[slot] = groupOf(key);
  return slot;
}
