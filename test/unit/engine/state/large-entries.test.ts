/** Entries with large values: all bytes are counted, and written, read and kept within bounds. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { INT, STRING } from '../../../../src/core/data-type.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { EntryLimit } from '../../../../src/engine/state/entry-limit.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import type { StateWrite } from '../../../../src/engine/state/state-backend.ts';
import type { KeyedTable } from '../../../../src/engine/state/state-store.ts';
import { codecOf } from '../../../../src/engine/state/value-codec.ts';

const TEXTS = {
  operator: 1,
  table: 0,
  name: 'texts',
  key: [INT],
  columns: [{ kind: 'value', codec: codecOf(STRING) }],
} as const;
const MB = 1 << 20;

/** Records the bytes of each write and each read. */
class MeasuredBackend extends MemoryBackend {
  readonly written: number[] = [];
  readonly read: number[] = [];
  override async write(operations: readonly StateWrite[]): Promise<void> {
    this.written.push(operations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
    await super.write(operations);
  }
  override async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]> {
    const values = await super.getMany(keys);
    this.read.push(values.reduce((sum, value) => sum + (value?.length ?? 0), 0));
    return values;
  }
}

async function put(table: KeyedTable, keys: readonly number[], text: string): Promise<Int32Array> {
  const slots = new Int32Array(keys.length);
  await table.lookupKeys(
    keys.map((key) => [key]),
    slots,
  );
  for (const slot of slots) {
    table.touch(slot);
    (table.columns[0] as unknown[])[slot] = text;
  }
  return slots;
}

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

it('finds a few large entries among many small ones, and evicts the large ones', async () => {
  const store = new CachedStateStore(new MemoryBackend(), 24 * MB);
  const table = store.keyedTable(TEXTS);
  await put(table, numbers(20_000), 'small');
  await put(table, numbers(20, 20_000), 'x'.repeat(MB));
  await put(table, numbers(20_000, 30_000), 'small');
  for (let look = 0; look < 12; look++) await store.maintain(65_536);
  assert.ok(store.cacheBytes() <= 24 * MB, `${store.cacheBytes()} bytes`);
  assert.ok(store.evictedEntries >= 10 && store.evictedEntries < 100, `${store.evictedEntries} entries`);
});

it('counts an entry that an operator reports at once, and looks again after some megabytes', async () => {
  const store = new CachedStateStore(new MemoryBackend(), 8 * MB);
  const table = store.keyedTable(TEXTS);
  for (let key = 0; key < 20; key++) {
    for (const slot of await put(table, [key], 'x'.repeat(2 * MB))) table.grew(slot);
    await store.maintain(64);
    assert.ok(store.cacheBytes() <= 17 * MB, `${store.cacheBytes()} bytes after ${key} entries`);
  }
});

it('writes evicted entries and checkpoints a few megabytes at a time', async () => {
  for (const checkpoint of [false, true]) {
    const backend = new MeasuredBackend();
    const store = new CachedStateStore(backend, checkpoint ? 1 << 30 : 8 * MB);
    const table = store.keyedTable(TEXTS);
    await put(table, numbers(50), 'x'.repeat(MB));
    if (checkpoint) {
      store.seal();
      await store.writeSealed();
      store.unseal();
    } else await store.maintain(65_536);
    const all = backend.written.reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(all > 40 * MB, `${all} bytes`);
    assert.ok(Math.max(...backend.written) <= 5.1 * MB, `${Math.max(...backend.written)} bytes at once`);
  }
});

it('makes the source wait when rows change much while a checkpoint is written', async () => {
  const store = new CachedStateStore(new MemoryBackend(), 200 * MB);
  const table = store.keyedTable(TEXTS);
  await put(table, numbers(60), 'x'.repeat(MB));
  store.seal();
  await put(table, numbers(60), 'y'.repeat(MB));
  let waited = false;
  const wait = store.maintain(64);
  assert.ok(wait instanceof Promise, 'the source waits');
  void wait.then(() => {
    waited = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(waited, false);
  await store.writeSealed();
  store.unseal();
  await wait;
  assert.equal(store.maintain(64), undefined);
});

it('lets few rows into a batch while their keys have large entries on disk', async () => {
  const backend = new MeasuredBackend();
  const store = new CachedStateStore(backend, 16 * MB);
  const table = store.keyedTable(TEXTS);
  await put(table, numbers(40), 'x'.repeat(MB));
  await store.maintain(65_536);
  for (let key = 0; key < 40; ) {
    const rows = Math.min(40 - key, store.rowLimit);
    await table.lookupKeys(
      numbers(rows, key).map((number) => [number]),
      new Int32Array(rows),
    );
    key += rows;
    await store.maintain(65_536);
  }
  assert.ok(Math.max(...backend.read) <= 4 * MB, `${Math.max(...backend.read)} bytes at once`);
  for (let batch = 0; batch < 20; batch++) await store.maintain(64);
  assert.ok(store.rowLimit > 100_000, 'small entries do not limit the batches');
});

it('refuses an entry that needs more memory than the job can have, with operator, key and figures', async () => {
  const limit = new EntryLimit(16 * MB, (operator) => `operator-${operator}`);
  const store = new CachedStateStore(new MemoryBackend(), 4 * MB, limit);
  const table = store.keyedTable(TEXTS);
  const [small] = await put(table, [4711], 'x'.repeat(7 * MB));
  table.grew(small!);
  const [large] = await put(table, [4712], 'x'.repeat(9 * MB));
  const expected = {
    code: 'STATE_ENTRY_TOO_LARGE',
    message:
      'operator-1: the state of the key (4712) needs 18 MB of memory, but at most 16 MB are possible; see state.memory',
  };
  assert.throws(() => table.grew(large!), expected);
  await assert.rejects(async () => store.maintain(65_536), expected);
});
