import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../src/core/clock.ts';
import { type Disk, systemDisk } from '../../../src/core/disk.ts';
import { hashFile } from '../../../src/core/durable-file.ts';
import { encodeManifest, MANIFEST_FORMAT, type Manifest, wholeState } from '../../../src/engine/checkpoint/manifest.ts';
import { Scrubber } from '../../../src/engine/checkpoint/scrubber.ts';
import { KernelLock } from '../../../src/storage/local/kernel-lock.ts';
import { RemoteStorage } from '../../../src/storage/remote/remote-storage.ts';
import { EMPTY_PLAN } from '../../support/empty-plan.ts';
import { MemoryObjects } from '../../support/memory-objects.ts';

/** Returns a clock on which waiting takes no time. */
function fastClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    monotonicMs: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

describe('remote storage', () => {
  let root = '';
  let lives = 0;
  let objects = new Map<string, Buffer>();
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-remote-'));
    objects = new Map();
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const open = (store = new MemoryObjects(objects)): RemoteStorage =>
    new RemoteStorage({ objects: store, workDirectory: path.join(root, `work-${++lives}`), clock: fastClock() });

  /** Opens a second owner as if the first had not responded for a long time. */
  async function takeOver(): Promise<RemoteStorage> {
    const second = open();
    await second.acquire();
    return second;
  }

  async function put(storage: RemoteStorage, text: string): Promise<{ sha256: string; length: number }> {
    const file = path.join(root, 'file');
    fs.writeFileSync(file, text);
    const known = await hashFile(file);
    await storage.putData(known.sha256, known.length, file);
    return known;
  }
  const dataKeys = (): string[] => [...objects.keys()].filter((k) => k.startsWith('data/')).sort();

  it('removes the live state of dead processes, and keeps that of a process in another container', async () => {
    const work = path.join(root, 'work');
    const part = (name: string): string => path.join(work, name);
    // No process here has these ids.
    for (const name of ['owner-4000001-dead', 'owner-4000002-elsewhere', 'live-4000003-old']) {
      fs.mkdirSync(part(name), { recursive: true });
    }
    fs.writeFileSync(path.join(part('owner-4000001-dead'), 'lock.kernel'), '');
    const elsewhere = KernelLock.take(path.join(part('owner-4000002-elsewhere'), 'lock.kernel'));
    assert.ok(elsewhere instanceof KernelLock);
    const storage = new RemoteStorage({
      objects: new MemoryObjects(objects),
      workDirectory: work,
      clock: fastClock(),
    });
    await storage.acquire();
    const left = fs.readdirSync(work);
    assert.equal(left.length, 2, left.join());
    assert.ok(left.includes('owner-4000002-elsewhere'));
    elsewhere.release();
    await storage.release();
    assert.deepEqual(fs.readdirSync(work), ['owner-4000002-elsewhere']);
  });

  it('fences an owner that was taken over: it cannot publish or delete', async () => {
    const zombie = open();
    await zombie.acquire();
    const file = await put(zombie, 'state');
    assert.equal(await zombie.createManifest(1, Buffer.from('one')), true);
    const owner = await takeOver();
    await assert.rejects(zombie.createManifest(2, Buffer.from('two')), { code: 'JOB_LOCKED' });
    // It also could not with another epoch, or later.
    await assert.rejects(zombie.createManifest(7, Buffer.from('seven')), { code: 'JOB_LOCKED' });
    await assert.rejects(zombie.listData(), { code: 'JOB_LOCKED' });
    assert.deepEqual(await owner.listManifests(), [1]);
    await owner.fetchData(file.sha256, file.length, path.join(root, 'back'));
    assert.equal(await owner.createManifest(2, Buffer.from('other two')), true);
    await zombie.release();
    assert.equal((await open().readManifest(2)).toString(), 'other two');
    assert.equal(await owner.createManifest(3, Buffer.from('three')), true);
    await owner.release();
  });

  it('stores data again that was deleted while it was read back', async () => {
    const store = new MemoryObjects(objects);
    const storage = open(store);
    await storage.acquire();
    const { sha256, length } = await put(storage, 'state');
    const getFile = store.getFile.bind(store);
    store.getFile = async (...all) => {
      const found = await getFile(...all);
      await storage.listData();
      await storage.deleteData(sha256);
      return found;
    };
    await storage.checkData(sha256, length);
    assert.deepEqual(dataKeys(), []);
    await put(storage, 'state');
    assert.equal(dataKeys().length, 1);
    await storage.release();
  });

  it('does not report data as damaged that a process deleted after it took the job over', async () => {
    const zombie = open();
    await zombie.acquire();
    const { sha256, length } = await put(zombie, 'state');
    const state = wholeState('memory', [{ name: 'a', sha256, length }]);
    const manifest = {
      format: MANIFEST_FORMAT,
      epoch: 1,
      plan: EMPTY_PLAN,
      createdAt: 0,
      state,
    } as unknown as Manifest;
    await zombie.createManifest(1, encodeManifest(manifest));
    const owner = await takeOver();
    await owner.createManifest(2, Buffer.from('two'));
    await owner.listData();
    await owner.deleteData(sha256);
    const reports: string[] = [];
    const stats = { scrubbed: 0, damaged: 0 };
    const clock = { ...fastClock(), monotonicMs: () => 0 };
    const scrubber = new Scrubber(zombie, clock, 1, stats, (_, error) => reports.push(error.message));
    scrubber.check(2);
    await setTimeout(50);
    await scrubber.stop();
    assert.deepEqual({ reports, stats }, { reports: [], stats: { scrubbed: 0, damaged: 0 } });
    await zombie.release();
    await owner.release();
  });

  it('does not let a zombie in after the manifests between have been deleted', async () => {
    const zombie = open();
    await zombie.acquire();
    await zombie.createManifest(1, Buffer.from('one'));
    const second = await takeOver();
    await second.createManifest(2, Buffer.from('two'));
    await second.deleteManifest(1);
    await second.release();
    const third = await takeOver();
    await third.createManifest(3, Buffer.from('three'));
    await third.deleteManifest(2);
    await assert.rejects(zombie.createManifest(4, Buffer.from('four')), { code: 'JOB_LOCKED' });
    assert.deepEqual(await open().listManifests(), [3]);
    await third.release();
  });

  it('does not take the job over if the owner has continued', async () => {
    const owner = open();
    await owner.acquire();
    await owner.createManifest(1, Buffer.from('one'));
    let slow = true;
    /** Reads the log. Then the owner publishes twice and sweeps before the claim is written. */
    class Slow extends MemoryObjects {
      override async create(key: string, content: Buffer): Promise<boolean> {
        if (slow && key.startsWith('log/')) {
          slow = false;
          await owner.createManifest(2, Buffer.from('two'));
          await owner.createManifest(3, Buffer.from('three'));
          await owner.deleteManifest(2);
        }
        return super.create(key, content);
      }
    }
    const late = open(new Slow(objects));
    await late.acquire();
    assert.deepEqual(await late.listManifests(), [1, 3]);
    await assert.rejects(owner.createManifest(4, Buffer.from('four')), { code: 'JOB_LOCKED' });
    assert.equal(await late.createManifest(4, Buffer.from('other four')), true);
    await late.release();
    await owner.release();
  });

  it('lets one of several processes in that start at the same time', async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => takeOver()));
    const owners = all.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
    assert.ok(owners.length >= 1);
    const published = await Promise.allSettled(owners.map((o) => o.createManifest(1, Buffer.from('x'))));
    assert.equal(published.filter((r) => r.status === 'fulfilled').length, 1);
    for (const owner of owners) await owner.release();
  });

  it('treats a publish as done if only its reply was lost', async () => {
    let lost = 0;
    class Losing extends MemoryObjects {
      override async create(key: string, content: Buffer): Promise<boolean> {
        const created = await super.create(key, content);
        if (key.startsWith('log/') && content.includes('first') && lost++ === 0) throw new Error('reply lost');
        // The repetition by the transport finds its own first attempt.
        return content.includes('repeated') ? false : created;
      }
    }
    const storage = open(new Losing(objects));
    await storage.acquire();
    await assert.rejects(storage.createManifest(1, Buffer.from('first')), /reply lost/);
    assert.equal(await storage.createManifest(2, Buffer.from('repeated')), true);
    assert.deepEqual(await storage.listManifests(), [1, 2]);
    assert.equal((await storage.readManifest(1)).toString(), 'first');
    await storage.release();
  });

  it('uses a stored file again only when it wrote or read it, and deletes none of a later owner', async () => {
    const zombie = open();
    await zombie.acquire();
    const file = await put(zombie, 'state');
    await zombie.createManifest(1, Buffer.from('one'));
    await zombie.listData();
    const owner = await takeOver();
    await put(owner, 'state');
    assert.deepEqual(dataKeys(), [`data/${file.sha256}.1`, `data/${file.sha256}.2`]);
    await zombie.deleteData(file.sha256);
    assert.deepEqual(dataKeys(), [`data/${file.sha256}.2`]);
    await owner.release();
    const third = await takeOver();
    await third.fetchData(file.sha256, file.length, path.join(root, 'back'));
    await put(third, 'state');
    assert.deepEqual(dataKeys(), [`data/${file.sha256}.2`]);
    await third.release();
  });

  it('takes another copy of a damaged file, and names it when there is none', async () => {
    const first = open();
    await first.acquire();
    const file = await put(first, 'state');
    await first.release();
    const second = await takeOver();
    await put(second, 'state');
    objects.set(`data/${file.sha256}.2`, Buffer.from('State'));
    const back = path.join(root, 'back');
    await second.fetchData(file.sha256, file.length, back);
    assert.equal(fs.readFileSync(back, 'utf8'), 'state');
    await second.release();
    objects.set(`data/${file.sha256}.1`, Buffer.from('stat'));
    const third = await takeOver();
    await assert.rejects(third.fetchData(file.sha256, file.length, back), {
      code: 'CHECKPOINT_CORRUPT',
      message: /\.2 is damaged.*\.1 has 4 bytes instead of 5/,
    });
    await third.release();
  });

  it('ends well when its live state cannot be removed', async () => {
    let refusing = false;
    const disk: Disk = {
      ...systemDisk,
      removeNow(place) {
        if (refusing) throw Object.assign(new Error('EIO: i/o error, unlink'), { code: 'EIO', syscall: 'unlink' });
        systemDisk.removeNow(place);
      },
    };
    const work = path.join(root, 'refusing');
    const storage = new RemoteStorage({
      objects: new MemoryObjects(objects),
      workDirectory: work,
      clock: fastClock(),
      disk,
    });
    await storage.acquire();
    refusing = true;
    await storage.release();
    assert.deepEqual(
      [...objects.keys()].filter((key) => key.startsWith('lease/')),
      [],
    );
  });

  it('deletes only its own live state when it was taken over, and all live state in the end', async () => {
    const work = path.join(root, 'shared-work');
    const beside = (): RemoteStorage =>
      new RemoteStorage({ objects: new MemoryObjects(objects), workDirectory: work, clock: fastClock() });
    const zombie = beside();
    await zombie.acquire();
    await zombie.workDirectory('live');
    const owner = beside();
    await owner.acquire();
    const live = await owner.workDirectory('live');
    await zombie.release();
    assert.equal(fs.existsSync(live), true);
    await owner.release();
    assert.equal(fs.existsSync(work), false);
  });

  it('names an entry of the log whose first line cannot be read', async () => {
    const storage = open();
    await storage.acquire();
    await storage.createManifest(1, Buffer.from('one'));
    await storage.release();
    objects.set('log/000000000002', Buffer.from('{"ki'));
    await assert.rejects(open().acquire(), { code: 'CHECKPOINT_CORRUPT', message: /log\/000000000002 is damaged/ });
  });
});
