import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { EngineError } from '../../../src/core/engine-error.ts';
import { FakeService, fakeJob, fakePattern, fakeRow } from '../../support/fake-service.ts';
import { postJson, send, startApp } from '../../support/http-client.ts';

const DIAGNOSTIC = {
  code: 'SQL_UNKNOWN_COLUMN',
  severity: 'error',
  message: 'no column `usr`',
  file: 'statement',
  line: 1,
  column: 8,
  endLine: 1,
  endColumn: 11,
  hint: 'did you mean `user`?',
} as const;

function filledService(): FakeService {
  const service = new FakeService();
  service.list.push(fakeJob('alerts.logins'), fakeJob('second', { watermark: null, metrics: null, startedAt: null }));
  service.patternList.push(
    fakePattern('good'),
    fakePattern('bad', { state: 'broken', diagnostics: [DIAGNOSTIC], problem: 'it does not compile' }),
  );
  for (let i = 1; i <= 5; i++) service.rows.push(fakeRow(i, { n: i }));
  return service;
}

describe('the HTTP API', () => {
  test('answers have the form that the OpenAPI document gives them', async () => {
    const service = filledService();
    service.answer = {
      statements: [
        { kind: 'job', id: 'a', origin: 'insert' },
        { kind: 'rows', columns: ['table name'], rows: [['t']] },
        { kind: 'definition', action: 'create', object: 'table', name: 't' },
        { kind: 'set', key: 'a.b' },
      ],
      warnings: [{ ...DIAGNOSTIC, severity: 'warning' }],
    };
    await using app = await startApp(service);
    const api = (await send(app.port, 'GET', '/openapi.json')).json() as OpenApi;
    const ajv = new Ajv({ strict: false });
    const requests: [string, string, string, unknown?][] = [
      ['get', '/v1/jobs', '/v1/jobs'],
      ['get', '/v1/jobs/{id}', '/v1/jobs/alerts.logins'],
      ['get', '/v1/jobs/{id}', '/v1/jobs/second'],
      ['get', '/v1/jobs/{id}', '/v1/jobs/none'],
      ['get', '/v1/jobs/{id}/open-matches', '/v1/jobs/second/open-matches?key=a&key=b'],
      ['get', '/v1/rows', '/v1/rows'],
      ['get', '/v1/patterns', '/v1/patterns'],
      ['get', '/health', '/health'],
      ['post', '/v1/statements', '/v1/statements', { sql: 'SELECT 1', settings: { 'a.b': 'c' } }],
      ['post', '/v1/statements', '/v1/statements', { sql: 1 }],
      ['post', '/v1/jobs/{id}/stop', '/v1/jobs/second/stop'],
      ['post', '/v1/jobs/{id}/start', '/v1/jobs/second/start'],
      ['post', '/v1/jobs/{id}/start', '/v1/jobs/second/start', { savepoint: 's1' }],
      ['post', '/v1/jobs/{id}/savepoints', '/v1/jobs/second/savepoints'],
      ['post', '/v1/jobs/{id}/savepoints', '/v1/jobs/second/savepoints', { name: 'x', stop: true, drain: true }],
      ['post', '/v1/jobs/{id}/savepoints', '/v1/jobs/second/savepoints', { names: 'x' }],
      ['get', '/v1/jobs/{id}/savepoints', '/v1/jobs/second/savepoints'],
      ['get', '/v1/jobs/{id}/savepoints/{name}', '/v1/jobs/second/savepoints/s1'],
      ['get', '/v1/jobs/{id}/savepoints/{name}', '/v1/jobs/second/savepoints/none'],
    ];
    for (const [method, route, path, body] of requests) {
      const answer =
        body === undefined ? await send(app.port, method.toUpperCase(), path) : await postJson(app.port, path, body);
      const schema = api.paths[route]?.[method]?.responses[answer.status]?.content['application/json'].schema;
      assert.ok(schema, `${method} ${route} has no ${answer.status}`);
      const check = ajv.compile(schema);
      assert.ok(check(answer.json()), `${method} ${path}: ${ajv.errorsText(check.errors)}\n${answer.text}`);
    }
  });

  test('passes SQL and settings on', async () => {
    const service = filledService();
    await using app = await startApp(service);
    const answer = await postJson(app.port, '/v1/statements', { sql: 'SHOW JOBS', settings: { a: 'b' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(service.asked, ['submit SHOW JOBS {"settings":{"a":"b"}}']);
  });

  test('mistakes in SQL come back with their places', async () => {
    const service = filledService();
    service.answer = new EngineError('SQL_UNKNOWN_COLUMN', 'the text has 1 mistake', { diagnostics: [DIAGNOSTIC] });
    await using app = await startApp(service);
    const answer = await postJson(app.port, '/v1/statements', { sql: 'SELECT usr FROM t' });
    assert.equal(answer.status, 422);
    assert.deepEqual(answer.json(), {
      error: { code: 'SQL_UNKNOWN_COLUMN', message: 'the text has 1 mistake' },
      diagnostics: [DIAGNOSTIC],
    });
  });

  test('an unexpected error is reported without its text', async () => {
    const service = filledService();
    service.answer = new Error('secret path /srv/x');
    await using app = await startApp(service);
    const answer = await postJson(app.port, '/v1/statements', { sql: 'SELECT 1' });
    assert.equal(answer.status, 500);
    assert.match(answer.text, /"code":"HTTP_INTERNAL"/);
    assert.doesNotMatch(answer.text, /secret|at .*\.ts/);
  });

  test('stops, starts and deletes jobs that exist', async () => {
    const service = filledService();
    await using app = await startApp(service);
    assert.equal((await send(app.port, 'POST', '/v1/jobs/second/stop')).status, 200);
    assert.equal((await send(app.port, 'POST', '/v1/jobs/second/start')).status, 200);
    assert.equal((await send(app.port, 'DELETE', '/v1/jobs/second')).status, 204);
    assert.equal((await send(app.port, 'DELETE', '/v1/jobs/second')).status, 404);
    assert.deepEqual(service.asked, ['stop second', 'start second', 'delete second']);
  });

  test('takes, finds and deletes savepoints, and starts from one', async () => {
    const service = filledService();
    await using app = await startApp(service);
    const begun = await postJson(app.port, '/v1/jobs/second/savepoints', { name: 'x', stop: true });
    assert.equal(begun.status, 202);
    assert.equal(begun.headers['location'], '/v1/jobs/second/savepoints/x');
    assert.equal((await send(app.port, 'DELETE', '/v1/jobs/second/savepoints/x')).status, 204);
    assert.equal((await postJson(app.port, '/v1/jobs/second/start', { savepoint: 's1' })).status, 200);
    assert.equal((await send(app.port, 'POST', '/v1/jobs/none/savepoints')).status, 404);
    assert.deepEqual(service.asked, [
      'savepoint second {"name":"x","stop":true}',
      'delete savepoint second x',
      'start second from s1',
    ]);
  });

  test('rows come after a sequence number, with every digit', async () => {
    const service = filledService();
    service.rows.push(fakeRow(6, {}, { line: '{"op":"-U","row":{"n":9007199254740993}}' }));
    await using app = await startApp(service);
    const answer = await send(app.port, 'GET', '/v1/rows?after=4');
    assert.equal(
      answer.text,
      '{"latest":6,"rows":[{"sequence":5,"at":1700000005000,"job":"job","sink":"alerts","op":"+I","row":{"n":5}},' +
        '{"sequence":6,"at":1700000006000,"job":"job","sink":"alerts","op":"-U","row":{"n":9007199254740993}}]}',
    );
    assert.equal((await send(app.port, 'GET', '/v1/rows?after=-1')).status, 400);
    assert.equal((await send(app.port, 'GET', '/v1/rows?after=9007199254740991')).text, '{"latest":6,"rows":[]}');
    assert.equal((await send(app.port, 'GET', '/v1/rows?after=99')).text, '{"latest":6,"rows":[]}');
    assert.equal(((await send(app.port, 'GET', '/v1/rows?limit=2')).json() as { rows: unknown[] }).rows.length, 2);
  });

  test('rows of one job, of each sink and with a text are selected before they are limited', async () => {
    const service = new FakeService();
    service.rows.push(fakeRow(1, { card: '4711' }, { job: 'alerts' }));
    for (let i = 2; i <= 300; i++) service.rows.push(fakeRow(i, { i }, { job: 'chatty' }));
    await using app = await startApp(service);
    const found = async (query: string): Promise<number[]> => {
      const { rows } = (await send(app.port, 'GET', `/v1/rows?${query}`)).json() as { rows: { sequence: number }[] };
      return rows.map(({ sequence }) => sequence);
    };
    assert.deepEqual(await found('job=alerts'), [1]);
    assert.deepEqual(await found('perSink=2'), [1, 299, 300]);
    assert.deepEqual(await found('contains=4711&limit=1'), [1]);
    assert.equal((await send(app.port, 'GET', '/v1/rows?updates=no')).status, 400);
  });

  test('metrics have Flink names, a series per job', async () => {
    const service = filledService();
    await using app = await startApp(service);
    const { text, headers } = await send(app.port, 'GET', '/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    for (const line of [
      'sequitur_job_numRecordsIn{job="alerts.logins"} 1000',
      'sequitur_job_numLateRecordsDropped{job="alerts.logins"} 2',
      'sequitur_job_numberOfCompletedCheckpoints{job="alerts.logins"} 4',
      'sequitur_job_currentOutputWatermark{job="alerts.logins"} 1700000050000',
      'sequitur_operator_numRecordsOut{job="alerts.logins",operator="match-1"} 7',
      'sequitur_operator_partialMatches{job="alerts.logins",operator="match-1"} 5',
      'sequitur_service_jobs{state="RUNNING"} 2',
      'sequitur_service_brokenPatterns 1',
      '# TYPE sequitur_job_numRecordsIn counter',
    ]) {
      assert.ok(text.includes(`${line}\n`), `no ${line} in\n${text.slice(0, 4000)}`);
    }
    assert.doesNotMatch(text, /currentOutputWatermark\{job="second"/);
    service.list.length = 0;
    assert.doesNotMatch((await send(app.port, 'GET', '/metrics')).text, /alerts\.logins/);
  });

  test('an unknown path is told as JSON', async () => {
    await using app = await startApp(new FakeService());
    const answer = await send(app.port, 'GET', '/v2/nothing?x=1');
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.json(), { error: { code: 'HTTP_NOT_FOUND', message: 'there is no GET /v2/nothing' } });
  });

  test('the page and its files are served', async () => {
    await using app = await startApp(new FakeService());
    const page = await send(app.port, 'GET', '/');
    assert.equal(page.status, 200);
    assert.match(String(page.headers['content-type']), /^text\/html/);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(files.length >= 3);
    for (const file of files) assert.equal((await send(app.port, 'GET', `/${file}`)).status, 200, file);
  });
});

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content: { 'application/json': { schema: object } } }> }>
  >;
}
