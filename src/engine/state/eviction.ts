import { DIRTY, type Entries, EXISTS, FREE, LEAVING, STORED, USED } from './entries.ts';

/**
 * Moves the clock hand over the slots until `target` may leave: those not used since the hand last passed. Calls `write` for the dirty ones; the caller writes
 * and then releases all that are returned. While a checkpoint is being written, entries changed since the barrier stay.
 */
export function evictSlots(
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
      // A sealed entry is the background writer's; one of the new epoch must not reach the back end yet.
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
