/** Tests that the background reader finds damaged checkpoints and reports nothing else. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../../src/core/clock.ts';
import { hashFile } from '../../../../src/core/durable-file.ts';
import type { EngineError } from '../../../../src/core/engine-error.ts';
import {
  encodeManifest,
  MANIFEST_FORMAT,
  type Manifest,
  wholeState,
} from '../../../../src/engine/checkpoint/manifest.ts';
import { sweepCheckpoints } from '../../../../src/engine/checkpoint/retention.ts';
import { Scrubber } from '../../../../src/engine/checkpoint/scrubber.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';
import { EMPTY_PLAN } from '../../../support/empty-plan.ts';

class Bench {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'scrubber-'));
  readonly storage = new LocalStorage(path.join(this.directory, 'job'));
  readonly stats = { scrubbed: 0, damaged: 0 };
  readonly reports: { epoch: number; error: EngineError; file: string | null }[] = [];
  #now = 0;
  readonly scrubber = new Scrubber(
    this.storage,
    { ...systemClock, monotonicMs: () => this.#now },
    1000,
    this.stats,
    (epoch, error, file) => this.reports.push({ epoch, error, file }),
  );

  /**
   * Creates a checkpoint of files with these texts, made at `createdAt`. Returns their names in the
   * store.
   */
  async checkpoint(epoch: number, texts: readonly string[], createdAt = 0): Promise<string[]> {
    const files = [];
    for (const text of texts) {
      const file = path.join(this.directory, 'new.sst');
      fs.writeFileSync(file, text);
      const known = await hashFile(file);
      await this.storage.putData(known.sha256, known.length, file);
      fs.rmSync(file);
      files.push({ name: `${text}.sst`, ...known });
    }
    const manifest = {
      format: MANIFEST_FORMAT,
      epoch,
      plan: EMPTY_PLAN,
      createdAt,
      state: wholeState('memory', files),
    };
    await this.storage.createManifest(epoch, encodeManifest(manifest as unknown as Manifest));
    return files.map((f) => path.join(this.directory, 'job/data', f.sha256));
  }

  /** Runs the next scrub that is due to its end. */
  async scrub(): Promise<void> {
    this.#now += 1000;
    const before = this.stats.scrubbed;
    this.scrubber.check(this.#now);
    for (let i = 0; i < 200 && this.stats.scrubbed === before; i++) await systemClock.sleep(5);
    await systemClock.sleep(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scrubber.stop();
    await this.storage.release();
    fs.rmSync(this.directory, { recursive: true });
  }
}

test('reads one checkpoint per interval, in turn; a damaged file is reported with its name', async () => {
  await using bench = new Bench();
  await bench.storage.acquire();
  await bench.checkpoint(1, ['shared']);
  const [, second] = await bench.checkpoint(2, ['shared', 'second']);
  bench.scrubber.check(999);
  await systemClock.sleep(20);
  assert.deepEqual(bench.stats, { scrubbed: 0, damaged: 0 }, 'none is due');
  fs.writeFileSync(second!, 'sEcond');
  await bench.scrub();
  assert.equal(bench.reports.length, 0, 'the first is whole');
  await bench.scrub();
  assert.deepEqual(bench.stats, { scrubbed: 2, damaged: 1 });
  assert.equal(bench.reports.length, 1);
  const { epoch, error, file } = bench.reports[0]!;
  assert.equal(epoch, 2);
  assert.equal(file, path.basename(second!));
  assert.match(error.message, new RegExp(`${second} is damaged: its SHA-256 does not match`));
  await bench.scrub();
  assert.deepEqual(bench.stats, { scrubbed: 3, damaged: 1 }, 'the first again');
});

test('missing and shortened files and a damaged manifest are damage too', async () => {
  await using bench = new Bench();
  await bench.storage.acquire();
  const [gone, short] = await bench.checkpoint(1, ['gone', 'short']);
  fs.rmSync(gone!);
  fs.truncateSync(short!, 2);
  await bench.scrub();
  assert.match(bench.reports[0]!.error.message, /is missing/);
  assert.match(bench.reports[1]!.error.message, /has 2 bytes instead of 5/);
  fs.appendFileSync(path.join(bench.directory, 'job/manifests/1.json'), 'x');
  await bench.scrub();
  assert.equal(bench.reports[2]!.file, null);
  assert.match(bench.reports[2]!.error.message, /its checksum does not fit/);
  assert.deepEqual(bench.stats, { scrubbed: 2, damaged: 2 });
});

test('a checkpoint that is swept while it is read is not damaged', async () => {
  await using bench = new Bench();
  const { storage } = bench;
  await storage.acquire();
  await bench.checkpoint(1, ['old']);
  await bench.checkpoint(2, ['new']);
  const read = storage.readManifest.bind(storage);
  storage.readManifest = async (epoch) => {
    const content = await read(epoch);
    storage.readManifest = read;
    if (epoch === 1) await sweepCheckpoints(storage, 1);
    return content;
  };
  await bench.scrub();
  assert.equal(bench.reports.length, 0);
  assert.deepEqual(bench.stats, { scrubbed: 0, damaged: 0 });
});

test('a store that does not answer is no damage, and the next scrub reads on', async () => {
  await using bench = new Bench();
  const { storage } = bench;
  await storage.acquire();
  await bench.checkpoint(1, ['one']);
  const check = storage.checkData.bind(storage);
  storage.checkData = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
  await bench.scrub();
  storage.checkData = check;
  await bench.scrub();
  assert.equal(bench.reports.length, 0);
  assert.deepEqual(bench.stats, { scrubbed: 1, damaged: 0 });
});

test('all checkpoints younger than the minimum age are kept with their data, and removed later', async () => {
  await using bench = new Bench();
  const { storage } = bench;
  await storage.acquire();
  for (const epoch of [1, 2, 3, 4]) await bench.checkpoint(epoch, [`state ${epoch}`], 10_000 * epoch);
  assert.deepEqual([...(await sweepCheckpoints(storage, 1, 20_001))].sort(), [2, 3, 4]);
  assert.deepEqual(await storage.listManifests(), [2, 3, 4]);
  assert.equal((await storage.listData()).length, 3);
  await sweepCheckpoints(storage, 1, 20_000);
  assert.deepEqual(await storage.listManifests(), [3, 4]);
  await sweepCheckpoints(storage, 1);
  assert.deepEqual(await storage.listManifests(), [4]);
  assert.equal((await storage.listData()).length, 1);
});
