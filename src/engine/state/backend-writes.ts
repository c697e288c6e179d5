import type { Entries } from './entries.ts';
import { FREE, STORED } from './entry-flags.ts';
import type { EntryWrites } from './entry-writes.ts';
import type { StateBackend, StateWrite } from './state-backend.ts';
import type { SegmentEntries } from './timed-entries.ts';

/** The number of removals that are written at once. */
const REMOVALS = 2048;

/** Writes entries to the back end and removes them from it, in pieces. */
export class BackendWrites {
  readonly backend: StateBackend;
  readonly #writes: EntryWrites;

  constructor(backend: StateBackend, writes: EntryWrites) {
    this.backend = backend;
    this.#writes = writes;
  }

  /**
   * Encodes and writes entries, some megabytes at a time. Skips slots that are no longer `wanted`,
   * because the job may run between two writes.
   */
  async write(entries: Entries, slots: readonly number[], wanted: ((slot: number) => boolean) | null): Promise<void> {
    for (let left = slots; left.length > 0; ) {
      const writes: StateWrite[] = [];
      left = left.slice(this.#writes.addPiece(entries, left, writes));
      await this.backend.write(writes);
      if (wanted !== null) left = left.filter(wanted);
    }
  }

  /** Removes the entries of a dropped segment. */
  async deleteSegment(segment: SegmentEntries): Promise<void> {
    let writes: StateWrite[] = [];
    for (let slot = 0; slot < segment.size; slot++) {
      if ((segment.flags[slot]! & (STORED | FREE)) !== STORED) continue;
      writes.push(this.#writes.removal(segment, slot));
      if (writes.length >= REMOVALS) {
        await this.backend.write(writes);
        writes = [];
      }
    }
    if (writes.length > 0) await this.backend.write(writes);
    if (!segment.complete) {
      for (const range of segment.ranges()) {
        for await (const entries of this.backend.scan(range.from, range.to)) {
          await this.backend.write(entries.map((e) => ({ key: e.key, value: null })));
        }
      }
    }
  }
}
