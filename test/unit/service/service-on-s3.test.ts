import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ServiceOptions } from '../../../src/service/service-options.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';

const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"n":${from + i}}\n`).join('');

describe('a service with checkpoints on S3', () => {
  let server: FakeS3;
  let fixture: ServiceFixture;
  let options: Partial<ServiceOptions>;
  const job = 'statement.sums';
  const rowsIn = (n: number) => until(`${n} rows`, () => fixture.service.job(job)?.rowsIn === n, 20_000);
  const keysOf = (folder: string): string[] =>
    [...server.objects.keys()].filter((key) => key.startsWith(`bucket/jobs/${job}/${folder}/`));

  beforeEach(async () => {
    server = await startFakeS3();
    options = {
      settings: {
        'execution.checkpointing.interval': '100 ms',
        'execution.checkpointing.dir': 's3://bucket/jobs',
        's3.endpoint': server.endpoint,
        's3.path-style-access': 'true',
      },
    };
    fixture = new ServiceFixture(options);
    fixture.write('in.jsonl', rows(0, 25));
    await fixture.service.submit(
      `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('in.jsonl')}',
         'format' = 'json', 'source.monitor-interval' = '20 ms');
       CREATE TABLE sums (total BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('sums')}', 'format' = 'debezium-json');
       INSERT INTO sums SELECT SUM(n) FROM numbers;`,
      {},
    );
    await rowsIn(25);
  });
  afterEach(async () => {
    await fixture.close();
    await server.close();
  });

  it('continues when all files of the job on its disk are deleted', async () => {
    await fixture.service.close();
    assert.ok(keysOf('log').length >= 2);
    assert.deepEqual(keysOf('lease'), []);
    fs.rmSync(fixture.path('data', 'jobs'), { recursive: true });
    fixture.open();
    fixture.append('in.jsonl', rows(25, 30));
    await rowsIn(30);
    await until(
      'the sum of all',
      () => fixture.lines('sums').some((line) => line.includes(`"after":{"total":${435}}`)),
      20_000,
    );
  });

  it('restores the service when the whole data directory is deleted', async () => {
    await fixture.service.close();
    await fixture.openWithCopy();
    await fixture.service.submit(
      `SET 'pipeline.name' = 'second';
       CREATE TABLE copies (n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('copies')}', 'format' = 'json');
       INSERT INTO copies SELECT n FROM numbers;`,
    );
    await until(
      'a checkpoint',
      () => (fixture.service.job('second')?.metrics?.checkpoints?.completed ?? 0) > 0,
      20_000,
    );
    await fixture.service.stopJob('second');
    await fixture.service.close();
    fs.rmSync(fixture.path('data'), { recursive: true });

    await fixture.openWithCopy();
    assert.equal(fixture.state('second'), 'SUSPENDED', 'what was stopped stays so');
    fixture.append('in.jsonl', rows(25, 30));
    await rowsIn(30);
    const total = () => fixture.lines('sums').some((line) => line.includes('"after":{"total":435}'));
    await until('the sum of all', total, 20_000);
    await fixture.service.startJob('second');
    await until('the rest', () => fixture.lines('copies').length === 30, 20_000);
    assert.equal(new Set(fixture.lines('copies')).size, 30);
    await fixture.service.submit('CREATE VIEW more AS SELECT n + 1 AS n FROM numbers;');
    assert.ok(fixture.log.some(({ message }) => message.includes('takes the service over')));
  });

  it('starts no job that is being deleted', async () => {
    const deleted = fixture.service.deleteJob(job);
    await until('the job has ended', () => fixture.state(job) === 'CANCELED', 20_000);
    await assert.rejects(fixture.service.startJob(job), /the job statement\.sums is being replaced or removed/);
    await deleted;
    assert.equal(fixture.service.job(job), undefined);
    assert.deepEqual(keysOf('data'), []);
  });

  it('takes over no running service, and no service into the data directory of another service', async () => {
    await fixture.service.close();
    await fixture.openWithCopy();
    const other = new ServiceFixture(options);
    try {
      await other.service.submit("CREATE TABLE t (n BIGINT) WITH ('connector' = 'print');");
      await other.service.close();
      await assert.rejects(other.openWithCopy(), /JOB_LOCKED|another service runs/);
      await fixture.service.close();
      await assert.rejects(other.openWithCopy(), /belong to different services/);
      await fixture.openWithCopy();
      await until('its job', () => fixture.state(job) === 'RUNNING', 20_000);
    } finally {
      fs.rmSync(other.directory, { recursive: true, force: true });
    }
  });

  it('keeps savepoints there, and deletes them and the job', async () => {
    await fixture.service.takeSavepoint(job, { name: 'kept' });
    for (let state = ''; state !== 'COMPLETED'; ) {
      ({ state } = await fixture.service.savepoint(job, 'kept'));
      assert.notEqual(state, 'FAILED');
    }
    const { path, checkpoint } = await fixture.service.savepoint(job, 'kept');
    assert.equal(path, `s3://bucket/jobs/${job}#${checkpoint}`);
    const later = () => (fixture.service.job(job)?.metrics?.checkpoints?.lastEpoch ?? 0) > checkpoint! + 4;
    await until('it is not among the newest any more', later, 20_000);
    await fixture.service.deleteSavepoint(job, 'kept');
    assert.deepEqual(await fixture.service.savepoints(job), []);
    const before = fixture.service.job(job)!.metrics!.checkpoints!.lastEpoch;
    await until(
      'checkpoints go on',
      () => fixture.service.job(job)!.metrics!.checkpoints!.lastEpoch > before + 3,
      20_000,
    );
    assert.equal(fixture.state(job), 'RUNNING');

    await fixture.service.deleteJob(job);
    assert.deepEqual([...keysOf('data'), ...keysOf('lease')], []);
    assert.ok(keysOf('log').every((key) => server.objects.get(key)!.includes('"kind":"claim"')));
  });
});
