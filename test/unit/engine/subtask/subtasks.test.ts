/**
 * Tests a job whose operator has subtasks, over real files: its output is that of an undivided job,
 * also after a restore, and a failure of a subtask fails the job.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { readManifest } from '../../../../src/engine/checkpoint/restore.ts';
import { Job } from '../../../../src/engine/job/job.ts';
import type { JobSetup } from '../../../../src/engine/job/job-setup.ts';
import { KEY_GROUPS } from '../../../../src/engine/state/entry-key.ts';
import type { OpenChannel } from '../../../../src/engine/subtask/subtask-channel.ts';
import type { SubtaskOptions } from '../../../../src/engine/subtask/subtasks.ts';
import { openThread } from '../../../../src/library/subtask-thread.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';

const sqlOf = (gap: string, condition = ''): string =>
  `CREATE TABLE visits (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json', 'source.monitor-interval' = '10 ms');
CREATE TABLE sessions (k STRING, w TIMESTAMP(3), c BIGINT, s BIGINT)
  WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO sessions SELECT k, window_start, COUNT(*), SUM(v)
  FROM TABLE(SESSION(TABLE visits PARTITION BY k, DESCRIPTOR(ts), INTERVAL '${gap}' SECOND))
  GROUP BY k, window_start, window_end ${condition};`;

const KEYS = 50;

class Bench {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'subtasks-'));
  readonly storage = new LocalStorage(path.join(this.directory, 'checkpoints'));
  readonly #backend: 'memory' | 'rocksdb';
  #file = 0;

  constructor(backend: 'memory' | 'rocksdb' = 'memory') {
    this.#backend = backend;
    fs.mkdirSync(path.join(this.directory, 'in'));
  }

  /** Writes the rows from..to-1 as a new file: one row every 100 ms, with one of `keys` keys. */
  feed(from: number, to: number, keys = KEYS): void {
    let text = '';
    for (let n = from; n < to; n++) {
      const ts = new Date(Date.UTC(2026, 0, 1) + n * 100).toISOString().slice(0, 23).replace('T', ' ');
      text += `{"k":"key ${n % keys}","v":${n},"ts":"${ts}"}\n`;
    }
    const hidden = path.join(this.directory, 'in', '.next');
    fs.writeFileSync(hidden, text);
    fs.renameSync(hidden, path.join(this.directory, 'in', `${String(this.#file++).padStart(4, '0')}.jsonl`));
  }

  open(subtasks: SubtaskOptions | null, sql = sqlOf('1'), more: Partial<JobSetup> = {}): Promise<Job> {
    const catalog = { tables: new Map(), views: new Map() };
    const { statements } = compile(sql, { fileName: 'test', catalog, connectors: connectorCatalog, settings: {} });
    return Job.open({
      id: 'job',
      plan: statements.find((s) => s.kind === 'job')!.plan,
      batchRows: 7,
      state: { backend: this.#backend, memoryBytes: 64 << 20, directory: path.join(this.directory, 'state') },
      checkpoints: { storage: this.storage, onChangedPlan: 'carry' },
      endpoints: tableEndpoints({ baseDirectory: this.directory }),
      ...(subtasks === null ? {} : { subtasks }),
      ...more,
    });
  }

  async run(job: Job, rows: number, then: (job: Job) => unknown) {
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

  [Symbol.dispose](): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

const STOPPED = { name: 'end', drained: false };
const DRAINED = { name: 'end', drained: true };

/** Returns the output of an undivided job for the rows 0..rows-1. */
async function undivided(rows: number): Promise<readonly string[]> {
  using bench = new Bench();
  bench.feed(0, rows);
  await bench.run(await bench.open(null), rows, (job) => job.stop('stop', DRAINED));
  return bench.lines();
}

for (const [how, subtasks] of [
  ['in one thread', { count: 3 }],
  ['in threads', { count: 3, open: openThread }],
] as const) {
  for (const backend of ['memory', 'rocksdb'] as const) {
    test(`${backend}, ${how}: the output is that of an undivided job, also after a stop and a restore`, async () => {
      const wanted = await undivided(500);
      using bench = new Bench(backend);
      bench.feed(0, 250);
      await bench.run(await bench.open(subtasks), 250, async (job) => {
        await job.checkpoint();
        job.stop('stop', STOPPED);
      });
      const newest = (await bench.storage.listManifests()).at(-1)!;
      const { state } = await readManifest(bench.storage, newest);
      assert.deepEqual(
        state.subtasks.map(({ subtask }) => subtask),
        [0, 1, 2],
      );
      assert.equal(
        state.subtasks.reduce((sum, { keyGroups: { first, last } }) => sum + last - first + 1, 0),
        KEY_GROUPS,
      );
      assert.ok(state.subtasks.every(({ files }) => files.length > 0));
      bench.feed(250, 500);
      // The checkpoint determines the number of subtasks.
      const { open } = subtasks as SubtaskOptions;
      const again = await bench.open(open === undefined ? null : { open });
      assert.equal(again.task.subtasks.length, 2);
      await bench.run(again, 500, (job) => job.stop('stop', DRAINED));
      assert.equal(again.metrics().rowsIn, 500);
      assert.deepEqual(bench.lines(), wanted);
    });
  }
}

test('a subtask remembers its watermark and its late rows over a restore', async () => {
  const wanted = await undivided(250);
  using bench = new Bench();
  bench.feed(0, 250);
  bench.feed(0, KEYS);
  await bench.run(await bench.open({ count: 3 }), 250 + KEYS, (job) => job.stop('stop', STOPPED));
  bench.feed(0, KEYS);
  const again = await bench.open(null);
  await bench.run(again, 250 + 2 * KEYS, (job) => job.stop('stop', DRAINED));
  assert.equal(again.metrics().lateRows, 2 * KEYS);
  assert.deepEqual(bench.lines(), wanted);
});

test('state that is evicted to RocksDB is restored in each thread', { timeout: 60_000 }, async () => {
  const keys = 30_000;
  const sql = sqlOf('3600');
  const open = (bench: Bench, subtasks: SubtaskOptions | null, memoryBytes: number) => {
    const state = { backend: 'rocksdb', memoryBytes, directory: path.join(bench.directory, 'state') } as const;
    return bench.open(subtasks, sql, { state, batchRows: 1024 });
  };
  using undisturbed = new Bench('rocksdb');
  undisturbed.feed(0, 60_000, keys);
  await undisturbed.run(await open(undisturbed, null, 256 << 20), 60_000, (job) => job.stop('stop', DRAINED));
  using bench = new Bench('rocksdb');
  bench.feed(0, 45_000, keys);
  await bench.run(await open(bench, { count: 2, open: openThread }, 2 << 20), 45_000, async (job) => {
    await job.checkpoint();
    job.stop('stop', STOPPED);
  });
  const newest = (await bench.storage.listManifests()).at(-1)!;
  const { state } = await readManifest(bench.storage, newest);
  // The state of both subtasks is in RocksDB, and no longer in a log.
  assert.ok(state.subtasks.every(({ files }) => files.some(({ name }) => name.endsWith('.sst'))));
  bench.feed(45_000, 60_000, keys);
  const again = await open(bench, { open: openThread }, 2 << 20);
  await bench.run(again, 60_000, (job) => job.stop('stop', DRAINED));
  assert.equal(bench.lines().length, keys);
  assert.deepEqual(bench.lines(), undisturbed.lines());
});

test('results of all subtasks appear while the source has no rows', { timeout: 30_000 }, async () => {
  const wanted = (await undivided(200)).length;
  using bench = new Bench();
  bench.feed(0, 200);
  const job = await bench.open({ count: 2, open: openThread });
  await bench.run(job, 200, async () => {
    // The sessions of the last second are open.
    while (job.metrics().rowsOut < wanted - 10) await systemClock.sleep(5);
    job.stop('cancel');
  });
});

test('a changed query that keeps the operator continues; another is refused', async () => {
  using bench = new Bench();
  bench.feed(0, 250);
  await bench.run(await bench.open({ count: 2 }), 250, (job) => job.stop('stop', STOPPED));
  await assert.rejects(bench.open(null, sqlOf('2')), {
    code: 'CHECKPOINT_INCOMPATIBLE',
    message: /^the state of checkpoint \d+ is divided among 2 subtasks, and the changed query does not have their/,
  });
  // Late rows of a subtask would be lost.
  const late = `CREATE TABLE late (k STRING, v BIGINT, ts TIMESTAMP(3))
    WITH ('connector' = 'filesystem', 'path' = 'late', 'format' = 'json');\n`;
  await assert.rejects(bench.open(null, `${late}${sqlOf('1', 'LATE ROWS INTO late')}`), {
    code: 'CHECKPOINT_INCOMPATIBLE',
  });
  const filtered = await bench.open(null, sqlOf('1', 'HAVING COUNT(*) > 0'));
  assert.equal(filtered.task.subtasks.length, 1);
  filtered.stop('cancel');
  await filtered.run();
});

test('a plan without an operator for subtasks has none', async () => {
  using bench = new Bench();
  const job = await bench.open({ count: 4 }, sqlOf('1').replace('COUNT(*)', 'COUNT(DISTINCT v)'));
  assert.equal(job.task.subtasks.length, 0);
  job.stop('cancel');
  await job.run();
});

test('a thread that cannot process its rows fails the job with its error', { timeout: 30_000 }, async () => {
  using bench = new Bench();
  bench.feed(0, 100);
  const failing: OpenChannel = (receive) => {
    const channel = openThread(receive);
    return {
      ...channel,
      post(message, transfer) {
        // The thread cannot read a batch without columns.
        if (message.kind === 'batch') channel.post({ kind: 'batch', batch: null as never }, []);
        else channel.post(message, transfer);
      },
    };
  };
  const job = await bench.open({ count: 2, open: failing });
  await assert.rejects(job.run(), /Cannot (destructure|read)/);
  // The next run of the job can take its storage.
  bench.feed(100, 101);
  await bench.run(await bench.open({ count: 2 }), 101, (again) => again.stop('cancel'));
});

test('a thread that ends fails the job', { timeout: 30_000 }, async () => {
  using bench = new Bench();
  bench.feed(0, 100);
  let end = (): unknown => null;
  const job = await bench.open({
    count: 2,
    open(receive) {
      const channel = openThread(receive);
      end = () => channel.end();
      return channel;
    },
  });
  await end();
  await assert.rejects(job.run(), { code: 'JOB_FAILED', message: /^a thread of the job ended: exit code \d/ });
});

test('a thread that ends while it restores its state fails the start of the job', { timeout: 30_000 }, async () => {
  using bench = new Bench();
  bench.feed(0, 100);
  await bench.run(await bench.open({ count: 2 }), 100, (job) => job.stop('stop', STOPPED));
  const ending: OpenChannel = (receive) => {
    const channel = openThread(receive);
    void channel.end();
    return channel;
  };
  await assert.rejects(bench.open({ open: ending }), { code: 'JOB_FAILED', message: /^a thread of the job ended/ });
  // The storage is free again.
  bench.feed(100, 101);
  await bench.run(await bench.open(null), 101, (again) => again.stop('cancel'));
});
