import type { Entries } from '../entries.ts';
import { valueBytes } from '../entries-size.ts';
import { DIRTY, EXISTS, FREE, STORED } from '../entry-flags.ts';
import type { KeyRange } from '../entry-key.ts';
import type { StateWrite } from '../state-backend.ts';
import type { LogFileWriter } from './log-file-writer.ts';
import type { StateLog } from './state-log.ts';

/** The maximum number of entries in a block, and of entries checked without a pause. */
const BLOCK_ENTRIES = 4096;

/**
 * Returns the number of entries in a block. The number is smaller if the values are large. A block
 * is encoded without a pause, and it must fit into memory when it is read. A large entry ends a
 * block.
 */
function blockEntries(entries: Entries, pieceBytes: number): number {
  const bytes = valueBytes(entries) / Math.max(1, entries.size);
  return Math.max(1, Math.min(BLOCK_ENTRIES, Math.floor(pieceBytes / (bytes + 1))));
}

/** The state that the barrier sealed, and functions to encode single entries of it. */
export interface SealedState {
  /** The file contains all entries, not only changed ones. */
  readonly whole: boolean;
  /** The current epoch. The file does not contain its changes. */
  readonly epoch: number;
  readonly cleared: readonly KeyRange[];
  readonly dropped: readonly Entries[];
  readonly tables: readonly Entries[];
  removal(entries: Entries, slot: number): StateWrite;
  /** Returns the sealed content of entries that have changed since the last call. */
  preserved(): StateWrite[];
}

/**
 * Writes a sealed epoch as one file of the log. It yields to the job after each piece. An encoded
 * entry counts as written. If the file fails, the next one contains all entries.
 */
export async function writeToLog(log: StateLog, sealed: SealedState): Promise<void> {
  const file = log.begin(sealed.whole);
  try {
    if (!sealed.whole) {
      for (const { from, to } of sealed.cleared) file.range(from, to);
      for (const entries of sealed.dropped) await writeDropped(file, sealed, entries);
    }
    for (const entries of sealed.tables) await writeTable(file, sealed, entries);
    file.entries(sealed.preserved());
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

async function writeDropped(file: LogFileWriter, sealed: SealedState, entries: Entries): Promise<void> {
  for (let at = 0; at < entries.size; at += BLOCK_ENTRIES) {
    const removals: StateWrite[] = [];
    for (let slot = at; slot < Math.min(at + BLOCK_ENTRIES, entries.size); slot++) {
      if ((entries.flags[slot]! & (STORED | FREE)) === STORED) removals.push(sealed.removal(entries, slot));
    }
    file.entries(removals);
    if (file.full) await file.pause();
  }
}

async function writeTable(file: LogFileWriter, sealed: SealedState, entries: Entries): Promise<void> {
  const { whole, epoch } = sealed;
  const list = entries.sealed;
  // If many entries changed, use their order in memory. It is twice as fast as the order of their
  // changes (w6d).
  const inOrder = whole || list.length * 4 > entries.size;
  // Slots created from now on belong to the current epoch.
  const count = inOrder ? entries.size : list.length;
  const step = blockEntries(entries, file.pieceBytes);
  const slots = new Int32Array(Math.min(step, count));
  const { large } = entries;
  for (let at = 0; at < count; ) {
    const removals: StateWrite[] = [];
    let n = 0;
    let bytes = 0;
    const { flags } = entries;
    const end = Math.min(at + step, count);
    for (; at < end && bytes < file.pieceBytes; at++) {
      const slot = inOrder ? at : list[at]!;
      const f = flags[slot]!;
      if ((f & FREE) !== 0 || entries.changedIn(slot) === epoch) continue;
      if ((f & EXISTS) !== 0) {
        if (!whole && (f & DIRTY) === 0) continue;
        slots[n++] = slot;
        bytes += large.of(slot);
        flags[slot] = (f & ~DIRTY) | STORED;
      } else if ((f & DIRTY) !== 0) {
        if (!whole) removals.push(sealed.removal(entries, slot));
        entries.markAbsent(slot);
      }
    }
    file.columns(entries, slots, n);
    file.entries(removals);
    file.entries(sealed.preserved());
    if (file.full) await file.pause();
  }
  entries.sealed = [];
  entries.sealedWhole = false;
}
