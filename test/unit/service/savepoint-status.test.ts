import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import type { CheckpointStorage } from '../../../src/engine/checkpoint/checkpoint-storage.ts';
import { encodeManifest, MANIFEST_FORMAT, type Manifest, wholeState } from '../../../src/engine/checkpoint/manifest.ts';
import type { ManagedJob } from '../../../src/service/managed-job.ts';
import { Savepoints } from '../../../src/service/savepoints.ts';
import { EMPTY_PLAN } from '../../support/empty-plan.ts';

/** A storage whose manifests exist before they are durable. */
class VisibleManifests {
  readonly location = 'memory';
  readonly manifests = new Map<number, Buffer>();

  add(epoch: number, name: string): void {
    const manifest = {
      format: MANIFEST_FORMAT,
      epoch,
      createdAt: 0,
      plan: EMPTY_PLAN,
      state: wholeState('memory', []),
      savepoint: { name, drained: false },
    };
    this.manifests.set(epoch, encodeManifest(manifest as unknown as Manifest));
  }
  listManifests = () => Promise.resolve([...this.manifests.keys()]);
  readManifest = (epoch: number) => Promise.resolve(this.manifests.get(epoch)!);
}

describe('status of a savepoint', () => {
  it('is complete only when the manifest is durable, not when it is visible', async () => {
    const storage = new VisibleManifests();
    const savepoints = new Savepoints(systemClock, () => storage as unknown as CheckpointStorage);
    const durable = Promise.withResolvers<void>();
    const job = { id: 'j', state: 'RUNNING', stopping: false, definition: {}, savepoint: () => durable.promise };
    const { taken } = await savepoints.take(job as unknown as ManagedJob, { name: 's' }, () => durable.promise);
    storage.add(7, 's');
    assert.equal((await savepoints.find('j', 's')).state, 'IN_PROGRESS');
    durable.resolve();
    assert.equal((await taken).state, 'COMPLETED');
    assert.deepEqual(
      (await savepoints.list('j')).map(({ name, state, checkpoint }) => [name, state, checkpoint]),
      [['s', 'COMPLETED', 7]],
    );
  });

  it('is found also while the savepoint becomes complete', async () => {
    const storage = new VisibleManifests();
    const savepoints = new Savepoints(systemClock, () => storage as unknown as CheckpointStorage);
    const durable = Promise.withResolvers<void>();
    const job = { id: 'j', state: 'RUNNING', stopping: false, definition: {}, savepoint: () => durable.promise };
    const { taken } = await savepoints.take(job as unknown as ManagedJob, { name: 's' }, () => durable.promise);
    const listed = storage.listManifests;
    // The list is read before the manifest exists, and answered after the savepoint is complete.
    storage.listManifests = async () => {
      storage.listManifests = listed;
      storage.add(7, 's');
      durable.resolve();
      await taken;
      return [];
    };
    assert.equal((await savepoints.find('j', 's')).state, 'IN_PROGRESS');
  });
});
