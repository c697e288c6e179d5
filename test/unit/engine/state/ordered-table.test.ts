/** Tests ordered tables: order, sequences after a restore, and eviction of whole keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BIGINT } from '../../../../src/core/data-type.ts';
import { ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { keyPart } from '../../../../src/engine/state/key-codec.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import type { OrderedTable } from '../../../../src/engine/state/state-store.ts';

const OPERATOR = 1;

interface Opened {
  readonly store: CachedStateStore;
  readonly table: OrderedTable;
}

/** Opens a store with the content of the back end. */
async function open(backend: MemoryBackend, budgetBytes = 1 << 20): Promise<Opened> {
  const store = new CachedStateStore(backend, budgetBytes);
  const columns = [{ kind: 'number' }] as const;
  const table = store.orderedTable({ operator: OPERATOR, table: 0, name: 'list', key: [BIGINT], columns });
  await store.restore([OPERATOR]);
  return { store, table };
}

async function keyOf(table: OrderedTable, key: number): Promise<number> {
  const writer = new ByteWriter(16);
  keyPart(BIGINT).write(writer, key);
  const slots = new Int32Array(1);
  await table.lookupEncoded([{ bytes: writer.buffer, from: 0, to: writer.position }], slots);
  return slots[0]!;
}

async function insert({ store, table }: Opened, key: number, place: number, value: number): Promise<void> {
  const slot = table.insert(await keyOf(table, key), place);
  table.columns[0]![slot] = value;
  await store.maintain(1);
}

async function valuesOf({ table }: Opened, key: number): Promise<readonly number[]> {
  const values: number[] = [];
  for (let slot = table.first(await keyOf(table, key)); slot >= 0; slot = table.next(slot)) {
    values.push(table.columns[0]![slot] as number);
  }
  return values;
}

async function checkpoint({ store }: Opened): Promise<void> {
  store.seal();
  await store.writeSealed();
  store.unseal();
}

test('entries are in the order of their places, then of insertion', async () => {
  const opened = await open(new MemoryBackend());
  for (const [place, value] of [
    [5, 1],
    [3, 2],
    [5, 3],
    [3, 4],
    [5, 5],
  ] as const)
    await insert(opened, 7, place, value);
  assert.deepEqual(await valuesOf(opened, 7), [2, 4, 1, 3, 5]);
});

test('a new entry follows restored entries with the same place, and does not replace them', async () => {
  const backend = new MemoryBackend();
  const before = await open(backend);
  for (const value of [1, 2, 3]) await insert(before, 7, 5, value);
  // The remaining entry has a higher sequence than the number of entries.
  for (const _ of [1, 2]) before.table.remove(before.table.first(await keyOf(before.table, 7)));
  await checkpoint(before);
  const after = await open(backend);
  assert.deepEqual(await valuesOf(after, 7), [3]);
  for (const value of [4, 5]) await insert(after, 7, 5, value);
  assert.deepEqual(await valuesOf(after, 7), [3, 4, 5]);
  await checkpoint(after);
  assert.deepEqual(await valuesOf(await open(backend), 7), [3, 4, 5]);
});

test('eviction takes all entries of a key, and a lookup reads them back', async () => {
  const opened = await open(new MemoryBackend(), 1);
  for (let value = 0; value < 10; value++) await insert(opened, 7, value, value);
  // The first pass marks the key as unused. A later one evicts it.
  for (let pass = 0; pass < 3; pass++) await opened.store.maintain(1 << 16);
  assert.equal(opened.store.evictedEntries, 10);
  assert.deepEqual(await valuesOf(opened, 7), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
