import { decodeEntry, noteStored } from './entry-codec.ts';
import { keyRange, operatorRange, parseEntryKey, parseOrderedKey } from './entry-key.ts';
import { noteFound, noteFoundKey } from './eviction.ts';
import type { KeyedEntries } from './keyed-entries.ts';
import type { OrderedEntries } from './ordered-entries.ts';
import { NO_ENTRY } from './ordered-keys.ts';
import { takeEntry } from './ordered-reads.ts';
import type { StateBackend } from './state-backend.ts';
import type { SegmentEntries, TimedEntries } from './timed-entries.ts';

/** State is loaded up to this share of the cache's budget, because new entries need space. */
const LOADED_SHARE = 0.8;

/** The tables that the load fills, and its limits. */
export interface StateTables {
  readonly keyed: readonly KeyedEntries[];
  readonly ordered: readonly OrderedEntries[];
  readonly timed: readonly TimedEntries[];
  readonly budgetBytes: number;
  cacheBytes(): number;
}

/**
 * Loads entries from the back end, up to the budget. The other entries remain only in the back end.
 * Entries of other operators are removed.
 */
export async function loadState(
  backend: StateBackend,
  operators: ReadonlySet<number>,
  tables: StateTables,
): Promise<void> {
  await removeOthers(backend, operators);
  for (const table of tables.keyed) await loadKeyed(backend, table, tables);
  for (const table of tables.ordered) await loadOrdered(backend, table, tables);
  for (const table of tables.timed) await loadTimed(backend, table, tables);
}

const isFull = ({ budgetBytes, cacheBytes }: StateTables): boolean => cacheBytes() > budgetBytes * LOADED_SHARE;

async function loadKeyed(backend: StateBackend, table: KeyedEntries, tables: StateTables): Promise<void> {
  const { from, to } = keyRange(table.spec, null, null);
  for await (const chunk of backend.scan(from, to)) {
    if (table.complete) {
      for (const { key, value } of chunk) decodeEntry(table, table.slotOfStored(key, 5), value);
      table.complete = !isFull(tables);
    } else if (table.stored === null) break;
    else noteFound(table, chunk, 5, tables.budgetBytes);
  }
}

/** Loads keys with all their entries, up to the budget. */
async function loadOrdered(backend: StateBackend, table: OrderedEntries, tables: StateTables): Promise<void> {
  const { from, to } = keyRange(table.spec, null, null);
  let last: Buffer | null = null;
  let slot = NO_ENTRY;
  let full = false;
  for await (const chunk of backend.scan(from, to)) {
    for (const { key, value } of chunk) {
      const { start, end } = parseOrderedKey(key);
      if (last === null || last.compare(key, start, end) !== 0) {
        last = Buffer.from(key.subarray(start, end));
        if (full) noteFoundKey(table, key, start, end, tables.budgetBytes);
        slot = full ? NO_ENTRY : table.keys.index.slotOfEncoded(key, start, end, () => table.keys.allocate());
      }
      if (slot === NO_ENTRY) table.complete = false;
      else takeEntry(table, slot, key, value);
    }
    full ||= isFull(tables);
    if (full && table.stored === null) {
      // Later lookups read the other keys. It is enough to record that the table is not complete.
      table.complete = false;
      if (slot === NO_ENTRY) break;
    }
  }
}

async function loadTimed(backend: StateBackend, table: TimedEntries, tables: StateTables): Promise<void> {
  const { from, to } = keyRange(table.spec, null, null);
  let full = false;
  let chunks = 0;
  for await (const chunk of backend.scan(from, to)) {
    for (const { key, value } of chunk) {
      const parsed = parseEntryKey(key, true);
      const segment = table.segment(parsed.time!) as SegmentEntries;
      if (full) {
        segment.complete = false;
        noteStored(segment, value);
      } else decodeEntry(segment, segment.slotOfStored(key, parsed.start), value);
    }
    // The computation of the cache size visits every segment.
    if (++chunks % 16 === 0) full ||= isFull(tables);
  }
}

/** Removes the state of operators that are not in the plan. */
async function removeOthers(backend: StateBackend, operators: ReadonlySet<number>): Promise<void> {
  const end = Buffer.from([0xff, 0xff, 0xff]);
  let from = Buffer.alloc(2);
  for (;;) {
    const operator = await firstOperator(backend, from, end);
    if (operator === null) return;
    const range = operatorRange(operator);
    if (!operators.has(operator)) await backend.deleteRange(range.from, range.to);
    from = Buffer.from(range.to);
  }
}

/**
 * Returns the operator of the first entry from the given key on. The caller need not read its other
 * entries.
 */
async function firstOperator(backend: StateBackend, from: Buffer, to: Buffer): Promise<number | null> {
  for await (const [first] of backend.scan(from, to)) if (first !== undefined) return first.key.readUInt16BE(0);
  return null;
}
