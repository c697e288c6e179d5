/**
 * Tests the first eviction, when the state moves from its log to the back end, and a file of the
 * log that cannot be written.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { INT } from '../../../../../src/core/data-type.ts';
import { type Disk, systemDisk } from '../../../../../src/core/disk.ts';
import { systemScheduler } from '../../../../../src/core/scheduler.ts';
import { CachedStateStore } from '../../../../../src/engine/state/cached-state-store.ts';
import { applyStateLog } from '../../../../../src/engine/state/log/read-log.ts';
import { StateLog } from '../../../../../src/engine/state/log/state-log.ts';
import { MemoryBackend } from '../../../../../src/engine/state/memory-backend.ts';

const COUNTS = { operator: 1, table: 0, name: 'counts', key: [INT], columns: [{ kind: 'number' }] } as const;

test('entries without changes since the log was left reach the next checkpoint, regardless of changes of others', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-log-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  const backend = new MemoryBackend();
  const store = new CachedStateStore(backend, 1 << 30);
  const table = store.keyedTable(COUNTS);
  await store.logTo(new StateLog(directory, systemDisk, systemScheduler));
  const keys = Array.from({ length: 50 }, (_, i) => [i]);
  const slots = new Int32Array(50);
  await table.lookupKeys(keys, slots);
  for (const [i, slot] of slots.entries()) {
    table.touch(slot);
    (table.columns[0] as Float64Array)[slot] = i;
  }
  const checkpoint = async (): Promise<void> => {
    store.seal();
    await store.writeSealed();
    store.unseal();
  };
  await checkpoint();
  store.budgetBytes = store.cacheBytes() * 0.9;
  await store.maintain(1 << 20);
  assert.equal(store.log, null);
  assert.ok(store.evictedEntries > 0 && store.evictedEntries < 40);

  // The list of changed entries is cleaned up when it is long. It also contains all entries that
  // have not changed since.
  const [slot] = await slotsOf([[1000]]);
  for (let i = 0; i < 3000; i++) {
    table.touch(slot!);
    table.remove(slot!);
  }
  await checkpoint();

  const after = new CachedStateStore(backend, 1 << 30);
  const restored = after.keyedTable(COUNTS);
  await after.restore([1]);
  assert.equal(await restored.count(), 50);

  async function slotsOf(wanted: readonly (readonly unknown[])[]): Promise<Int32Array> {
    const found = new Int32Array(wanted.length);
    await table.lookupKeys(wanted, found);
    return found;
  }
});

test('entries that change between the failure of a file and the end of its checkpoint are new in the next file', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-log-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  let full = true;
  const disk: Disk = {
    ...systemDisk,
    append(file, bytes, from) {
      if (full) throw new Error('disk full');
      return systemDisk.append(file, bytes, from);
    },
  };
  const store = new CachedStateStore(new MemoryBackend(), 1 << 30);
  const first = store.keyedTable({ ...COUNTS, table: 1 });
  const table = store.keyedTable(COUNTS);
  // Pieces have one byte, so the second table is not encoded yet when the first cannot be written.
  const log = new StateLog(directory, disk, systemScheduler, 1);
  await store.logTo(log);
  const slots = new Int32Array(1);
  for (const each of [first, table]) {
    await each.lookupKeys([[1]], slots);
    each.touch(slots[0]!);
  }
  store.seal();
  await assert.rejects(store.writeSealed(), /disk full/);
  table.remove(slots[0]!);
  store.unseal();
  full = false;
  store.seal();
  await store.writeSealed();
  store.unseal();

  const backend = new MemoryBackend();
  await applyStateLog(
    log.files.map(({ path: file }) => file),
    backend,
    systemDisk,
  );
  const after = new CachedStateStore(backend, 1 << 30);
  const restored = [after.keyedTable({ ...COUNTS, table: 1 }), after.keyedTable(COUNTS)];
  await after.restore([1]);
  assert.deepEqual(await Promise.all(restored.map((each) => each.count())), [1, 0]);
});
