/** Which checkpoint a start takes, and when it takes none. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { encodeManifest, MANIFEST_FORMAT, type Manifest } from '../../../../src/engine/checkpoint/manifest.ts';
import { restoreCheckpoint } from '../../../../src/engine/checkpoint/restore.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A job directory with checkpoints 1 and 2, each with one file of its own. */
async function twoCheckpoints() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-restore-'));
  const storage = new LocalStorage(directory);
  await storage.acquire();
  for (const epoch of [1, 2]) {
    const content = `state ${epoch}`;
    const file = path.join(directory, 'work', `s${epoch}`);
    fs.writeFileSync(file, content);
    await storage.putData(sha256(content), content.length, file);
    const files = [{ name: 'changes-1.bin', sha256: sha256(content), length: content.length }];
    const manifest = { format: MANIFEST_FORMAT, epoch, state: { backend: 'memory', files } } as unknown as Manifest;
    await storage.createManifest(epoch, encodeManifest(manifest));
  }
  const reported: string[] = [];
  const restore = (epoch: number | null = null) =>
    restoreCheckpoint(
      storage,
      epoch,
      () => storage.workDirectory('restored'),
      (problem, skipped) => reported.push(`${skipped} ${problem.code}`),
    );
  const dataOf = (epoch: number) => path.join(directory, 'data', sha256(`state ${epoch}`));
  return { storage, restore, reported, dataOf, directory };
}

test('the newest is taken, with its files', async () => {
  const { restore, reported } = await twoCheckpoints();
  const restored = await restore();
  assert.equal(restored!.manifest.epoch, 2);
  assert.equal(fs.readFileSync(path.join(restored!.directory, 'changes-1.bin'), 'utf8'), 'state 2');
  assert.deepEqual(reported, []);
});

test('a damaged one is reported and passed over; one that was chosen is not', async () => {
  const { restore, reported, dataOf } = await twoCheckpoints();
  fs.writeFileSync(dataOf(2), 'stale 2');
  await assert.rejects(restore(2), { code: 'CHECKPOINT_CORRUPT' });
  assert.deepEqual(reported, []);
  assert.equal((await restore())!.manifest.epoch, 1);
  assert.deepEqual(reported, ['2 CHECKPOINT_CORRUPT']);
});

test('where all are damaged the start ends', async () => {
  const { restore, reported, dataOf, directory } = await twoCheckpoints();
  fs.rmSync(dataOf(1));
  fs.writeFileSync(path.join(directory, 'manifests', '2.json'), '{}\n');
  await assert.rejects(restore(), { code: 'CHECKPOINT_CORRUPT', message: /none of the 2 checkpoints/ });
  assert.deepEqual(reported, ['2 CHECKPOINT_CORRUPT', '1 CHECKPOINT_CORRUPT']);
});

for (const method of ['readManifest', 'fetchData'] as const) {
  test(`a disk that does not answer in ${method} is no reason to go back further`, async () => {
    const { storage, restore, reported } = await twoCheckpoints();
    Object.assign(storage, {
      [method]: async () => {
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      },
    });
    await assert.rejects(restore(), { code: 'CHECKPOINT_STORE', message: /checkpoint 2 .*i\/o error/ });
    assert.deepEqual(reported, []);
  });
}
