import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SavepointRequest, SavepointStatus } from '../../../src/service/savepoint-status.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const ROW = (n: number): string => {
  const ts = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `{"n":${n},"ts":"${ts}"}\n`;
};
const rows = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => ROW(from + i)).join('');
const WINDOW = (from: number): string => {
  const w = new Date(Date.UTC(2026, 0, 1) + from * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `{"w":"${w}","c":10}`;
};

describe('savepoints of the service', () => {
  let fixture: ServiceFixture;
  const job = 'statement.counts';
  const windows = (): string[] => fixture.lines('counts').toSorted();
  const rowsIn = (n: number) => until(`${n} rows`, () => fixture.service.job(job)?.rowsIn === n);
  /** Waits until the savepoint is no longer being taken. */
  const settled = async (name: string): Promise<SavepointStatus> => {
    for (let i = 0; i < 200; i++) {
      const seen = await status(name);
      if (seen.state !== 'IN_PROGRESS') return seen;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the savepoint ${name} takes too long`);
  };
  const standing = async (name: string) => assert.equal((await settled(name)).state, 'COMPLETED');
  const status = (name: string): Promise<SavepointStatus> => fixture.service.savepoint(job, name);
  const take = (request: SavepointRequest) => fixture.service.takeSavepoint(job, request);

  beforeEach(async () => {
    fixture = new ServiceFixture();
    await start();
  });
  const start = async (): Promise<void> => {
    fixture.write('in.jsonl', rows(0, 25));
    await fixture.service.submit(
      `CREATE TABLE numbers (n BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem',
         'path' = '${fixture.path('in.jsonl')}', 'format' = 'json', 'source.monitor-interval' = '20 ms');
       CREATE TABLE counts (w TIMESTAMP(3), c BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('counts')}', 'format' = 'json');
       INSERT INTO counts SELECT window_start, COUNT(*)
         FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`,
      {},
    );
    await rowsIn(25);
  };
  afterEach(() => fixture.close());

  it('are taken while the job runs, outlive its checkpoints and a restart of the service, and are deleted by name', async () => {
    const begun = await take({ name: 'a' });
    assert.equal(begun.state, 'IN_PROGRESS');
    await assert.rejects(take({ name: 'a' }), { code: 'SAVEPOINT_EXISTS' });
    await standing('a');
    const { checkpoint, path: manifest } = await status('a');
    assert.ok(fs.existsSync(manifest!));
    const newest = () => fixture.service.job(job)!.metrics!.checkpoints!.lastEpoch;
    await until('more checkpoints', () => newest() > checkpoint! + 4);
    await fixture.service.close();
    fixture.open();
    assert.deepEqual(
      (await fixture.service.savepoints(job)).map((s) => [s.name, s.checkpoint, s.state]),
      [['a', checkpoint, 'COMPLETED']],
    );
    await until('it runs', () => fixture.state(job) === 'RUNNING');
    await fixture.service.deleteSavepoint(job, 'a');
    await assert.rejects(status('a'), { code: 'CHECKPOINT_NOT_FOUND' });
    assert.ok(!fs.existsSync(manifest!));
  });

  it('end the job, which continues from there as if it had never stopped', async () => {
    const { statements } = await fixture.service.submit(`STOP JOB '${job}' WITH SAVEPOINT;`, {});
    assert.equal(fixture.state(job), 'SUSPENDED');
    const [savepoint] = await fixture.service.savepoints(job);
    assert.deepEqual(statements, [{ kind: 'rows', columns: ['savepoint path'], rows: [[savepoint!.path]] }]);
    assert.deepEqual(windows(), [0, 10].map(WINDOW));
    await assert.rejects(fixture.service.deleteSavepoint(job, savepoint!.name), { code: 'SAVEPOINT_IN_USE' });
    await assert.rejects(take({}), { code: 'JOB_NOT_RUNNING' });
    fixture.append('in.jsonl', rows(25, 41));
    assert.equal((await fixture.service.startJob(job, savepoint!.name)).state, 'RUNNING');
    await until('four windows', () => windows().length === 4);
    assert.deepEqual(windows(), [0, 10, 20, 30].map(WINDOW));
  });

  it('drained, windows fire and the job has finished for good', async () => {
    fixture.append('in.jsonl', rows(25, 30));
    await rowsIn(30);
    await fixture.service.submit(`STOP JOB '${job}' WITH SAVEPOINT WITH DRAIN;`, {});
    assert.equal(fixture.state(job), 'FINISHED');
    assert.deepEqual(windows(), [0, 10, 20].map(WINDOW));
    fixture.append('in.jsonl', rows(30, 45));
    await fixture.service.startJob(job);
    await until('the end', () => fixture.state(job) === 'FINISHED');
    assert.equal(windows().length, 3);
  });

  it('can be resumed after the later output was moved away', async () => {
    await take({ name: 'older' });
    await standing('older');
    const { checkpoint } = await status('older');
    await assert.rejects(fixture.service.startJob(job, 'older'), { code: 'JOB_EXISTS' });
    fixture.append('in.jsonl', rows(25, 41));
    await until('four windows', () => windows().length === 4);
    await fixture.service.stopJob(job);
    const refused = await fixture.service.startJob(job, 'older');
    assert.equal(refused.failure?.code, 'CHECKPOINT_CORRUPT');
    const parts = fs.readdirSync(fixture.path('counts')).filter((p) => !p.startsWith('.'));
    for (const part of parts) {
      if (Number(/-(\d+)-\d+\.jsonl$/.exec(part)![1]) > checkpoint!) fs.rmSync(path.join(fixture.path('counts'), part));
    }
    assert.equal(windows().length, 2);
    assert.equal((await fixture.service.startJob(job, 'older')).state, 'RUNNING');
    await until('four windows again', () => windows().length === 4);
    assert.deepEqual(windows(), [0, 10, 20, 30].map(WINDOW));
  });

  it('are refused if they are impossible, and report the reason of a failure', async () => {
    await assert.rejects(take({ drain: true }), { code: 'CONFIG_USAGE' });
    await assert.rejects(take({ name: '../a' }), { code: 'CONFIG_USAGE' });
    await assert.rejects(status('none'), { code: 'CHECKPOINT_NOT_FOUND' });
    await fixture.close();
    fixture = new ServiceFixture({
      settings: {
        'execution.checkpointing.interval': '1 h',
        'state.backend.type': 'memory',
        'restart-strategy.type': 'none',
      },
    });
    await start();
    const data = fixture.path('data', 'jobs', job, 'data');
    fs.rmSync(data, { recursive: true });
    fs.writeFileSync(data, 'no directory');
    await take({ name: 'broken' });
    const { state, failure, path: manifest } = await settled('broken');
    assert.deepEqual([state, failure?.code, manifest], ['FAILED', 'CHECKPOINT_FAILED', null]);
    await fixture.service.deleteSavepoint(job, 'broken');
    assert.deepEqual(await fixture.service.savepoints(job), []);
  });
});
