/**
 * Tests savepoints of a job over real files. Savepoints are kept, the job goes back to them and
 * stops with them, and its output is that of an undisturbed run.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { stateFilesOf } from '../../../../src/engine/checkpoint/manifest.ts';
import { readManifest } from '../../../../src/engine/checkpoint/restore.ts';
import { sweepCheckpoints } from '../../../../src/engine/checkpoint/retention.ts';
import { Job } from '../../../../src/engine/job/job.ts';
import type { CheckpointOptions } from '../../../../src/engine/job/job-options.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';

const SQL = `CREATE TABLE numbers (n BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json', 'source.monitor-interval' = '10 ms');
CREATE TABLE counts (w TIMESTAMP(3), c BIGINT, s BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO counts SELECT window_start, COUNT(*), SUM(n)
  FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`;

class Bench {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'savepoints-'));
  readonly storage = new LocalStorage(path.join(this.directory, 'checkpoints'));
  #file = 0;

  constructor() {
    fs.mkdirSync(path.join(this.directory, 'in'));
  }

  /** Writes one row per second, from..to-1, as a new file of the source. */
  feed(from: number, to: number): void {
    let text = '';
    for (let n = from; n < to; n++) {
      const ts = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().slice(0, 19).replace('T', ' ');
      text += `{"n":${n},"ts":"${ts}"}\n`;
    }
    const hidden = path.join(this.directory, 'in', '.next');
    fs.writeFileSync(hidden, text);
    fs.renameSync(hidden, path.join(this.directory, 'in', `${String(this.#file++).padStart(4, '0')}.jsonl`));
  }

  async open(backend: 'memory' | 'rocksdb', restore: CheckpointOptions['restore'] = 'latest'): Promise<Job> {
    const { statements } = compile(SQL, {
      fileName: 'test',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    const statement = statements.find((s) => s.kind === 'job')!;
    return Job.open({
      id: 'job',
      plan: statement.plan,
      batchRows: 7,
      state: { backend, memoryBytes: 64 << 20, directory: path.join(this.directory, 'state') },
      checkpoints: {
        storage: this.storage,
        retained: 2,
        restore,
      },
      endpoints: tableEndpoints({ baseDirectory: this.directory }),
    });
  }

  /** Opens the job, waits until `rows` rows were read, calls `then`, and waits for the end. */
  async run(
    backend: 'memory' | 'rocksdb',
    rows: number,
    then: (job: Job) => unknown,
    restore?: CheckpointOptions['restore'],
  ) {
    const job = await this.open(backend, restore);
    const ended = job.run();
    ended.catch(() => {});
    while (job.metrics().rowsIn < rows) await systemClock.sleep(5);
    await then(job);
    return ended;
  }

  lines(): string[] {
    const directory = path.join(this.directory, 'out');
    const parts = fs.existsSync(directory) ? fs.readdirSync(directory).filter((name) => !name.startsWith('.')) : [];
    return parts.flatMap((part) => fs.readFileSync(path.join(directory, part), 'utf8').split('\n').slice(0, -1)).sort();
  }

  epochOf = async (name: string): Promise<number> => {
    for (const epoch of await this.storage.listManifests()) {
      if ((await readManifest(this.storage, epoch)).savepoint?.name === name) return epoch;
    }
    throw new Error(`no savepoint ${name}`);
  };

  [Symbol.dispose](): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Returns the windows from..to-1 of ten rows each. */
const windows = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => {
    const start = (from + i) * 10;
    const w = new Date(Date.UTC(2026, 0, 1) + start * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return `{"w":"${w}","c":10,"s":${start * 10 + 45}}`;
  });

for (const backend of ['memory', 'rocksdb'] as const) {
  test(`${backend}: a savepoint outlives all checkpoints, with its data`, async () => {
    using bench = new Bench();
    bench.feed(0, 25);
    await bench.run(backend, 25, async (job) => {
      await job.savepoint('kept');
      for (let i = 0; i < 5; i++) await job.checkpoint();
      job.stop();
    });
    const epoch = await bench.epochOf('kept');
    assert.equal(epoch, 1);
    assert.deepEqual(await bench.storage.listManifests(), [1, 6, 7]);
    const files = stateFilesOf(await readManifest(bench.storage, epoch));
    const data = new Set(await bench.storage.listData());
    assert.ok(files.length > 0 && files.every((f) => data.has(f.sha256)));
    await bench.storage.deleteManifest(epoch);
    await sweepCheckpoints(bench.storage, 2);
    assert.deepEqual(await bench.storage.listManifests(), [6, 7]);
  });

  test(`${backend}: after a stop with a savepoint, windows stay open and continue after the restore`, async () => {
    using bench = new Bench();
    bench.feed(0, 25);
    const { outcome } = await bench.run(backend, 25, (job) => job.stop('stop', { name: 'end', drained: false }));
    assert.equal(outcome, 'stopped');
    assert.deepEqual(bench.lines(), windows(0, 2));
    bench.feed(25, 61);
    await bench.run(backend, 61, (job) => job.stop(), { epoch: await bench.epochOf('end') });
    assert.deepEqual(bench.lines(), windows(0, 6));
  });

  test(`${backend}: drained, the open window fires and the job has finished`, async () => {
    using bench = new Bench();
    bench.feed(0, 30);
    const { outcome } = await bench.run(backend, 30, (job) => job.stop('stop', { name: 'end', drained: true }));
    assert.equal(outcome, 'finished');
    assert.deepEqual(bench.lines(), windows(0, 3));
    bench.feed(30, 40);
    const again = await bench.open(backend);
    assert.deepEqual(await again.run(), { outcome: 'finished' });
    assert.deepEqual(bench.lines(), windows(0, 3));
  });

  test(`${backend}: back to an older savepoint, once the later output was moved away; killed after that it stays there`, async () => {
    using bench = new Bench();
    bench.feed(0, 25);
    await bench.run(backend, 25, async (job) => {
      await job.savepoint('older');
      bench.feed(25, 45);
      while (job.metrics().rowsIn < 45) await systemClock.sleep(5);
      job.stop('stop', { name: 'newer', drained: false });
    });
    const older = { epoch: await bench.epochOf('older') };
    await assert.rejects(bench.open(backend, older), { code: 'CHECKPOINT_CORRUPT' });
    const out = path.join(bench.directory, 'out');
    for (const part of fs.readdirSync(out)) {
      if (Number(/-(\d+)-\d+\.jsonl$/.exec(part)![1]) > older.epoch) fs.rmSync(path.join(out, part));
    }
    assert.deepEqual(bench.lines(), windows(0, 2));
    // Only the beginning of this run reaches a checkpoint.
    await bench.run(backend, 45, (job) => job.stop('cancel'), older);
    bench.feed(45, 61);
    await bench.run(backend, 61, (job) => job.stop());
    assert.deepEqual(bench.lines(), windows(0, 6));
  });

  test(`${backend}: a job that starts fresh beside a savepoint and is killed resumes from its start`, async () => {
    using bench = new Bench();
    bench.feed(0, 25);
    await bench.run(backend, 25, (job) => job.stop('stop', { name: 'end', drained: false }));
    fs.rmSync(path.join(bench.directory, 'out'), { recursive: true });
    await bench.run(backend, 25, (job) => job.stop('cancel'), 'fresh');
    assert.equal(await bench.epochOf('end'), 1);
    await bench.run(backend, 25, (job) => job.stop());
    assert.deepEqual(bench.lines(), windows(0, 2));
  });
}

test('a savepoint under way is refused when the job ends, and there is one for each name', async () => {
  using bench = new Bench();
  bench.feed(0, 5);
  let late: Promise<void> | null = null;
  await bench.run('memory', 5, async (job) => {
    await Promise.all([job.savepoint('a'), job.savepoint('b'), job.checkpoint()]);
    late = job.savepoint('c');
    late.catch(() => {});
    job.stop('stop', { name: 'd', drained: false });
  });
  await assert.rejects(late!, { code: 'CHECKPOINT_FAILED' });
  const names = await Promise.all(
    (await bench.storage.listManifests()).map(
      async (epoch) => (await readManifest(bench.storage, epoch)).savepoint?.name,
    ),
  );
  assert.deepEqual(names, ['a', 'b', 'd']);
});
