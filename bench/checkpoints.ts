/**
 * `node bench/checkpoints.ts [--keys 1000000] [--large 12000000]`: measures the cost of checkpoints
 * of a large state. There is one GROUP BY. Each key is fed once, then a few keys repeatedly.
 *
 * - incremental: bytes that each of 20 checkpoints stores again when 1 % of the keys changed since
 *   the one before, all in memory and mostly on disk;
 * - pause: how long the job pauses at the barrier, with a large state that changes while
 *   checkpoints are taken.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compile } from '../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../src/connectors/connector-registry.ts';
import { systemClock } from '../src/core/clock.ts';
import { Job } from '../src/engine/job/job.ts';
import { LocalStorage } from '../src/storage/local/local-storage.ts';

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '1000000' }, large: { type: 'string', default: '12000000' } },
});
const SQL = `CREATE TABLE changes (k BIGINT, v BIGINT)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json', 'source.monitor-interval' = '10 ms');
CREATE TABLE sums (k BIGINT, c BIGINT, s BIGINT, m BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO sums SELECT k, COUNT(*), SUM(v), MAX(v) FROM changes GROUP BY k;`;

/** A small and repeatable generator: each run must change the same keys. */
let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

class Subject {
  readonly directory: string;
  readonly job: Job;
  readonly running: Promise<unknown>;
  fed = 0;
  #files = 0;

  private constructor(directory: string, job: Job) {
    this.directory = directory;
    this.job = job;
    this.running = job.run();
  }

  static async open(memoryBytes: number, intervalMs: number | null): Promise<Subject> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-bench-checkpoints-'));
    fs.mkdirSync(path.join(directory, 'in'));
    const { statements } = compile(SQL, {
      fileName: 'bench',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    const { plan } = statements.find((s) => s.kind === 'job')!;
    const job = await Job.open({
      id: 'bench',
      plan,
      endpoints: tableEndpoints({ baseDirectory: directory }),
      random,
      batchRows: 1024,
      state: { backend: 'rocksdb', memoryBytes, directory: path.join(directory, 'state') },
      checkpoints: {
        storage: new LocalStorage(path.join(directory, 'checkpoints')),
        intervalMs,
      },
    });
    return new Subject(directory, job);
  }

  /** Feeds `count` rows with the keys from `key`, and waits until they are in the state. */
  async feed(count: number, key: (i: number) => number): Promise<void> {
    const hidden = path.join(this.directory, 'in', '.next');
    const file = fs.openSync(hidden, 'w');
    for (let at = 0; at < count; at += 50000) {
      let text = '';
      for (let i = at; i < Math.min(count, at + 50000); i++) text += `{"k":${key(i)},"v":${i % 1000}}\n`;
      fs.writeSync(file, text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    fs.closeSync(file);
    fs.renameSync(hidden, path.join(this.directory, 'in', `${String(this.#files++).padStart(5, '0')}.jsonl`));
    this.fed += count;
    while (this.job.metrics().rowsIn < this.fed) await systemClock.sleep(20);
  }

  async close(): Promise<void> {
    this.job.stop();
    await this.running;
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

async function incremental(memoryMb: number): Promise<void> {
  const keys = Number(values.keys);
  const subject = await Subject.open(memoryMb * 2 ** 20, null);
  await subject.feed(keys, (i) => i);
  await subject.job.checkpoint();
  const full = subject.job.coordinator!.stats.lastSizeBytes;
  const stored: number[] = [];
  for (let n = 0; n < 20; n++) {
    await subject.feed(keys / 100, () => Math.floor(random() * keys));
    await subject.job.checkpoint();
    stored.push(subject.job.coordinator!.stats.lastNewBytes);
  }
  const mode = subject.job.store.log === null ? 'on disk' : 'in memory';
  const share = (bytes: number): string => `${((bytes / full) * 100).toFixed(1)} %`;
  console.log(
    `incremental, ${memoryMb} MB, ${mode}: full ${mb(full)}; 20 checkpoints with 1 % changed: median ${mb(median(stored))} = ${share(median(stored))}, most ${share(Math.max(...stored))}, sum ${mb(stored.reduce((a, b) => a + b))}`,
  );
  await subject.close();
}

async function pause(memoryMb: number): Promise<void> {
  const keys = Number(values.large);
  const subject = await Subject.open(memoryMb * 2 ** 20, 500);
  await subject.feed(keys, (i) => i);
  const { stats } = subject.job.coordinator!;
  stats.pausesMs.length = 0;
  const until = systemClock.monotonicMs() + 60_000;
  while (systemClock.monotonicMs() < until) await subject.feed(100_000, () => Math.floor(random() * keys));
  const pauses = [...stats.pausesMs].sort((a, b) => a - b);
  const at = (q: number): string => pauses[Math.min(pauses.length - 1, Math.floor(pauses.length * q))]!.toFixed(1);
  const { cacheBytes } = subject.job.metrics();
  console.log(
    `pause, ${memoryMb} MB, ${keys.toLocaleString('en-US')} keys, ${mb(cacheBytes)} in memory, ${mb(stats.lastSizeBytes)} in a checkpoint: ${pauses.length} barriers, median ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} ms`,
  );
  await subject.close();
}

await incremental(256);
await incremental(32);
await pause(2048);
await pause(256);
