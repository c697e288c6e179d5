/**
 * Runs the same tests of a checkpoint storage over a local directory and over each object store.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { hashFile } from '../../../src/core/durable-file.ts';
import type { CheckpointStorage } from '../../../src/engine/checkpoint/checkpoint-storage.ts';
import { LocalStorage } from '../../../src/storage/local/local-storage.ts';
import { RemoteStorage } from '../../../src/storage/remote/remote-storage.ts';
import { OBJECT_PLACES, type ObjectPlace } from './object-stores.ts';

const LOCAL: ObjectPlace = { name: 'local', open: () => assert.fail('has no objects'), close: async () => {} };

for (const [name, start] of [['a local directory', async () => LOCAL] as const, ...Object.entries(OBJECT_PLACES)]) {
  describe(`checkpoints in ${name}`, () => {
    let place: ObjectPlace;
    let root = '';
    let lives = 0;
    before(async () => {
      place = await start();
    });
    after(() => place.close());
    beforeEach(() => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-storages-'));
    });
    afterEach(() => fs.rmSync(root, { recursive: true }));

    /** Opens the storage as another process of the job would, on its own disk. */
    const open = (): CheckpointStorage =>
      place === LOCAL
        ? new LocalStorage(path.join(root, 'job'))
        : new RemoteStorage({
            objects: place.open(),
            workDirectory: path.join(root, `work-${++lives}`),
            clock: systemClock,
            lease: { renewEveryMs: 200, expiresMs: 3000 },
          });

    async function putText(storage: CheckpointStorage, text: string): Promise<{ sha256: string; length: number }> {
      const file = path.join(root, `${text}.sst`);
      fs.writeFileSync(file, text);
      const known = await hashFile(file);
      await storage.putData(known.sha256, known.length, file);
      await storage.putData(known.sha256, known.length, file);
      return known;
    }

    it('keeps manifests and data for later processes, creates each epoch once, and deletes', async () => {
      const first = open();
      await first.acquire();
      assert.deepEqual(await first.listManifests(), []);
      const shared = await putText(first, 'shared');
      const old = await putText(first, 'old');
      for (const epoch of [1, 2, 10]) assert.equal(await first.createManifest(epoch, Buffer.from(`m${epoch}\n`)), true);
      assert.equal(await first.createManifest(2, Buffer.from('again')), false);
      await first.release();

      const second = open();
      assert.deepEqual(await second.listManifests(), [1, 2, 10]);
      await second.acquire();
      assert.equal((await second.readManifest(10)).toString(), 'm10\n');
      assert.equal(await second.createManifest(10, Buffer.from('again')), false);
      await assert.rejects(second.readManifest(11));
      const back = path.join(root, 'back');
      await second.fetchData(shared.sha256, shared.length, back, false);
      assert.equal(fs.readFileSync(back, 'utf8'), 'shared');
      await second.deleteManifest(1);
      await second.deleteManifest(1);
      assert.deepEqual([...(await second.listData())].sort(), [shared.sha256, old.sha256].sort());
      await second.deleteData(old.sha256);
      assert.deepEqual(await second.listData(), [shared.sha256]);
      await assert.rejects(second.fetchData(old.sha256, old.length, `${back}-2`, false), /is missing/);
      await assert.rejects(second.fetchData(shared.sha256, 5, `${back}-3`, false), /6 bytes instead of 5/);
      assert.equal(await second.createManifest(11, Buffer.from('m11')), true);
      await second.release();

      const third = open();
      await third.acquire();
      assert.deepEqual(await third.listManifests(), [2, 10, 11]);
      await third.deleteManifest(2);
      await third.deleteManifest(10);
      await third.deleteManifest(11);
      await third.deleteData(shared.sha256);
      await third.release();
    });

    /** Damages the content that is stored under that sha256, as a disk or a person might. */
    async function damage(sha256: string): Promise<void> {
      if (place === LOCAL) {
        const file = path.join(root, 'job/data', sha256);
        fs.rmSync(file);
        fs.writeFileSync(file, 'SHARED');
        return;
      }
      const objects = place.open();
      for (const { key } of await objects.list(`data/${sha256}`)) await objects.put(key, Buffer.from('SHARED'));
      objects.close();
    }

    it('finds damaged data when it is read back, and repairs it when it is stored again', async () => {
      const storage = open();
      await storage.acquire();
      const { sha256, length } = await putText(storage, 'shared');
      await storage.checkData(sha256, length);
      await damage(sha256);
      await assert.rejects(storage.checkData(sha256, length), { code: 'CHECKPOINT_CORRUPT', message: /is damaged/ });
      await storage.putData(sha256, length, path.join(root, 'shared.sst'), true);
      await storage.checkData(sha256, length);
      await assert.rejects(storage.checkData(sha256, 5), /6 bytes instead of 5/);
      await storage.deleteData(sha256);
      await storage.listData();
      await storage.deleteData(sha256);
      await assert.rejects(storage.checkData(sha256, length), { code: 'CHECKPOINT_CORRUPT', message: /is missing/ });
      await storage.release();
    });

    it('names files that are none of its own and lets them be', async () => {
      const storage = open();
      await storage.acquire();
      const { sha256 } = await putText(storage, 'shared');
      assert.deepEqual(await storage.unknownFiles(), []);
      const name = place === LOCAL ? path.join(root, 'job/data/notes.txt') : 'data/notes.txt';
      const objects = place === LOCAL ? null : place.open();
      if (objects === null) fs.writeFileSync(name, 'mine');
      else await objects.put(name, Buffer.from('mine'));
      const expected = [place === LOCAL ? name : `${storage.location}/${name}`];
      assert.deepEqual(await storage.unknownFiles(), expected);
      assert.deepEqual(await storage.listData(), [sha256]);
      await objects?.delete(name);
      objects?.close();
      await storage.deleteData(sha256);
      await storage.release();
    });

    it('gives an empty work directory each time, and takes it away', async () => {
      const storage = open();
      await storage.acquire();
      const directory = await storage.workDirectory('live');
      fs.writeFileSync(path.join(directory, 'x'), 'x');
      assert.equal(await storage.workDirectory('live'), directory);
      assert.deepEqual(fs.readdirSync(directory), []);
      await storage.release();
      assert.equal(fs.existsSync(directory), false);
    });

    it('has one owner at a time', async () => {
      const owner = open();
      await owner.acquire();
      await assert.rejects(open().acquire(), /in use by process/);
      await owner.release();
      const next = open();
      await next.acquire();
      await next.release();
    });
  });
}
