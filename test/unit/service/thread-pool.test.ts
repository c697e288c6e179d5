import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { JobFleet, systemPorts } from '../../../src/service/job-fleet.ts';
import type { ManagedJob } from '../../../src/service/managed-job.ts';
import { ThreadPool } from '../../../src/service/worker/thread-pool.ts';
import { addJob, linesIn } from '../../support/fleet-job.ts';
import { until } from '../../support/service-fixture.ts';

const COPY = 'SELECT id FROM events';

describe('the threads of the jobs', () => {
  let directory: string;
  let fleet: JobFleet;
  let pool: ThreadPool;
  const history: string[] = [];
  const at = (...parts: readonly string[]): string => path.join(directory, ...parts);

  function open(size: number, heapMb?: number, memoryBytes = 256 << 20): void {
    pool = new ThreadPool({ size, ...(heapMb === undefined ? {} : { sharedHeapMb: heapMb }) });
    fleet = new JobFleet({
      dataDirectory: directory,
      checkpointDirectory: null,
      s3: { endpoint: null, region: null, pathStyle: false },
      memoryBytes,
      ports: systemPorts(systemClock, pool),
      batchRows: 100,
      clock: systemClock,
      random: () => 0.5,
      log: { info() {}, warn() {}, error() {} },
      onState: (job) => history.push(`${job.id} ${job.state}`),
      print() {},
    });
  }

  function add(id: string, settings: Record<string, string> = {}, query = COPY): ManagedJob {
    const text = `
      CREATE TABLE events (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
      CREATE TABLE much (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10000000', 'fields.id.kind' = 'sequence');
      CREATE TABLE some (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '30000', 'fields.id.kind' = 'sequence');
      CREATE TABLE nothing (id BIGINT, t STRING) WITH ('connector' = 'blackhole');
      CREATE TABLE ${id} (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${id}', 'format' = 'json');
      INSERT INTO ${query === COPY ? id : 'nothing'} ${query};`;
    return addJob(fleet, directory, id, text, { 'restart-strategy.type': 'none', ...settings });
  }

  const lines = (sink: string): number => linesIn(at(sink));
  const running = (jobs: readonly ManagedJob[]): boolean => jobs.every((job) => job.state === 'RUNNING');
  const historyOf = (id: string): string[] => history.filter((entry) => entry.startsWith(`${id} `));

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-threads-'));
    history.length = 0;
    fs.writeFileSync(at('in.jsonl'), '{"id":1}\n{"id":2}\n');
  });
  afterEach(async () => {
    await fleet.close();
    assert.equal(pool.count, 0);
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('are shared by many jobs, except by jobs with sequitur.job.isolation = thread', async () => {
    open(2);
    const jobs = Array.from({ length: 10 }, (_, i) => add(`shared${i}`));
    const own = [
      add('own1', { 'sequitur.job.isolation': 'thread' }),
      add('own2', { 'sequitur.job.isolation': 'thread' }),
    ];
    assert.deepEqual(new Set(await Promise.all([...jobs, ...own].map((job) => job.start()))), new Set([null]));
    assert.equal(pool.count, 4);
    await until('all rows', () => [...jobs, ...own].every(({ id }) => lines(id) === 2));
    await Promise.all([...jobs, ...own].map((job) => job.stop()));
    await until('the threads end', () => pool.count === 0);
  });

  it('stop their jobs when they end; the jobs continue from their checkpoints with any restart strategy', async () => {
    open(1);
    const jobs = [add('one'), add('two'), add('three')];
    const isolated = add('isolated', { 'sequitur.job.isolation': 'thread' });
    await Promise.all([...jobs, isolated].map((job) => job.start()));
    await until('rows', () => [...jobs, isolated].every(({ id }) => lines(id) === 2));
    jobs[0]!.kill();
    await until('they restart', () => jobs.every(({ id }) => history.includes(`${id} RESTARTING`)));
    fs.appendFileSync(at('in.jsonl'), '{"id":3}\n');
    await until('they run', () => running(jobs));
    await until('the further row', () => [...jobs, isolated].every(({ id }) => lines(id) === 3));
    for (const job of jobs) {
      assert.equal(job.summary().restarts, 1);
      assert.match(job.failures[0]!.message, /the thread that the job shares with others ended/);
    }
    assert.deepEqual(historyOf('isolated'), ['isolated RUNNING']);
    // The shared one, that of the suspect, and that of the isolated job.
    assert.equal(pool.count, 3);
  });

  it('of one job count as its own failure', async () => {
    open(1);
    const isolated = add('isolated', { 'sequitur.job.isolation': 'thread' });
    const other = add('other');
    await Promise.all([isolated.start(), other.start()]);
    isolated.kill();
    await until('it has failed', () => isolated.state === 'FAILED');
    assert.deepEqual(historyOf('other'), ['other RUNNING']);
  });

  it('with a full heap stop the job with the most state, which gets its own thread', {
    timeout: 120_000,
  }, async () => {
    open(1, 64);
    const other = add('other');
    await other.start();
    await until('rows', () => lines('other') === 2);
    const hungry = add(
      'hungry',
      {},
      "SELECT MOD(id, 50000) AS id, LISTAGG(RPAD(CAST(id AS STRING), 200, 'x')) AS t FROM some GROUP BY MOD(id, 50000)",
    );
    await hungry.start();
    await until('it leaves the thread', () => history.includes('hungry RESTARTING'), 100_000);
    assert.match(hungry.failures[0]!.message, /the thread that the job shares with others used up its heap \(64 MB\)/);
    await until('it runs', () => hungry.state === 'RUNNING');
    await hungry.cancel();
    assert.deepEqual(historyOf('other'), ['other RUNNING']);
  });

  it('move memory from idle jobs to busy ones', async () => {
    const budget = 48 << 20;
    open(1, undefined, budget);
    const idle = [add('idle1'), add('idle2'), add('idle3')];
    const busy = add('busy', {}, "SELECT MOD(id, 1000) AS id, 'x' AS t FROM much WHERE id >= 0");
    await Promise.all([...idle, busy].map((job) => job.start()));
    const cacheOf = (job: ManagedJob): number => job.detail().metrics?.memory.cacheBudgetBytes ?? 0;
    await until('the busy job has most of it', () => cacheOf(busy) > 20 << 20);
    await until('idle jobs have little', () => idle.every((job) => cacheOf(job) < 6 << 20));
    assert.ok([...idle, busy].reduce((sum, job) => sum + cacheOf(job), 0) <= budget);
  });
});
