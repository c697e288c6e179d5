import { DIRTY, type Entries, EXISTS, FREE, LEAVING, STORED, USED } from './entries.ts';
import { OrderedEntries } from './ordered-entries.ts';
import type { StateEntry } from './state-backend.ts';

/**
 * Moves the clock hand over the slots until `target` may leave: those not used since the hand last
 * passed. Calls `write` for the dirty ones; the caller writes and then releases all that are
 * returned. While a checkpoint is being written, entries changed since the barrier stay.
 */
function evictSlots(
  entries: Entries,
  target: number,
  sealing: boolean,
  write: (slot: number) => void,
): readonly number[] {
  const leaving: number[] = [];
  const { flags, size } = entries;
  for (let steps = size * 2; steps > 0 && leaving.length < target; steps--) {
    if (entries.hand >= size) entries.hand = 0;
    const slot = entries.hand++;
    const f = flags[slot]!;
    if ((f & (FREE | LEAVING)) !== 0) continue;
    if ((f & USED) !== 0) {
      flags[slot] = f & ~USED;
      continue;
    }
    if ((f & DIRTY) !== 0) {
      // A sealed entry is the background writer's; one of the new epoch must not reach the back end
      // yet.
      if (sealing) continue;
      write(slot);
      flags[slot] = (f & ~DIRTY) | STORED;
    }
    if ((f & (EXISTS | STORED)) !== 0) entries.complete = false;
    // The hand may come round again before the slot is released.
    flags[slot] = flags[slot]! | LEAVING;
    leaving.push(slot);
  }
  return leaving;
}

/** Chooses at least `target` slots to leave where there are as many; an ordered table's by key. */
export function chooseLeaving(
  entries: Entries,
  target: number,
  sealing: boolean,
  write: (slot: number) => void,
): readonly number[] {
  if (entries instanceof OrderedEntries) return entries.evict(target, sealing, write);
  return evictSlots(entries, target, sealing, write);
}

/** The share of a cache's budget that knowing the keys of the back end may take. */
const MOST_FOR_KEYS = 0.5;
/** Bytes that it may take in any case. */
const FOR_KEYS = 1 << 14;

/** Notes which of the slots that leave stay in the back end. */
export function noteLeaving(entries: Entries, leaving: readonly number[], budgetBytes: number): void {
  const { stored, index, flags, columns } = entries;
  const { note } = entries.spec;
  if (stored === null) return;
  // An ordered table has noted each key when it chose it.
  for (const slot of index === null ? [] : leaving) {
    if ((flags[slot]! & EXISTS) !== 0) stored.add(index!.hashOf(slot), note?.(columns, slot));
  }
  boundStored(entries, budgetBytes);
}

/** The same for entries found in the back end that are not taken into memory. */
export function noteFound(entries: Entries, found: readonly StateEntry[], keyAt: number, budgetBytes: number): void {
  const { stored, index } = entries;
  if (stored === null) return;
  for (const { key } of found) stored.add(index!.hashOfEncoded(key, keyAt, key.length));
  boundStored(entries, budgetBytes);
}

/** The same for a key of an ordered table. */
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

/** Beyond its share it is given up for good: then every key that is not in memory is looked for. */
function boundStored(entries: Entries, budgetBytes: number): void {
  if (entries.storedBytes() > Math.max(FOR_KEYS, budgetBytes * MOST_FOR_KEYS)) entries.stored = null;
}
