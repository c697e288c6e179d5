import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { postJson, send, startApp } from '../support/http-client.ts';
import { ServiceFixture } from '../support/service-fixture.ts';

/**
 * Submits SQL over HTTP to the real service, and checks what a submitter may not do in the text or
 * in the request.
 */
describe('SQL submitted over HTTP is restricted', () => {
  let fixture: ServiceFixture;
  let app: Awaited<ReturnType<typeof startApp>>;
  before(async () => {
    fixture = new ServiceFixture();
    app = await startApp(fixture.service);
  });
  after(async () => {
    await app.close();
    await fixture.close();
  });
  const submit = (sql: string, settings?: Record<string, string>) =>
    postJson(app.port, '/v1/statements', settings === undefined ? { sql } : { sql, settings });

  const table = (name: string, file: string) =>
    `CREATE TABLE ${name} (n INT) WITH ('connector' = 'filesystem', 'path' = '${file}', 'format' = 'json');`;

  for (const key of ['execution.checkpointing.dir', 'state.memory', 'execution.checkpointing.savepoint-dir']) {
    test(`${key} cannot be set in the request's settings or in the SQL text`, async () => {
      const value = key === 'state.memory' ? '10 gb' : '/tmp/evil';
      for (const answer of [
        await submit('SHOW TABLES', { [key]: value }),
        await submit(`SET '${key}' = '${value}'; SHOW TABLES`),
        await submit(`set "${key}" = '${value}'`),
        await submit(`SET ${key} = ${value}`),
        await submit('SHOW TABLES', { [`${key}'='x'; SET '${key}`]: value }),
      ]) {
        assert.equal(answer.status, 422, answer.text);
      }
    });
  }

  test('a setting of the service takes precedence over settings of the request', async () => {
    const answer = await submit("SET 'state.backend.type' = 'rocksdb'; SET", { 'state.backend.type': 'rocksdb' });
    assert.doesNotMatch(answer.text, /"state\.backend\.type","rocksdb"/);
  });

  test('files outside of the roots are neither read nor written', async () => {
    for (const file of ['/etc/passwd', '../../../etc/passwd', 'file:///etc/passwd', '/etc/pass\u0000wd']) {
      for (const sql of [
        `${table('t', file)} SELECT * FROM t`,
        `${table('t', file)} INSERT INTO t VALUES (1)`,
        table('t', file),
      ]) {
        const answer = await submit(sql);
        assert.equal(answer.status, 422, answer.text);
      }
    }
    assert.doesNotMatch((await submit('SHOW TABLES')).text, /"t"/);
  });

  test('a reference cannot read another environment variable than a secret, or a file outside the roots', async (t) => {
    process.env['SEQUITUR_SECRET_FILE'] = 'in.jsonl';
    process.env['SEQUITUR_TEST_HIDDEN'] = 'hidden.jsonl';
    t.after(() => {
      delete process.env['SEQUITUR_SECRET_FILE'];
      delete process.env['SEQUITUR_TEST_HIDDEN'];
    });
    for (const value of ['${env:SEQUITUR_TEST_HIDDEN}', '${env:PATH}', '${file:/etc/hostname}', '${file:../x}']) {
      const answer = await submit(table('t', value));
      assert.equal(answer.status, 422, answer.text);
      assert.match(answer.text, /table t, option 'path'/);
      assert.doesNotMatch(answer.text, /hidden\.jsonl/);
    }
    fixture.write('in.jsonl', '{"n":7}\n');
    const folder = fixture.path('in.jsonl').slice(0, -'in.jsonl'.length);
    const sql = `${table('referred', `${folder}\${env:SEQUITUR_SECRET_FILE}`)} SELECT n FROM referred`;
    const { statements } = (await submit(sql)).json() as { statements: { kind: string; id: string }[] };
    const { id } = statements.find((s) => s.kind === 'job')!;
    assert.match((await send(app.port, 'GET', `/v1/jobs/${id}/results`)).text, /"row":\{"n":7\}/);
    const { text } = await send(app.port, 'GET', `/v1/jobs/${id}`);
    assert.match(text, /\$\{env:SEQUITUR_SECRET_FILE\}/);
    assert.doesNotMatch(text, /in\.jsonl/);
  });

  test('a name of a job never becomes a path', async () => {
    fixture.write('in.jsonl', '{"n":1}\n');
    for (const [i, name] of ['../../evil', '..', '/tmp/evil', 'a\\..\\b', 'x'.repeat(400), '__proto__'].entries()) {
      const answer = await submit(
        `SET 'pipeline.name' = '${name}';
         CREATE TABLE source${i} (n INT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('in.jsonl')}', 'format' = 'json');
         CREATE TABLE sink${i} (n INT) WITH ('connector' = 'blackhole');
         INSERT INTO sink${i} SELECT n FROM source${i}`,
      );
      if (answer.status !== 200) continue;
      const { statements } = answer.json() as { statements: { kind: string; id?: string }[] };
      const id = statements.find((s) => s.kind === 'job')!.id!;
      assert.match(id, /^[A-Za-z0-9_.-]{1,128}$/);
      assert.doesNotMatch(id, /^\.+$/);
      assert.equal((await send(app.port, 'DELETE', `/v1/jobs/${id}`)).status, 204);
    }
    const around = fs.readdirSync(fixture.directory);
    assert.deepEqual(
      around.filter((file) => !['data', 'patterns', 'in.jsonl'].includes(file)),
      [],
    );
  });

  test('a text that is too long or nested too deeply is refused quickly, and the service keeps running', async () => {
    const startedAt = performance.now();
    for (const sql of [
      `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`,
      `SELECT ${'NOT '.repeat(20_000)}TRUE`,
      `SELECT ${'1+'.repeat(60_000)}1`,
      `SELECT '${'x'.repeat(900_000)}'`,
      '/*'.repeat(50_000),
      "'".repeat(50_001),
      `SELECT ${'CASE WHEN TRUE THEN '.repeat(3000)}1`,
      'SELECT * FROM ('.repeat(3000),
    ]) {
      const answer = await submit(sql);
      assert.equal(answer.status, 422, `${sql.slice(0, 30)}: ${answer.text.slice(0, 200)}`);
      assert.ok(answer.text.length < 100_000);
    }
    assert.ok(performance.now() - startedAt < 8_000);
    assert.equal((await send(app.port, 'GET', '/health')).status, 200);
  });

  test('each diagnostic has a line and a column', async () => {
    const answer = await submit('SHOW TABLES;\nSELECT x FROM nowhere');
    assert.equal(answer.status, 422);
    const { error, diagnostics } = answer.json() as {
      error: { code: string };
      diagnostics: { line: number; column: number }[];
    };
    assert.equal(error.code, 'SQL_UNKNOWN_TABLE');
    assert.deepEqual([diagnostics[0]!.line, diagnostics[0]!.column], [2, 15]);
  });
});
