import { ByteReader, type ByteWriter } from './byte-codec.ts';
import type { Entries } from './entries.ts';
import { measureEntry } from './entries-size.ts';
import { LARGE_BYTES } from './large-entries.ts';
import { decodeLong, encodeLong } from './long-codec.ts';

/** Encodes the value of an entry: the sequence (in timed tables), then the columns. */
export function encodeEntry(entries: Entries, slot: number, writer: ByteWriter): void {
  if (entries.kind === 'timed') writer.varint(entries.sequences![slot]!);
  entries.spec.columns.forEach((spec, c) => {
    const column = entries.columns[c]!;
    if (spec.kind === 'value') spec.codec.encode((column as unknown[])[slot], writer);
    else if (spec.kind === 'long') encodeLong(writer, entries.readLong(c, slot));
    else writer.double((column as Float64Array)[slot]!);
  });
}

/** Fills a slot with an entry of the back end. The entry exists, is clean and is stored. */
export function decodeEntry(entries: Entries, slot: number, bytes: Uint8Array): void {
  const reader = new ByteReader(bytes);
  if (entries.kind === 'timed') {
    const sequence = reader.varint();
    entries.sequences![slot] = sequence;
    if (sequence >= entries.nextSequence) entries.nextSequence = sequence + 1;
  }
  entries.spec.columns.forEach((spec, c) => {
    const column = entries.columns[c]!;
    if (spec.kind === 'value') (column as unknown[])[slot] = spec.codec.decode(reader);
    else if (spec.kind === 'long') entries.writeLong(c, slot, decodeLong(reader));
    else (column as Float64Array)[slot] = reader.double();
  });
  entries.markStored(slot);
  if (bytes.length >= LARGE_BYTES) measureEntry(entries, slot);
}

/**
 * Records an entry that remains in the back end and is not loaded. New entries get higher
 * sequences.
 */
export function noteStored(entries: Entries, bytes: Uint8Array): void {
  if (entries.kind !== 'timed') return;
  entries.nextSequence = Math.max(entries.nextSequence, new ByteReader(bytes).varint() + 1);
}
