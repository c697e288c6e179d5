import { ByteWriter } from './byte-codec.ts';
import type { Entries } from './entries.ts';
import { encodeEntry } from './entry-codec.ts';
import { EXISTS } from './entry-flags.ts';
import { writeEntryKey } from './entry-key.ts';
import type { StateWrite } from './state-backend.ts';

/** The bytes that are encoded and written at once, unless one entry has more. */
const PIECE_BYTES = 4 << 20;

/** Encodes entries for the back end. A removed entry has no value. */
export class EntryWrites {
  readonly #writer = new ByteWriter(1 << 16);

  of(entries: Entries, slot: number): StateWrite {
    if ((entries.flags[slot]! & EXISTS) === 0) return this.removal(entries, slot);
    const writer = this.#writer;
    writer.reset();
    writer.ensure(entries.large.of(slot));
    writeEntryKey(writer, entries, slot);
    const split = writer.position;
    encodeEntry(entries, slot, writer);
    const both = writer.finish();
    return { key: both.subarray(0, split), value: both.subarray(split) };
  }

  /** Encodes a removal, even if the entry exists. */
  removal(entries: Entries, slot: number): StateWrite {
    this.#writer.reset();
    writeEntryKey(this.#writer, entries, slot);
    return { key: this.#writer.finish(), value: null };
  }

  /**
   * Encodes the first of the entries into one buffer and adds them to `writes`. Stops after some
   * megabytes. Returns the number of encoded entries.
   */
  addPiece(entries: Entries, slots: readonly number[], writes: StateWrite[]): number {
    const writer = this.#writer;
    writer.reset();
    writer.ensure(entries.large.of(slots[0]!));
    // The end of each key and of each value; -1 for a removed entry.
    const keyEnds = new Int32Array(slots.length);
    const ends = new Int32Array(slots.length);
    let count = 0;
    for (; count < slots.length && writer.position < PIECE_BYTES; count++) {
      const slot = slots[count]!;
      writeEntryKey(writer, entries, slot);
      keyEnds[count] = writer.position;
      const exists = (entries.flags[slot]! & EXISTS) !== 0;
      if (exists) encodeEntry(entries, slot, writer);
      ends[count] = exists ? writer.position : -1;
    }
    const bytes = writer.finish();
    let from = 0;
    for (let i = 0; i < count; i++) {
      const key = bytes.subarray(from, keyEnds[i]);
      from = ends[i]! < 0 ? keyEnds[i]! : ends[i]!;
      writes.push({ key, value: ends[i]! < 0 ? null : bytes.subarray(keyEnds[i], from) });
    }
    return count;
  }
}
