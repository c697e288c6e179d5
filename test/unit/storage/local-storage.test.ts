import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Disk, systemDisk } from '../../../src/core/disk.ts';
import { hashFile } from '../../../src/core/durable-file.ts';
import {
  decodeManifest,
  encodeManifest,
  MANIFEST_FORMAT,
  type Manifest,
  type StateFile,
  wholeState,
} from '../../../src/engine/checkpoint/manifest.ts';
import { sweepCheckpoints } from '../../../src/engine/checkpoint/retention.ts';
import { LocalStorage } from '../../../src/storage/local/local-storage.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-storage-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

async function stored(storage: LocalStorage, text: string): Promise<{ name: string; sha256: string; length: number }> {
  const file = path.join(root, 'file.sst');
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, text);
  const known = await hashFile(file);
  await storage.putData(known.sha256, known.length, file);
  return { name: 'file.sst', ...known };
}

const manifest = (epoch: number, files: readonly StateFile[]): Manifest => ({
  format: MANIFEST_FORMAT,
  job: 'j',
  epoch,
  instance: 'i',
  generation: 1,
  createdAt: 0,
  plan: { format: 1, name: 'j', nodes: [], settings: {} },
  operators: [],
  state: wholeState('memory', files),
  sources: {},
  sinks: {},
  rows: {},
  finished: false,
});

describe('local storage', () => {
  it('creates a complete manifest once', async () => {
    const storage = new LocalStorage(path.join(root, 'job'));
    await storage.acquire();
    assert.equal(await storage.createManifest(1, Buffer.from('one')), true);
    assert.equal(await storage.createManifest(1, Buffer.from('two')), false);
    assert.equal((await storage.readManifest(1)).toString(), 'one');
    await storage.release();
  });

  it('names a file that is missing, short or damaged', async () => {
    const storage = new LocalStorage(path.join(root, 'job'));
    await storage.acquire();
    const file = await stored(storage, 'content');
    const target = path.join(root, 'job/data', file.sha256);
    const fetch = () => storage.fetchData(file.sha256, file.length, path.join(root, 'got'), false);
    await fetch();
    fs.rmSync(path.join(root, 'file.sst'));
    fs.writeFileSync(target, 'Content');
    await assert.rejects(fetch(), /data\/[0-9a-f]{64} is damaged/);
    fs.truncateSync(target, 3);
    await assert.rejects(fetch(), /has 3 bytes instead of 7/);
    fs.rmSync(target);
    await assert.rejects(fetch(), /is missing/);
    await storage.release();
  });

  it('removes data that no retained manifest names, and removes nothing if a manifest cannot be read', async () => {
    const storage = new LocalStorage(path.join(root, 'job'));
    await storage.acquire();
    const shared = await stored(storage, 'shared');
    const old = await stored(storage, 'old');
    await storage.createManifest(1, encodeManifest(manifest(1, [shared, old])));
    await storage.createManifest(2, encodeManifest(manifest(2, [shared])));
    await storage.createManifest(3, encodeManifest(manifest(3, [shared])));
    const broken = path.join(root, 'job/manifests/3.json');
    const good = fs.readFileSync(broken);
    fs.writeFileSync(broken, good.subarray(0, 40));
    await assert.rejects(sweepCheckpoints(storage, 2), /damaged/);
    assert.equal((await storage.listData()).length, 2);
    fs.writeFileSync(broken, good);
    await sweepCheckpoints(storage, 2);
    assert.deepEqual(await storage.listManifests(), [2, 3]);
    assert.deepEqual(await storage.listData(), [shared.sha256]);
    await storage.release();
  });

  it('is held by one process; a torn lock and the lock of a dead process do not block', async () => {
    const storage = new LocalStorage(path.join(root, 'job'));
    await storage.acquire();
    await assert.rejects(new LocalStorage(path.join(root, 'job')).acquire(), /in use by process/);
    await storage.release();
    const lock = path.join(root, 'job/lock');
    fs.writeFileSync(lock, '{"pi');
    await storage.acquire();
    await storage.release();
    fs.writeFileSync(lock, JSON.stringify({ pid: 4_000_000, started: '1' }));
    await storage.acquire();
    await storage.release();
    fs.writeFileSync(lock, JSON.stringify({ pid: process.pid, started: 'another start' }));
    await storage.acquire();
    await storage.release();
  });

  it('releases the job when its live state cannot be removed', async () => {
    let refusing = false;
    const disk: Disk = {
      ...systemDisk,
      removeNow(place) {
        if (refusing) throw Object.assign(new Error('EIO: i/o error, unlink'), { code: 'EIO', syscall: 'unlink' });
        systemDisk.removeNow(place);
      },
    };
    const storage = new LocalStorage(path.join(root, 'job'), null, { disk });
    await storage.acquire();
    refusing = true;
    await storage.release();
    const next = new LocalStorage(path.join(root, 'job'));
    await next.acquire();
    await next.release();
  });

  it('refuses a newer manifest format', () => {
    const newer = encodeManifest({ ...manifest(1, []), format: MANIFEST_FORMAT + 1 });
    assert.throws(
      () => decodeManifest(newer, 'x'),
      new RegExp(`format ${MANIFEST_FORMAT + 1}; this version reads up to ${MANIFEST_FORMAT}`),
    );
  });
});
