import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashFile } from '../../../src/core/durable-file.ts';
import type { ObjectStore } from '../../../src/storage/remote/object-store.ts';
import { probeStore } from '../../../src/storage/remote/probe-store.ts';
import { OBJECT_PLACES, type ObjectPlace } from './object-stores.ts';

for (const [name, start] of Object.entries(OBJECT_PLACES)) {
  describe(`objects in ${name}`, () => {
    let place: ObjectPlace;
    let store: ObjectStore;
    let directory = '';
    before(async () => {
      place = await start();
      store = place.open();
      directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-objects-'));
    });
    after(async () => {
      store.close();
      await place.close();
      fs.rmSync(directory, { recursive: true });
    });

    it('creates an object once, and keeps the first content', async () => {
      assert.equal(await store.create('log/1', Buffer.from('one')), true);
      assert.equal(await store.create('log/1', Buffer.from('two')), false);
      assert.equal((await store.get('log/1'))!.toString(), 'one');
    });

    it('lets exactly one of twenty concurrent creations succeed', async () => {
      const others = Array.from({ length: 20 }, () => place.open());
      const won = await Promise.all(others.map((other, i) => other.create('race', Buffer.from(String(i)))));
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal((await store.get('race'))!.toString(), String(won.indexOf(true)));
      for (const other of others) other.close();
    });

    it('replaces, reads, deletes; a missing object is not a failure', async () => {
      await store.put('a', Buffer.from('1'));
      await store.put('a', Buffer.from('22'));
      assert.equal((await store.get('a'))!.toString(), '22');
      await store.delete('a');
      await store.delete('a');
      assert.equal(await store.get('a'), null);
      assert.equal(await store.getFile('a', path.join(directory, 'none')), false);
    });

    it('lists in order, over several pages, with lengths', async () => {
      const keys = Array.from({ length: 10 }, (_, i) => `list/${String(i).padStart(3, '0')}`);
      for (const key of keys.toReversed()) await store.put(key, Buffer.from('abc'));
      assert.deepEqual(
        await store.list('list/'),
        keys.map((key) => ({ key, length: 3 })),
      );
      assert.deepEqual(await store.list('nothing/'), []);
    });

    it('stores files of any length, also in parts', async () => {
      for (const length of [0, 1, 16 * 1024 * 1024, 17 * 1024 * 1024 + 1]) {
        const file = path.join(directory, `file-${length}`);
        fs.writeFileSync(file, randomBytes(length));
        const { sha256 } = await hashFile(file);
        await store.putFile(`data/${length}`, file, length, sha256);
        assert.equal(await store.getFile(`data/${length}`, `${file}-back`), true);
        assert.deepEqual(await hashFile(`${file}-back`), { sha256, length });
        assert.deepEqual(await store.list(`data/${length}`), [{ key: `data/${length}`, length }]);
        await store.delete(`data/${length}`);
      }
    });

    it('passes the probe, which leaves no objects', async () => {
      await probeStore(store);
      assert.deepEqual(await store.list('probe/'), []);
    });
  });
}
