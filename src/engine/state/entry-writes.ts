import { ByteWriter } from './byte-codec.ts';
import type { Entries } from './entries.ts';
import { encodeEntry } from './entry-codec.ts';
import { EXISTS } from './entry-flags.ts';
import { writeEntryKey } from './entry-key.ts';
import type { StateWrite } from './state-backend.ts';

/** Encodes entries for the back end. A removed entry has no value. */
export class EntryWrites {
  readonly #writer = new ByteWriter(1 << 16);

  of(entries: Entries, slot: number): StateWrite {
    if ((entries.flags[slot]! & EXISTS) === 0) return this.removal(entries, slot);
    const writer = this.#writer;
    writer.reset();
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

  /** Encodes many entries into one buffer and adds them to `writes`. */
  addAll(entries: Entries, slots: readonly number[], writes: StateWrite[]): void {
    const writer = this.#writer;
    writer.reset();
    // The end of each key and of each value; -1 for a removed entry.
    const keyEnds = new Int32Array(slots.length);
    const ends = new Int32Array(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      writeEntryKey(writer, entries, slot);
      keyEnds[i] = writer.position;
      const exists = (entries.flags[slot]! & EXISTS) !== 0;
      if (exists) encodeEntry(entries, slot, writer);
      ends[i] = exists ? writer.position : -1;
    }
    const bytes = writer.finish();
    let from = 0;
    for (let i = 0; i < slots.length; i++) {
      const key = bytes.subarray(from, keyEnds[i]);
      from = ends[i]! < 0 ? keyEnds[i]! : ends[i]!;
      writes.push({ key, value: ends[i]! < 0 ? null : bytes.subarray(keyEnds[i], from) });
    }
  }
}
