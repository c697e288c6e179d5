import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postJson, send, startApp } from '../../support/http-client.ts';
import { ServiceFixture } from '../../support/service-fixture.ts';

test('SQL goes in, rows come out, the job can be looked at and deleted', async (t) => {
  const fixture = new ServiceFixture();
  const app = await startApp(fixture.service);
  t.after(async () => {
    await app.close();
    await fixture.close();
  });
  fixture.write('in.jsonl', '{"n":1}\n{"n":9007199254740993}\n{"n":-3}\n');
  const created = await postJson(app.port, '/v1/statements', {
    sql: `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('in.jsonl')}', 'format' = 'json');
          SELECT n, n > 0 AS positive FROM numbers;`,
  });
  assert.equal(created.status, 200, created.text);
  const { statements } = created.json() as { statements: { kind: string; id: string }[] };
  const { id } = statements.find((s) => s.kind === 'job')!;

  const { text } = await send(app.port, 'GET', `/v1/jobs/${id}/results`);
  const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'));
  assert.deepEqual(
    events.filter((event) => event.startsWith('event: row')),
    ['{"n":1,"positive":true}', '{"n":9007199254740993,"positive":true}', '{"n":-3,"positive":false}'].map(
      (row) => `event: row\ndata: {"sink":"result","op":"+I","row":${row}}`,
    ),
  );
  assert.equal(events.at(-1), 'event: end\ndata: {"state":"FINISHED"}');

  const job = (await send(app.port, 'GET', `/v1/jobs/${id}`)).json() as {
    state: string;
    rowsIn: number;
    explain: string;
  };
  assert.equal(job.state, 'FINISHED');
  assert.match(job.explain, /numbers/);
  assert.match(
    (await send(app.port, 'GET', '/metrics')).text,
    new RegExp(`sequitur_job_numRecordsIn\\{job="${id}"\\} 3`),
  );
  assert.equal((await send(app.port, 'DELETE', `/v1/jobs/${id}`)).status, 204);
  assert.equal((await send(app.port, 'GET', `/v1/jobs/${id}`)).status, 404);
});
