import { invariant } from '../../core/invariant.ts';
import type { BackendWrites } from './backend-writes.ts';
import type { Entries } from './entries.ts';
import { DIRTY, EXISTS, STORED } from './entry-flags.ts';
import type { KeyRange } from './entry-key.ts';
import type { EntryWrites } from './entry-writes.ts';
import type { StateLog } from './log/state-log.ts';
import { writeToLog } from './log/write-to-log.ts';
import type { StateWrite } from './state-backend.ts';
import type { SegmentEntries } from './timed-entries.ts';

/** The number of entries that the writer encodes before it yields to the job. */
const CHUNK = 2048;

/**
 * The changes of the epoch before a barrier, while its checkpoint is written. Before an entry
 * changes again, `preserve` saves its sealed content for this write.
 */
export class SealedEpoch {
  /** The bytes that `preserve` has saved. */
  preservedBytes = 0;
  /** Resolves when the checkpoint has ended. */
  ended: Promise<void> = Promise.resolve();
  readonly #backend: BackendWrites;
  readonly #writes: EntryWrites;
  #preserved: StateWrite[] = [];
  #tables: Entries[] = [];
  #drops: SegmentEntries[] = [];
  #cleared: readonly KeyRange[] = [];
  #whole = false;
  /** The epoch that began at the barrier. */
  #epoch = 1;
  #open = false;
  #endNow: () => void = () => {};

  constructor(backend: BackendWrites, writes: EntryWrites) {
    this.#backend = backend;
    this.#writes = writes;
  }

  /** True between the barrier and `end`. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Begins at a barrier. `epoch`: the one that begins. `whole`: the log gets all entries.
   * `cleared`: the tables emptied in the sealed epoch.
   */
  begin(epoch: number, whole: boolean, cleared: readonly KeyRange[]): void {
    invariant(!this.#open, 'a checkpoint is still being written');
    this.#open = true;
    this.ended = new Promise((resolve) => {
      this.#endNow = resolve;
    });
    this.#epoch = epoch;
    this.#whole = whole;
    this.#cleared = cleared;
  }

  /** Seals the changes of a table or segment. */
  add(entries: Entries): void {
    entries.epoch = this.#epoch;
    if (this.#whole) {
      entries.dirty = [];
      entries.sealedWhole = true;
      this.#tables.push(entries);
      return;
    }
    if (entries.dirty.length === 0) return;
    entries.sealed = entries.dirty;
    entries.dirty = [];
    this.#tables.push(entries);
  }

  /** Adds the segments that were dropped in the sealed epoch. */
  addDropped(segments: readonly SegmentEntries[]): void {
    this.#drops.push(...segments);
  }

  /** Saves the sealed content of an entry that is about to change. */
  preserve(entries: Entries, slot: number): void {
    if (!this.#open) return;
    const write = this.#writes.of(entries, slot);
    this.#preserved.push(write);
    this.preservedBytes += write.value?.length ?? 0;
    entries.flags[slot] = (entries.flags[slot]! & ~DIRTY) | STORED;
  }

  /** Writes the epoch to a file of the log. The job may run meanwhile. */
  async writeToLog(log: StateLog): Promise<void> {
    try {
      await writeToLog(log, {
        whole: this.#whole,
        epoch: this.#epoch,
        cleared: this.#cleared,
        dropped: this.#drops,
        tables: this.#tables,
        removal: (entries, slot) => this.#writes.removal(entries, slot),
        preserved: () => this.#takePreserved(),
      });
    } finally {
      for (const entries of this.#tables) {
        entries.sealed = [];
        entries.sealedWhole = false;
      }
      this.#tables = [];
      this.#drops = [];
    }
  }

  /** Writes the epoch to the back end. The job may run meanwhile. */
  async writeToBackend(): Promise<void> {
    for (const segment of this.#drops) await this.#backend.deleteSegment(segment);
    this.#drops = [];
    for (const entries of this.#tables) {
      const { sealed } = entries;
      for (let at = 0; at < sealed.length; at += CHUNK) {
        const writes = this.#takePreserved();
        const slots: number[] = [];
        for (let i = at; i < Math.min(at + CHUNK, sealed.length); i++) {
          const slot = sealed[i]!;
          if (this.#isSealedChange(entries, slot)) slots.push(slot);
        }
        if (writes.length > 0) await this.#backend.backend.write(writes);
        await this.#backend.write(entries, slots, (slot) => this.#isSealedChange(entries, slot));
        // Mark the slots clean after the write, because a clean entry may be evicted and then read
        // from the back end. If an entry changed meanwhile, it was preserved.
        for (const slot of slots) this.#written(entries, slot);
      }
      entries.sealed = [];
    }
    this.#tables = [];
    const rest = this.#takePreserved();
    if (rest.length > 0) await this.#backend.backend.write(rest);
  }

  #takePreserved(): StateWrite[] {
    this.preservedBytes = 0;
    return this.#preserved.splice(0);
  }

  /** Returns whether the slot has a change of the sealed epoch that is not written. */
  #isSealedChange(entries: Entries, slot: number): boolean {
    return (entries.flags[slot]! & DIRTY) !== 0 && entries.changedIn(slot) < this.#epoch;
  }

  #written(entries: Entries, slot: number): void {
    const flags = entries.flags[slot]!;
    if (!this.#isSealedChange(entries, slot)) return;
    if ((flags & EXISTS) !== 0) entries.flags[slot] = (flags & ~DIRTY) | STORED;
    else entries.markAbsent(slot);
  }

  /** Ends the checkpoint. */
  end(): void {
    this.#open = false;
    // All saved content was written, or the file failed. Then the next file contains all entries
    // and must not contain the saved content.
    this.#takePreserved();
    this.#endNow();
  }
}
