import type { Entries } from './entries.ts';
import { storedBytes } from './entries-size.ts';
import { DIRTY, EVICTING, EXISTS, FREE, STORED, USED } from './entry-flags.ts';
import { OrderedEntries } from './ordered-entries.ts';
import type { StateEntry } from './state-backend.ts';

/**
 * Moves the clock hand over the slots and chooses `target` slots that were not used since the hand
 * last passed. Calls `write` for dirty slots. The caller writes them and then releases all returned
 * slots. While a checkpoint is written, entries with unwritten changes stay in memory.
 */
function evictSlots(
  entries: Entries,
  target: number,
  sealing: boolean,
  write: (slot: number) => void,
): readonly number[] {
  const evicted: number[] = [];
  const { size } = entries;
  for (let steps = size * 2; steps > 0 && evicted.length < target; steps--) {
    if (entries.hand >= size) entries.hand = 0;
    const slot = entries.hand++;
    if (take(entries, slot, sealing, write)) evicted.push(slot);
  }
  return evicted;
}

/** Chooses a slot if it can be evicted and was not used since the last call. */
function take(entries: Entries, slot: number, sealing: boolean, write: (slot: number) => void): boolean {
  const { flags } = entries;
  const f = flags[slot]!;
  if ((f & (FREE | EVICTING)) !== 0) return false;
  if ((f & USED) !== 0) {
    flags[slot] = f & ~USED;
    return false;
  }
  if ((f & DIRTY) !== 0) {
    // The background writer writes sealed entries. Entries of the new epoch must not be written
    // to the back end yet.
    if (sealing) return false;
    write(slot);
    flags[slot] = (f & ~DIRTY) | STORED;
  }
  if ((f & (EXISTS | STORED)) !== 0) entries.complete = false;
  // The hand may pass again before the slot is released.
  flags[slot] = flags[slot]! | EVICTING;
  return true;
}

/** Large entries that were chosen: their slots, and the bytes of all and of the largest. */
interface LargeEvicted {
  readonly slots: readonly number[];
  readonly bytes: number;
  readonly largest: number;
}

export const NOTHING_LARGE: LargeEvicted = { slots: [], bytes: 0, largest: 0 };

/**
 * Chooses large entries with at least `bytes` bytes together, if possible, first those that were
 * not used since the last call. Otherwise works like `chooseEvicted`.
 */
export function chooseLarge(
  entries: Entries,
  bytes: number,
  sealing: boolean,
  write: (slot: number) => void,
): LargeEvicted {
  const chosen: number[] = [];
  let sum = 0;
  let largest = 0;
  for (let pass = 0; pass < 2; pass++) {
    for (const slot of entries.large.slots()) {
      if (sum >= bytes) return { slots: chosen, bytes: sum, largest };
      if (!take(entries, slot, sealing, write)) continue;
      chosen.push(slot);
      sum += entries.large.of(slot);
      largest = Math.max(largest, entries.large.of(slot));
    }
  }
  return { slots: chosen, bytes: sum, largest };
}

/** Chooses at least `target` slots to evict, if possible. An ordered table evicts whole keys. */
export function chooseEvicted(
  entries: Entries,
  target: number,
  sealing: boolean,
  write: (slot: number) => void,
): readonly number[] {
  if (entries instanceof OrderedEntries) return entries.evict(target, sealing, write);
  return evictSlots(entries, target, sealing, write);
}

/** The maximum share of a cache's budget for the hashes of keys in the back end. */
const MOST_FOR_KEYS = 0.5;
/** The hashes may always use this many bytes. */
const FOR_KEYS = 1 << 14;

/** Records the keys of the evicted slots that are in the back end. */
export function recordEvicted(entries: Entries, evicted: readonly number[], budgetBytes: number): void {
  const { stored, index, flags, columns } = entries;
  const { note } = entries.spec;
  if (stored === null) return;
  // An ordered table has recorded each key when it chose the key.
  for (const slot of index === null ? [] : evicted) {
    if ((flags[slot]! & EXISTS) !== 0) stored.add(index!.hashOf(slot), note?.(columns, slot));
  }
  boundStored(entries, budgetBytes);
}

/** Records entries of the back end that are not loaded into memory. */
export function noteFound(entries: Entries, found: readonly StateEntry[], keyAt: number, budgetBytes: number): void {
  const { stored, index } = entries;
  if (stored === null) return;
  for (const { key } of found) stored.add(index!.hashOfEncoded(key, keyAt, key.length));
  boundStored(entries, budgetBytes);
}

/** Records a key of an ordered table whose entries are not loaded. */
export function noteFoundKey(
  entries: OrderedEntries,
  key: Buffer,
  start: number,
  end: number,
  budgetBytes: number,
): void {
  entries.stored?.add(entries.keys.index.hashOfEncoded(key, start, end));
  boundStored(entries, budgetBytes);
}

/**
 * Discards the hashes permanently if they exceed their share. Then a lookup reads each key that is
 * not in memory.
 */
function boundStored(entries: Entries, budgetBytes: number): void {
  if (storedBytes(entries) > Math.max(FOR_KEYS, budgetBytes * MOST_FOR_KEYS)) entries.stored = null;
}
