/** Tests what the next checkpoint takes over from a failed one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { INT } from '../../../../src/core/data-type.ts';
import { systemDisk } from '../../../../src/core/disk.ts';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { systemScheduler } from '../../../../src/core/scheduler.ts';
import type { CheckpointStorage } from '../../../../src/engine/checkpoint/checkpoint-storage.ts';
import { decodeManifest, type SavepointMark, stateFilesOf } from '../../../../src/engine/checkpoint/manifest.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { StateLog } from '../../../../src/engine/state/log/state-log.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';
import { coordinatorWithTask } from '../../../support/checkpoint-bench.ts';
import { epochSink } from '../../../support/epoch-sink.ts';

/**
 * Creates a coordinator over a real directory, with one sink whose parts are the epochs' numbers.
 */
async function setUp(prepare: (epoch: number) => Promise<unknown>, fullEvery = 0) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'coordinator-'));
  const storage = new LocalStorage(directory);
  await storage.acquire();
  const committed: unknown[] = [];
  const sink = epochSink(committed, prepare);
  const backend = new MemoryBackend();
  const store = new CachedStateStore(backend, 1 << 20);
  const coordinator = coordinatorWithTask(storage, store, sink, fullEvery);
  const run = async () => {
    coordinator.begin(false, null);
    await coordinator.running;
  };
  return { directory, storage, backend, store, coordinator, committed, run };
}

/** Keeps some state in a state log. */
async function keepInLog(storage: CheckpointStorage, store: CachedStateStore): Promise<StateLog> {
  const log = new StateLog(await storage.workDirectory('log'), systemDisk, systemScheduler);
  const table = store.keyedTable({ operator: 1, table: 0, name: 't', key: [INT], columns: [{ kind: 'number' }] });
  await store.logTo(log);
  const slots = new Int32Array(50);
  await table.lookupKeys(
    Array.from(slots, (_, i) => [i]),
    slots,
  );
  for (const slot of slots) table.touch(slot);
  return log;
}

const failOnce = (storage: CheckpointStorage, method: 'putData' | 'workDirectory' | 'createManifest'): void => {
  Object.assign(storage, {
    [method]: async () => {
      delete (storage as unknown as Record<string, unknown>)[method];
      throw new Error('no space left');
    },
  });
};

for (const method of ['workDirectory', 'putData', 'createManifest'] as const) {
  test(`output of a checkpoint that failed in ${method} goes into the next one`, async () => {
    const { directory, storage, committed, run } = await setUp(async (epoch) => ({ epoch }));
    failOnce(storage, method);
    await assert.rejects(run(), { code: 'CHECKPOINT_FAILED' });
    await run();
    assert.deepEqual(committed, [{ epoch: 1 }, { epoch: 2 }]);
    const manifest = decodeManifest(await storage.readManifest(2), 'test');
    assert.deepEqual(manifest.sinks, { out: [{ epoch: 1 }, { epoch: 2 }] });
    await storage.release();
    fs.rmSync(directory, { recursive: true });
  });
}

test('the job does not continue after output could not be made durable', async () => {
  const { directory, storage, run } = await setUp(() => Promise.reject(new Error('fsync: input/output error')));
  await assert.rejects(run(), { code: 'CONNECTOR_WRITE' });
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});

test('the job does not continue after state could not be written', async () => {
  const { directory, storage, backend, run } = await setUp(async () => null);
  backend.snapshotTo = () => Promise.reject(new EngineError('STATE_STORE', 'writing to the state store failed', {}));
  await assert.rejects(run(), { code: 'STATE_STORE' });
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});

test('the checkpoint at the end of the input has no state, because it is never restored; a savepoint there has state', async () => {
  const { storage, coordinator } = await setUp(async () => null);
  const filesOf = async (epoch: number, savepoint: SavepointMark | null) => {
    coordinator.begin(true, savepoint);
    await coordinator.running;
    return stateFilesOf(decodeManifest(await storage.readManifest(epoch), 'test')).length;
  };
  assert.equal(await filesOf(1, null), 0);
  assert.ok((await filesOf(2, { name: 's', drained: true })) > 0);
  await storage.release();
});

test('every nth checkpoint stores its files again, which repairs a damaged file in the store', async () => {
  const { directory, storage, store, run } = await setUp(async () => null, 3);
  await keepInLog(storage, store);
  const filesOf = async (epoch: number) =>
    stateFilesOf(decodeManifest(await storage.readManifest(epoch), 'test')).map((f) =>
      path.join(directory, 'data', f.sha256),
    );
  await run();
  const [first] = await filesOf(1);
  const content = fs.readFileSync(first!);
  // Another file replaces the live one, so only one file has a damaged block.
  fs.rmSync(first!);
  fs.writeFileSync(first!, Buffer.alloc(content.length, 1));
  await run();
  assert.notDeepEqual(fs.readFileSync(first!), content, 'an ordinary checkpoint trusts what it stored');
  await run();
  assert.ok((await filesOf(3)).includes(first!));
  assert.deepEqual(fs.readFileSync(first!), content);
  assert.equal(fs.statSync(first!).nlink, 1, 'its bytes are its own');
  await storage.release();
});

test('a stored file found damaged is stored again with the next checkpoint, its live file damaged or not', async () => {
  const { directory, storage, store, coordinator, run } = await setUp(async () => null);
  const log = await keepInLog(storage, store);
  await run();
  const [file] = stateFilesOf(decodeManifest(await storage.readManifest(1), 'test'));
  // The file is a hard link of the live file, so both are damaged.
  fs.writeFileSync(log.files[0]!.path, Buffer.alloc(file!.length, 1));
  await assert.rejects(storage.checkData(file!.sha256, file!.length), /is damaged/);
  assert.equal(coordinator.storeAgain('0'.repeat(64)), false, 'of an older checkpoint');
  assert.equal(coordinator.storeAgain(file!.sha256), true);
  await run();
  const after = stateFilesOf(decodeManifest(await storage.readManifest(2), 'test'));
  assert.equal(after.length, 1);
  for (const { sha256, length } of after) await storage.checkData(sha256, length);
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});

test('a live state file with changed content stops the job at the next full checkpoint', async () => {
  const { directory, storage, store, coordinator, run } = await setUp(async () => null, 2);
  const log = await keepInLog(storage, store);
  await run();
  const live = log.files[0]!.path;
  const content = fs.readFileSync(live);
  content[content.length - 1]! ^= 1;
  fs.writeFileSync(live, content);
  await assert.rejects(run(), { code: 'STATE_STORE', message: /is damaged/ });
  assert.equal(coordinator.broken?.code, 'STATE_STORE');
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});
