/** Tests which checkpoint a start uses, and when it uses none. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lineOf } from '../../../../src/engine/checkpoint/ancestor-line.ts';
import {
  encodeManifest,
  MANIFEST_FORMAT,
  type Manifest,
  wholeState,
} from '../../../../src/engine/checkpoint/manifest.ts';
import { restoreCheckpoint } from '../../../../src/engine/checkpoint/restore.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';
import { EMPTY_PLAN } from '../../../support/empty-plan.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Creates a job directory with checkpoints, each with one file of its own. `line`: their ancestors
 * by epoch. Without it the checkpoints are those of a version that did not store ancestors.
 */
async function checkpoints(epochs: readonly number[], line: Readonly<Record<number, readonly number[]>> = {}) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-restore-'));
  const storage = new LocalStorage(directory);
  await storage.acquire();
  for (const epoch of epochs) {
    const content = `state ${epoch}`;
    const file = path.join(directory, 'work', `s${epoch}`);
    fs.writeFileSync(file, content);
    await storage.putData(sha256(content), content.length, file);
    const files = [{ name: 'changes-1.bin', sha256: sha256(content), length: content.length }];
    const ancestors = line[epoch];
    const manifest = {
      format: MANIFEST_FORMAT,
      epoch,
      plan: EMPTY_PLAN,
      ancestors,
      state: wholeState('memory', files),
    };
    await storage.createManifest(epoch, encodeManifest(manifest as unknown as Manifest));
  }
  const reported: string[] = [];
  const restore = (epoch: number | null = null) =>
    restoreCheckpoint(
      storage,
      epoch,
      () => storage.workDirectory('restored'),
      (problem, skipped) => reported.push(`${skipped} ${problem.code}`),
    );
  const manifestOf = (epoch: number) => path.join(directory, 'manifests', `${epoch}.json`);
  const dataOf = (epoch: number) => path.join(directory, 'data', sha256(`state ${epoch}`));
  return { storage, restore, reported, dataOf, manifestOf };
}

test('the newest is taken, with its files', async () => {
  const { restore, reported } = await checkpoints([1, 2]);
  const restored = await restore();
  assert.equal(restored!.manifest.epoch, 2);
  assert.equal(fs.readFileSync(path.join(restored!.directories[0]!, 'changes-1.bin'), 'utf8'), 'state 2');
  assert.deepEqual(reported, []);
});

test('a damaged checkpoint is reported and skipped; a chosen one is not skipped', async () => {
  const { restore, reported, dataOf } = await checkpoints([1, 2]);
  fs.writeFileSync(dataOf(2), 'stale 2');
  await assert.rejects(restore(2), { code: 'CHECKPOINT_CORRUPT' });
  assert.deepEqual(reported, []);
  assert.equal((await restore())!.manifest.epoch, 1);
  assert.deepEqual(reported, ['2 CHECKPOINT_CORRUPT']);
});

test('the start fails if all are damaged', async () => {
  const { restore, reported, dataOf, manifestOf } = await checkpoints([1, 2]);
  fs.rmSync(dataOf(1));
  fs.writeFileSync(manifestOf(2), '{}\n');
  await assert.rejects(restore(), {
    code: 'CHECKPOINT_CORRUPT',
    message: /the newest checkpoint in .* and all its ancestors are damaged/,
  });
  assert.deepEqual(reported, ['2 CHECKPOINT_CORRUPT', '1 CHECKPOINT_CORRUPT']);
});

for (const method of ['readManifest', 'fetchData'] as const) {
  test(`a disk that does not answer in ${method} is no reason to go back further`, async () => {
    const { storage, restore, reported } = await checkpoints([1, 2]);
    Object.assign(storage, {
      [method]: async () => {
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      },
    });
    await assert.rejects(restore(), { code: 'CHECKPOINT_STORE', message: /checkpoint 2 .*i\/o error/ });
    assert.deepEqual(reported, []);
  });
}

test('abandoned checkpoints are never used: only ancestors of a damaged checkpoint are tried', async () => {
  const line = { 5: [], 6: [5], 7: [5, 6], 9: [5], 10: [5, 9] };
  const { restore, reported, dataOf } = await checkpoints([5, 6, 7, 9, 10], line);
  for (const epoch of [10, 9]) fs.rmSync(dataOf(epoch));
  assert.equal((await restore())!.manifest.epoch, 5);
  assert.deepEqual(reported, ['10 CHECKPOINT_CORRUPT', '9 CHECKPOINT_CORRUPT']);
});

test('an unreadable manifest continues the one with the previous number', async () => {
  const line = { 5: [], 6: [5], 9: [5], 10: [5, 9] };
  const { restore, manifestOf, dataOf } = await checkpoints([5, 6, 9, 10], line);
  fs.writeFileSync(manifestOf(10), '{}');
  assert.equal((await restore())!.manifest.epoch, 9);
  fs.rmSync(dataOf(9));
  assert.equal((await restore())!.manifest.epoch, 5);
});

test('if that one does not exist, a person has to choose', async () => {
  const { restore, reported, manifestOf } = await checkpoints([5, 6, 7, 9], { 5: [], 6: [5], 7: [5, 6], 9: [5] });
  fs.writeFileSync(manifestOf(9), '{}');
  await assert.rejects(restore(), { code: 'CHECKPOINT_CORRUPT', message: /choose one of 5, 6, 7 with --restore/ });
  assert.deepEqual(reported, ['9 CHECKPOINT_CORRUPT']);
  assert.equal((await restore(5))!.manifest.epoch, 5);
});

test('checkpoints of versions that did not name their ancestors are taken in their order', async () => {
  const { restore, manifestOf } = await checkpoints([5, 7, 9]);
  fs.writeFileSync(manifestOf(9), '{}');
  assert.equal((await restore())!.manifest.epoch, 7);
});

test('a job that abandons checkpoints skips a number', async () => {
  const { storage, restore } = await checkpoints([5, 6, 7], { 5: [], 6: [5], 7: [5, 6] });
  const { manifest } = (await restore(5))!;
  assert.deepEqual(await lineOf(manifest, storage), { epoch: 8, ancestors: [5] });
  assert.deepEqual(await lineOf((await restore())!.manifest, storage), { epoch: 7, ancestors: [5, 6, 7] });
  assert.deepEqual(await lineOf(null, storage), { epoch: 8, ancestors: [] });
});
