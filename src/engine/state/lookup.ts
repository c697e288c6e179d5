import type { Batch } from '../../batch/batch.ts';
import { ByteWriter } from './byte-codec.ts';
import { type Entries, USED } from './entries.ts';
import { writeEntryKey } from './entry-key.ts';
import type { Allocate } from './key-index.ts';
import type { StateBackend } from './state-backend.ts';

const writer = new ByteWriter(256);

/**
 * Fills `slots` for rows of a batch; what is missing in memory is read from the back end in one
 * batch. Where `needed[i]` is 0 and the table is whole in memory, or what is not is known by
 * `stored`, a key that is not there gets no slot, but -1.
 */
export function lookupRows(
  entries: Entries,
  backend: StateBackend,
  batch: Batch,
  keyColumns: readonly number[],
  slots: Int32Array,
  rows: Int32Array | null,
  count: number,
  needed: Uint8Array | null,
  weights: Float64Array | null = null,
): void | Promise<void> {
  if (entries.index === null) return lookupSingle(entries, backend, slots, count);
  if (entries.complete) {
    entries.index.lookup(batch, keyColumns, rows, count, slots, entries.allocator, needed, null);
    markUsed(entries, slots, count);
    return;
  }
  const missing: number[] = [];
  const { stored } = entries;
  const allocate = noting(entries, missing);
  const ifNeedless = (hash: number, i: number): number =>
    stored!.has(hash, weights === null ? undefined : weights[i]) ? allocate(hash, i) : -1;
  // Where it is not known what is on disk, absence is worth a slot.
  if (stored === null) entries.index.lookup(batch, keyColumns, rows, count, slots, allocate, null, null);
  else entries.index.lookup(batch, keyColumns, rows, count, slots, allocate, needed, ifNeedless);
  markUsed(entries, slots, count);
  if (missing.length > 0) return readMissing(entries, backend, missing);
}

export function lookupKeys(
  entries: Entries,
  backend: StateBackend,
  keys: readonly (readonly unknown[])[],
  slots: Int32Array,
): void | Promise<void> {
  if (entries.index === null) return lookupSingle(entries, backend, slots, keys.length);
  const missing: number[] = [];
  const allocate = noting(entries, missing);
  for (let i = 0; i < keys.length; i++) slots[i] = entries.index.slotOf(keys[i]!, allocate);
  markUsed(entries, slots, keys.length);
  if (!entries.complete && missing.length > 0) return readMissing(entries, backend, missing);
}

export function lookupEncoded(
  entries: Entries,
  backend: StateBackend,
  keys: readonly Buffer[],
  slots: Int32Array,
): void | Promise<void> {
  const { index } = entries;
  if (index === null) return lookupSingle(entries, backend, slots, keys.length);
  const missing: number[] = [];
  const allocate = noting(entries, missing);
  for (let i = 0; i < keys.length; i++) {
    slots[i] = index.slotOfEncoded(keys[i]!, 0, keys[i]!.length, allocate);
  }
  markUsed(entries, slots, keys.length);
  if (!entries.complete && missing.length > 0) return readMissing(entries, backend, missing);
}

/** Makes slots, and notes those whose keys the back end may have. */
function noting(entries: Entries, missing: number[]): Allocate {
  const { stored } = entries;
  return (hash) => {
    const slot = entries.allocate();
    if (stored === null || stored.has(hash)) missing.push(slot);
    return slot;
  };
}

/** A table without key columns has one entry, in slot 0. */
function lookupSingle(entries: Entries, backend: StateBackend, slots: Int32Array, count: number): void | Promise<void> {
  slots.fill(0, 0, count);
  if (entries.size > 0 && (entries.flags[0]! & 16) === 0) return;
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
    entries.decodeValue(missing[i]!, value);
    entries.stored?.delete(entries.index!.hashOf(missing[i]!));
  }
}

/**
 * The slot of an entry found in the back end, made where it is not in memory; `made` collects
 * those.
 */
export function slotOfStored(entries: Entries, key: Buffer, start: number, made: number[] = []): number {
  const allocate = (): number => {
    const slot = entries.allocate();
    made.push(slot);
    return slot;
  };
  if (entries.index !== null) return entries.index.slotOfEncoded(key, start, key.length, allocate);
  return entries.time === null && entries.size > 0 ? 0 : allocate();
}
