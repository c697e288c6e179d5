import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { EngineError } from '../../../src/core/engine-error.ts';
import { Service } from '../../../src/service/service.ts';
import type { ResultEvent, StatementResult } from '../../../src/service/service-api.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const code =
  (expected: string, message: RegExp = /./) =>
  (error: unknown) =>
    error instanceof EngineError && error.code === expected && message.test(error.message);

function rowsOf(statement: StatementResult | undefined): readonly (readonly unknown[])[] {
  assert.ok(statement?.kind === 'rows');
  return statement.rows;
}

describe('service', () => {
  let fixture: ServiceFixture;
  const events = (monitored = true): string =>
    `CREATE TABLE events (id BIGINT, k STRING) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('in.jsonl')}',
       'format' = 'json'${monitored ? ", 'source.monitor-interval' = '20 ms'" : ''});`;
  const sink = (name: string): string =>
    `CREATE TABLE ${name} (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path(name)}', 'format' = 'json');`;
  const rows = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `{"id":${from + i},"k":"k${i % 3}"}\n`).join('');
  const ids = (name: string): number[] => fixture.lines(name).map((line) => (JSON.parse(line) as { id: number }).id);
  const submit = (sql: string, settings: Record<string, string> = {}) => fixture.service.submit(sql, { settings });

  beforeEach(() => {
    fixture = new ServiceFixture();
    fixture.write('in.jsonl', rows(0, 10));
  });
  afterEach(() => fixture.close());

  it('runs an INSERT, keeps its metrics and last rows, and stops it with a checkpoint', async () => {
    const { statements } = await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`);
    assert.deepEqual(
      statements.map((s) => (s.kind === 'definition' ? s.name : s.kind === 'job' ? s.id : s.kind)),
      ['events', 'copy', 'statement.copy'],
    );
    await until('rows', () => ids('copy').length === 10);
    await until('metrics', () => fixture.service.job('statement.copy')?.rowsOut === 10);
    await until('the latest rows', () => fixture.service.recentRows({ limit: 99 }).rows.length === 10);
    assert.equal(fixture.service.recentRows({ limit: 1 }).rows.at(-1)!.line, '{"op":"+I","row":{"id":9}}');
    assert.equal((await fixture.service.stopJob('statement.copy')).state, 'SUSPENDED');
    fixture.append('in.jsonl', rows(10, 20));
    assert.equal((await fixture.service.startJob('statement.copy')).state, 'RUNNING');
    await until('all rows, once', () => ids('copy').length === 20);
    assert.equal(new Set(ids('copy')).size, 20);
  });

  it('a start during a stop starts the job after its end', async () => {
    const id = 'statement.copy';
    await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`);
    await until('rows', () => ids('copy').length === 10);
    const stopped = fixture.service.stopJob(id);
    const started = fixture.service.startJob(id);
    await stopped;
    assert.equal((await started).state, 'RUNNING');
    fixture.append('in.jsonl', rows(10, 20));
    await until('all rows, once', () => ids('copy').length === 20);
    assert.equal(fixture.state(id), 'RUNNING');
  });

  it('a follower of a restarted job gets its rows, not the state in which it ended before', async () => {
    await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`);
    await until('rows', () => ids('copy').length === 10);
    await fixture.service.stopJob('statement.copy');
    const follow = (): ResultEvent[] => {
      const got: ResultEvent[] = [];
      fixture.service.follow('statement.copy', (event) => got.push(event));
      return got;
    };
    assert.equal(follow().at(-1)!.state, 'SUSPENDED');
    await fixture.service.startJob('statement.copy');
    const got = follow();
    fixture.append('in.jsonl', rows(10, 20));
    await until('a new row', () => got.some((event) => event.lines?.some((line) => line.includes('"id":19')) === true));
    assert.ok(got.every((event) => event.kind === 'rows'));
    await fixture.service.stopJob('statement.copy');
    assert.equal(got.at(-1)!.state, 'SUSPENDED');
  });

  it('a follower learns that a job ended before the last start of the service', async () => {
    await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`);
    await until('rows', () => ids('copy').length === 10);
    await fixture.service.stopJob('statement.copy');
    await fixture.service.close();
    fixture.open();
    const got: ResultEvent[] = [];
    fixture.service.follow('statement.copy', (event) => got.push(event));
    assert.deepEqual(got, [{ kind: 'end', state: 'SUSPENDED' }]);
  });

  it('streams all rows of a SELECT, also to a late reader, and deletes it when the last reader leaves', async () => {
    fixture.write('in.jsonl', rows(0, 20_000));
    const { statements } = await submit(`${events()} SELECT id FROM events;`);
    const { id } = statements[1] as { id: string };
    await until('it runs', () => fixture.state(id) === 'RUNNING');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const got: string[] = [];
    const leave = fixture.service.follow(id, (event: ResultEvent) => got.push(...(event.lines ?? [])))!;
    await until('all rows', () => got.length >= 20_000);
    assert.deepEqual(
      [got.length, got[0], got.at(-1)],
      [20_000, '{"op":"+I","row":{"id":0}}', '{"op":"+I","row":{"id":19999}}'],
    );
    leave();
    await until('it ends', () => fixture.state(id) === 'CANCELED');
  });

  it('ends a SELECT over bounded input', async () => {
    const { statements } = await submit(`${events(false)} SELECT k, COUNT(*) AS n FROM events GROUP BY k;`);
    const got: ResultEvent[] = [];
    fixture.service.follow((statements[1] as { id: string }).id, (event) => got.push(event));
    await until('the end', () => got.at(-1)?.kind === 'end');
    assert.equal(got.at(-1)!.state, 'FINISHED');
    assert.equal(got.flatMap((e) => e.lines ?? []).length, 10 + 7);
  });

  it('rejects the whole text if it has a mistake', async () => {
    await assert.rejects(
      submit(`${events()}${sink('copy')} INSERT INTO copy SELECT idd FROM events;`),
      (error: unknown) => {
        assert.ok(error instanceof EngineError);
        assert.equal(error.code, 'SQL_UNKNOWN_COLUMN');
        const [first] = error.details['diagnostics'] as { line: number; hint: string }[];
        assert.match(first!.hint, /id/);
        return true;
      },
    );
    assert.deepEqual(fixture.service.jobs(), []);
    const { statements } = await submit('SHOW TABLES;');
    assert.deepEqual(rowsOf(statements[0]), []);
  });

  it('keeps paths below its roots, and settings of the service to itself', async () => {
    const outside = `CREATE TABLE t (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '/etc/passwd', 'format' = 'json');`;
    await assert.rejects(submit(outside), code('CONNECTOR_PATH'));
    await assert.rejects(submit(outside.replace('/etc/passwd', `${fixture.directory}/../x`)), code('CONNECTOR_PATH'));
    await assert.rejects(
      submit("SET 'state.memory' = '8 gb';"),
      code('CONFIG_INVALID_OPTION', /belongs to the service/),
    );
    await assert.rejects(
      submit('SHOW TABLES;', { 'execution.checkpointing.dir': '/tmp' }),
      code('CONFIG_INVALID_OPTION'),
    );
    await assert.rejects(submit('SHOW TABLES;', { 'no.such.key': '1' }), code('CONFIG_UNKNOWN_OPTION'));
  });

  it('refuses to drop objects in use', async () => {
    await submit(
      `${events()}${sink('copy')} CREATE VIEW v AS SELECT id FROM events; INSERT INTO copy SELECT id FROM v;`,
    );
    await assert.rejects(submit('DROP TABLE events;'), code('SQL_IN_USE', /statement\.copy/));
    await submit("STOP JOB 'statement.copy';");
    await assert.rejects(submit('DROP TABLE events;'), code('SQL_IN_USE', /view `v`/));
    await submit('DROP VIEW v; DROP TABLE events;');
  });

  it('answers SHOW JOBS, and refuses unknown jobs, taken names and savepoints', async () => {
    await submit(`${events()}${sink('copy')} SET 'pipeline.name' = 'mine'; INSERT INTO copy SELECT id FROM events;`);
    const { statements } = await submit('SHOW JOBS;');
    assert.equal(rowsOf(statements[0])[0]![0], 'mine');
    const again = "SET 'pipeline.name' = 'mine'; INSERT INTO copy SELECT id FROM events;";
    await assert.rejects(submit(again), code('JOB_EXISTS'));
    await assert.rejects(submit("STOP JOB 'yours';"), code('JOB_NOT_FOUND'));
    await assert.rejects(submit("STOP JOB 'mine' WITH DRAIN;"), code('SQL_INVALID_STATEMENT', /WITH SAVEPOINT/));
    await submit("STOP JOB 'mine';");
    assert.equal(fixture.state('mine'), 'SUSPENDED');
    await submit(again);
    await until('it runs', () => fixture.state('mine') === 'RUNNING');
  });

  it('comes back with the same catalogue and jobs', async () => {
    await submit(
      `${events()}${sink('copy')}${sink('other')} INSERT INTO copy SELECT id FROM events; INSERT INTO other SELECT id FROM events;`,
    );
    await until('both run', () => ids('copy').length === 10 && ids('other').length === 10);
    await fixture.service.stopJob('statement.other');
    await fixture.service.close();
    fixture.append('in.jsonl', rows(10, 15));
    fixture.open();
    await until('the job goes on', () => ids('copy').length === 15);
    assert.equal(fixture.state('statement.other'), 'SUSPENDED');
    assert.equal(new Set(ids('copy')).size, 15);
    await fixture.service.deleteJob('statement.copy');
    assert.equal(fixture.state('statement.copy'), undefined);
    assert.ok(!fs.existsSync(fixture.path('data/jobs/statement.copy')));
  });

  it('has its data directory for itself', () => {
    assert.throws(() => fixture.open(), code('JOB_LOCKED'));
  });

  it('refuses a job for which the memory does not suffice, with the figures', async () => {
    await fixture.service.close();
    const small = new ServiceFixture({
      settings: { 'state.memory': '16 mb', 'state.backend.type': 'memory' },
      roots: ['/'],
    });
    try {
      const much = "CREATE TABLE much (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '50000');";
      const counts = (name: string): string =>
        `CREATE TABLE ${name} (id BIGINT, n BIGINT) WITH ('connector' = 'blackhole');`;
      const sinks = sink('a') + counts('b') + counts('c') + sink('d');
      const idle = 'INSERT INTO a SELECT id FROM events;';
      await small.service.submit(`${events()}${much}${sinks}${idle}`);
      const count = 'SELECT id, COUNT(*) FROM much GROUP BY id;';
      await small.service.submit(`INSERT INTO b ${count} INSERT INTO c ${count}`);
      await until(
        'two jobs have state',
        () => small.service.jobs().filter(({ rowsIn }) => rowsIn > 150_000).length === 2,
      );
      const fourth = small.service.submit('INSERT INTO d SELECT id FROM events;');
      await assert.rejects(fourth, code('STATE_MEMORY', /is 16 MB: [23] busy jobs need up to 8 MB each/));
    } finally {
      await small.close();
    }
  });

  it('fails a job for good when a row cannot be read, and says why', async () => {
    fixture.append('in.jsonl', 'no json\n');
    await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`);
    await until('it fails', () => fixture.state('statement.copy') === 'FAILED');
    assert.equal(fixture.service.job('statement.copy')!.failure!.code, 'FORMAT_MALFORMED');
    assert.equal(fixture.service.health().status, 'degraded');
  });

  it('fails a job for good whose expression makes a text of 600 MB, and names the function', async () => {
    await submit(
      `${events()} CREATE TABLE long (t STRING) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('long')}', 'format' = 'json');
       INSERT INTO long SELECT REPLACE(REPEAT(k, 600000), 'k', REPEAT('y', 1000)) FROM events;`,
    );
    await until('the failure', () => fixture.state('statement.long') === 'FAILED');
    const { failure, restarts } = fixture.service.job('statement.long')!;
    assert.equal(failure!.code, 'EXPRESSION_TOO_LARGE');
    assert.match(failure!.message, /^REPLACE: a value of 600600000 characters or bytes is too long/);
    assert.equal(restarts, 0);
  });

  it('starts a job again whose input is not there yet', async () => {
    fs.rmSync(fixture.path('in.jsonl'));
    const settings = { 'restart-strategy.exponential-delay.initial-backoff': '50 ms' };
    await submit(`${events()}${sink('copy')} INSERT INTO copy SELECT id FROM events;`, settings);
    await until('it is tried again', () => (fixture.service.job('statement.copy')?.restarts ?? 0) > 1);
    assert.equal(fixture.state('statement.copy'), 'RESTARTING');
    fixture.write('in.jsonl', rows(0, 10));
    await until('it runs', () => ids('copy').length === 10);
  });

  it('opens again after it was closed', async () => {
    await fixture.service.close();
    const again = Service.open({
      dataDirectory: fixture.path('data'),
      patterns: null,
      demo: false,
      settings: {},
      batchRows: 10,
      log: { info() {}, warn() {}, error() {} },
      random: () => 0,
      print() {},
    });
    await again.close();
  });
});
