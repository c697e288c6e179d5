import { keyRange, operatorRange, parseEntryKey, parseOrderedKey } from './entry-key.ts';
import { noteFound, noteFoundKey } from './eviction.ts';
import type { KeyedEntries } from './keyed-entries.ts';
import type { OrderedEntries } from './ordered-entries.ts';
import { NO_ENTRY } from './ordered-keys.ts';
import { takeEntry } from './ordered-reads.ts';
import type { StateBackend } from './state-backend.ts';
import type { SegmentEntries, TimedEntries } from './timed-entries.ts';

/** The share of the cache's budget up to which state is loaded: what comes next needs room. */
const LOADED_SHARE = 0.8;

/** What is loaded into, and how much there may be. */
export interface StateTables {
  readonly keyed: readonly KeyedEntries[];
  readonly ordered: readonly OrderedEntries[];
  readonly timed: readonly TimedEntries[];
  readonly budgetBytes: number;
  cacheBytes(): number;
}

/**
 * Loads what the back end holds, as far as the budget goes; the rest stays there. What is of other
 * operators is removed.
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
      for (const { key, value } of chunk) table.decodeValue(table.slotOfStored(key, 5), value);
      table.complete = !isFull(tables);
    } else if (table.stored === null) break;
    else noteFound(table, chunk, 5, tables.budgetBytes);
  }
}

/** Keys with all of their entries, as many as there is room for. */
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
      // What follows is looked for when it is needed; that there may be more is all to know.
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
        segment.noteStored(value);
      } else segment.decodeValue(segment.slotOfStored(key, parsed.start), value);
    }
    // Adding up the cache costs a look at every segment.
    if (++chunks % 16 === 0) full ||= isFull(tables);
  }
}

/** State of operators that the plan no longer has. */
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

/** The operator of the first entry from there on; its other entries need not be read. */
async function firstOperator(backend: StateBackend, from: Buffer, to: Buffer): Promise<number | null> {
  for await (const [first] of backend.scan(from, to)) if (first !== undefined) return first.key.readUInt16BE(0);
  return null;
}
