/**
 * Restores checkpoints that earlier versions recorded (`scripts/record-checkpoints.ts`), and
 * compares the rows that must follow. Nobody edits these checkpoints. A format that can no longer
 * be restored needs an ADR.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { encodeManifest, MANIFEST_FORMAT, type Manifest, stateFilesOf } from '../../src/engine/checkpoint/manifest.ts';
import { readManifest } from '../../src/engine/checkpoint/restore.ts';
import { Job } from '../../src/engine/job/job.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';
import { outputLines, type RecordedJobMemory, recordedJob, SPILLING } from './recorded-job.ts';

const folders = fs
  .readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: version }) =>
    fs.readdirSync(path.join(import.meta.dirname, version)).map((name) => path.join(version, name)),
  );

async function inCopy(folder: string, then: (directory: string) => Promise<void>): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-restore-'));
  const directory = path.join(root, path.basename(folder));
  fs.cpSync(path.join(import.meta.dirname, folder), directory, { recursive: true });
  try {
    await then(directory);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

const isSpilled = (folder: string): boolean => path.dirname(folder).endsWith('-spilled');

async function goesOn(folder: string, memory: RecordedJobMemory | undefined): Promise<void> {
  await inCopy(folder, async (directory) => {
    const expected = fs.readFileSync(path.join(directory, 'expected.jsonl'), 'utf8').split('\n').slice(0, -1);
    assert.ok(outputLines(directory).length < expected.length, 'rows must follow');
    const job = await Job.open(recordedJob(directory, memory));
    assert.ok(job.restoredFrom !== null);
    assert.deepEqual(await job.run(), { outcome: 'finished' });
    assert.deepEqual(outputLines(directory), expected);
  });
}

for (const folder of folders) {
  test(`continues from ${folder}`, () => goesOn(folder, undefined));
  if (isSpilled(folder)) test(`continues from ${folder} with little memory`, () => goesOn(folder, SPILLING));
}

async function manifestOf(folder: string): Promise<Manifest> {
  const storage = new LocalStorage(path.join(import.meta.dirname, folder, 'checkpoints'));
  const [epoch] = await storage.listManifests();
  return readManifest(storage, epoch!);
}

test('there is something of each kind of state, in memory and spilled to files of the back end', async () => {
  for (const kind of ['window', 'session', 'group', 'pattern', 'standard-pattern']) {
    for (const backend of ['memory', 'rocksdb']) {
      const name = `${backend}-${kind}`;
      const recorded = folders.filter((folder) => path.basename(folder) === name);
      assert.ok(
        recorded.some((folder) => !isSpilled(folder)),
        `${name} in memory`,
      );
      assert.ok(recorded.some(isSpilled), `${name}, spilled`);
    }
  }
  let savepoints = 0;
  for (const folder of folders.filter(isSpilled)) {
    const manifest = await manifestOf(folder);
    const { state, savepoint } = manifest;
    const file = state.backend === 'rocksdb' ? /\.sst$/ : /^entries\.bin$/;
    assert.ok(
      stateFilesOf(manifest).some(({ name }) => file.test(name)),
      `${folder} has files of the back end`,
    );
    if (savepoint !== undefined) savepoints++;
  }
  assert.ok(savepoints > 0, 'one is a savepoint');
});

test('a manifest of a newer format is refused, naming both formats', () =>
  inCopy(folders[0]!, async (directory) => {
    const storage = new LocalStorage(path.join(directory, 'checkpoints'));
    const [epoch] = await storage.listManifests();
    const manifest = await readManifest(storage, epoch!);
    const newer = encodeManifest({ ...manifest, epoch: 99, format: MANIFEST_FORMAT + 1 });
    fs.writeFileSync(path.join(directory, 'checkpoints/manifests/99.json'), newer);
    await assert.rejects(
      Job.open(recordedJob(directory)),
      new RegExp(`has format ${MANIFEST_FORMAT + 1}; this version reads up to ${MANIFEST_FORMAT}`),
    );
  }));
