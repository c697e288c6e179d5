/** What a failed checkpoint leaves to the next one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../../src/core/clock.ts';
import { systemDisk } from '../../../../src/core/disk.ts';
import { EngineError } from '../../../../src/core/engine-error.ts';
import type { CheckpointStorage } from '../../../../src/engine/checkpoint/checkpoint-storage.ts';
import { CheckpointCoordinator, type Cut } from '../../../../src/engine/checkpoint/coordinator.ts';
import { decodeManifest } from '../../../../src/engine/checkpoint/manifest.ts';
import type { Sink } from '../../../../src/engine/sink.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';

const CUT = { plan: {}, operators: [], sources: {}, snapshots: {}, rows: {}, finished: false } as unknown as Cut;

/** A coordinator over a real directory, with one sink whose parts are the epochs' numbers. */
async function setUp(prepare: (epoch: number) => Promise<unknown>) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'coordinator-'));
  const storage = new LocalStorage(directory);
  await storage.acquire();
  const committed: unknown[] = [];
  const sink = {
    prepare: (epoch: number) => ({ prepared: prepare(epoch) }),
    commit: async (part: unknown) => {
      committed.push(part);
    },
  } as unknown as Sink;
  const backend = new MemoryBackend();
  const coordinator = new CheckpointCoordinator({
    storage,
    store: new CachedStateStore(backend, 1 << 20),
    sinks: new Map([['out', sink]]),
    clock: systemClock,
    disk: systemDisk,
    job: 'j',
    instance: 'i',
    generation: 1,
    retained: 3,
    epoch: 0,
  });
  const run = async () => {
    coordinator.begin(() => CUT);
    await coordinator.running;
  };
  return { directory, storage, backend, coordinator, committed, run };
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

test('output that could not be made durable is no failure to go on from', async () => {
  const { directory, storage, run } = await setUp(() => Promise.reject(new Error('fsync: input/output error')));
  await assert.rejects(run(), { code: 'CONNECTOR_WRITE' });
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});

test('state that could not be written is no failure to go on from', async () => {
  const { directory, storage, backend, run } = await setUp(async () => null);
  backend.snapshotTo = () => Promise.reject(new EngineError('STATE_STORE', 'writing to the state store failed', {}));
  await assert.rejects(run(), { code: 'STATE_STORE' });
  await storage.release();
  fs.rmSync(directory, { recursive: true });
});

test('the checkpoint at the end of the input has no state, for nothing is restored of it; a savepoint there has', async () => {
  const { storage, coordinator } = await setUp(async () => null);
  const filesOf = async (epoch: number, cut: Partial<Cut>) => {
    coordinator.begin(() => ({ ...CUT, finished: true, ...cut }));
    await coordinator.running;
    return decodeManifest(await storage.readManifest(epoch), 'test').state.files.length;
  };
  assert.equal(await filesOf(1, {}), 0);
  assert.ok((await filesOf(2, { savepoint: { name: 's', drained: true } })) > 0);
  await storage.release();
});
