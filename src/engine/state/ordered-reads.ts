import { ByteReader, ByteWriter } from './byte-codec.ts';
import { keyGroupOf, keyRange, parseOrderedKey, prefixRange } from './entry-key.ts';
import { readInteger } from './key-codec.ts';
import type { OrderedEntries } from './ordered-entries.ts';
import type { StateBackend } from './state-backend.ts';

/** The number of keys that are read concurrently. */
const READS_AT_ONCE = 64;

/** Reads the entries of keys that are not in memory. */
export async function readKeys(entries: OrderedEntries, backend: StateBackend, keys: readonly number[]): Promise<void> {
  for (let at = 0; at < keys.length; at += READS_AT_ONCE) {
    await Promise.all(keys.slice(at, at + READS_AT_ONCE).map((key) => readKey(entries, backend, key)));
  }
}

async function readKey(entries: OrderedEntries, backend: StateBackend, key: number): Promise<void> {
  const { from, to } = prefixRange(keyPrefix(entries, key));
  let found = false;
  for await (const chunk of backend.scan(from, to)) {
    for (const entry of chunk) {
      takeEntry(entries, key, entry.key, entry.value);
      found = true;
    }
  }
  if (found) entries.stored?.delete(entries.keys.index.hashOf(key));
}

/** Returns the common prefix of a key's entries in the back end. */
function keyPrefix(entries: OrderedEntries, key: number): Buffer {
  const writer = new ByteWriter(64);
  writer.u16(entries.spec.operator);
  writer.byte(entries.spec.table);
  writer.u16(0);
  entries.writeKey(key, writer);
  writer.buffer.writeUInt16BE(keyGroupOf(writer.buffer, 5, writer.position), 3);
  return writer.finish();
}

/** Adds an entry of the back end to the list of its key. */
export function takeEntry(entries: OrderedEntries, key: number, entryKey: Buffer, value: Buffer): void {
  const reader = new ByteReader(entryKey, parseOrderedKey(entryKey).end);
  const place = readInteger(reader) as number;
  entries.takeStored(key, place, readInteger(reader) as number, value);
}

/** Returns the number of entries in the back end whose keys are not in memory. */
export async function countStored(entries: OrderedEntries, backend: StateBackend): Promise<number> {
  const { from, to } = keyRange(entries.spec, null, null);
  let stored = 0;
  for await (const chunk of backend.scan(from, to)) {
    for (const { key } of chunk) {
      const { start, end } = parseOrderedKey(key);
      if (entries.keys.index.slotOfEncoded(key, start, end, () => -1) < 0) stored++;
    }
  }
  return stored;
}
