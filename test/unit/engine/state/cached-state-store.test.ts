/**
 * Tests moments that random commands rarely reach, in which background writer, eviction and restore
 * meet.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INT, STRING } from '../../../../src/core/data-type.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import type { Entries } from '../../../../src/engine/state/entries.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import type { StateWrite } from '../../../../src/engine/state/state-backend.ts';
import { codecOf } from '../../../../src/engine/state/value-codec.ts';

const COUNTS = { operator: 1, table: 0, name: 'counts', key: [INT], columns: [{ kind: 'number' }] } as const;
const ROWS = {
  operator: 1,
  table: 1,
  name: 'rows',
  key: [],
  columns: [{ kind: 'value', codec: codecOf(STRING) }],
} as const;

/** A back end that writes only when the test allows it. */
class SlowBackend extends MemoryBackend {
  letGo: (() => void)[] = [];
  slow = false;
  override async write(operations: readonly StateWrite[]): Promise<void> {
    if (this.slow) await new Promise<void>((resolve) => this.letGo.push(resolve));
    await super.write(operations);
  }
}

test('an entry whose background write is under way is not read back before it has arrived', async () => {
  const backend = new SlowBackend();
  const store = new CachedStateStore(backend, 1 << 20);
  const table = store.keyedTable(COUNTS);
  const slots = new Int32Array(100);
  const keys = Array.from({ length: 100 }, (_, i) => [i]);
  await table.lookupKeys(keys, slots);
  for (const slot of slots) {
    table.touch(slot);
    (table.columns[0] as Float64Array)[slot] = 7;
  }
  backend.slow = true;
  store.seal();
  const written = store.writeSealed().then(() => store.unseal());
  store.budgetBytes = 1;
  const evicted = store.maintain(1 << 20);
  setTimeout(() => {
    backend.slow = false;
    for (const go of backend.letGo) go();
  }, 20);
  await evicted;
  await store.maintain(1 << 20);
  await table.lookupKeys(keys, slots);
  assert.deepEqual(
    Array.from(slots, (slot) => (table.exists(slot) ? (table.columns[0] as Float64Array)[slot] : null)),
    Array(100).fill(7),
  );
  await written;
});

test('rows added to a bucket that a restore left on disk do not take the place of its rows', async () => {
  const backend = new MemoryBackend();
  const before = new CachedStateStore(backend, 1 << 30);
  const total = 20 * 1024;
  const table = before.timedTable(ROWS);
  for (let i = 0; i < total; i++) {
    const segment = table.segment(Math.floor(i / 5120));
    (segment.columns[0] as unknown[])[segment.append()] = `old ${i}`;
  }
  before.seal();
  await before.writeSealed();
  before.unseal();
  const after = new CachedStateStore(backend, 1 << 16);
  const restored = after.timedTable(ROWS);
  await after.restore([1]);
  const segment = restored.segment(3);
  assert.equal((segment as unknown as Entries).complete, false);
  for (let i = 0; i < 10; i++) (segment.columns[0] as unknown[])[segment.append()] = `new ${i}`;
  await segment.load();
  const values = Array.from(segment.slots(), (slot) => (segment.columns[0] as string[])[slot]);
  assert.equal(values.length, 5120 + 10);
  assert.deepEqual(values.slice(-11), ['old 20479', ...Array.from({ length: 10 }, (_, i) => `new ${i}`)]);
});

test('without checkpoints, removed keys leave no state', async () => {
  const store = new CachedStateStore(new MemoryBackend(), 1 << 20);
  const table = store.keyedTable(COUNTS);
  const slots = new Int32Array(10);
  for (let round = 0; round < 5000; round++) {
    await table.lookupKeys(
      Array.from({ length: 10 }, (_, i) => [round * 10 + i]),
      slots,
    );
    for (const slot of slots) table.touch(slot);
    for (const slot of slots) table.remove(slot);
    await store.maintain(10);
  }
  const { dirty, size } = table as unknown as Entries;
  assert.ok(dirty.length < 2000, `${dirty.length} changed entries are listed`);
  assert.ok(size < 100);
});

test('the shortened list of changes still names every change of the epoch', async () => {
  const backend = new MemoryBackend();
  const store = new CachedStateStore(backend, 1 << 30);
  const table = store.keyedTable(COUNTS);
  const slots = new Int32Array(2);
  for (let round = 0; round < 3000; round++) {
    await table.lookupKeys([[-1], [round]], slots);
    table.touch(slots[0]!);
    (table.columns[0] as Float64Array)[slots[0]!]! += 1;
    table.touch(slots[1]!);
    table.remove(slots[1]!);
    await store.maintain(2);
  }
  store.seal();
  await store.writeSealed();
  store.unseal();
  const restored = new CachedStateStore(backend, 1 << 30).keyedTable(COUNTS);
  (restored as unknown as Entries).complete = false;
  (restored as unknown as Entries).stored = null;
  await restored.lookupKeys([[-1]], slots);
  assert.equal((restored.columns[0] as Float64Array)[slots[0]!], 3000);
});

test('a segment brought back while a removal is being written does not bring the removed entries along', async () => {
  for (const key of [[INT], []]) {
    const backend = new SlowBackend();
    const store = new CachedStateStore(backend, 1 << 30);
    const table = store.timedTable({ ...ROWS, key });
    const segment = table.segment(5);
    const slots = new Int32Array(key.length === 0 ? 1 : 10);
    if (key.length === 0) for (let i = 0; i < 10; i++) segment.append();
    else {
      await segment.lookupKeys(
        Array.from({ length: 10 }, (_, i) => [i]),
        slots,
      );
      for (const slot of slots) segment.touch(slot);
    }
    store.seal();
    await store.writeSealed();
    store.unseal();
    segment.remove(3);
    segment.remove(4);
    (segment as unknown as Entries).complete = false;
    backend.slow = true;
    store.seal();
    const written = store.writeSealed();
    const load = segment.load();
    setTimeout(() => {
      backend.slow = false;
      for (const go of backend.letGo) go();
    }, 10);
    await load;
    assert.equal(segment.slots().length, 8, `${key.length} key columns`);
    await written;
    assert.equal(segment.slots().length, 8);
  }
});
