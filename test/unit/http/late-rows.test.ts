/** Tests LATE ROWS INTO in a job that was submitted over HTTP, also after a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postJson, send, startApp } from '../../support/http-client.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const row = (id: number, second: number): string =>
  `${JSON.stringify({ id, ts: `2026-01-01 10:00:${String(second).padStart(2, '0')}` })}\n`;

interface Job {
  readonly state: string;
  readonly rowsIn: number;
  readonly lateRows: number;
}

test('late rows of a submitted job are counted and written once, also after a restart', async (t) => {
  const fixture = new ServiceFixture();
  t.after(() => fixture.close());
  fixture.write('in/a.jsonl', row(1, 1) + row(2, 25) + row(3, 2));
  const table = (name: string, columns: string, path: string, more = ''): string =>
    `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${fixture.path(path)}', 'format' = 'json'${more});`;
  const sql = `${table('t', 'id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts', 'in', ", 'source.monitor-interval' = '20 ms'")}
    ${table('counted', 'until TIMESTAMP(3), n BIGINT', 'counted')} ${table('late', 'id INT, ts TIMESTAMP(3)', 'late')}
    INSERT INTO counted SELECT window_end, COUNT(*)
    FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end
    LATE ROWS INTO late;`;

  const late = (): unknown[] => fixture.lines('late').map((line) => (JSON.parse(line) as { id: number }).id);
  let id = '';
  {
    await using app = await startApp(fixture.service);
    const created = await postJson(app.port, '/v1/statements', { sql });
    assert.equal(created.status, 200, created.text);
    const { statements } = created.json() as { statements: { kind: string; id: string }[] };
    id = statements.find(({ kind }) => kind === 'job')!.id;
    await until('the late row', () => late().length === 1);
    await until('its count', () => fixture.service.job(id)?.lateRows === 1);
    const job = (await send(app.port, 'GET', `/v1/jobs/${id}`)).json() as Job;
    assert.deepEqual([job.state, job.rowsIn, job.lateRows], ['RUNNING', 3, 1]);
    await fixture.service.close();
  }

  // Row 4 is late because of the watermark before the restart.
  fixture.append('in/a.jsonl', row(4, 3) + row(5, 26) + row(6, 45));
  fixture.open();
  await using app = await startApp(fixture.service);
  await until('the rows after the restart', () => late().length === 2 && fixture.lines('counted').length === 2);
  await until('the count of both', () => fixture.service.job(id)?.lateRows === 2);
  const job = (await send(app.port, 'GET', `/v1/jobs/${id}`)).json() as Job;
  assert.deepEqual([job.state, job.lateRows], ['RUNNING', 2]);
  assert.deepEqual(late().toSorted(), [3, 4]);
  assert.deepEqual(
    fixture.lines('counted').map((line) => JSON.parse(line)),
    [
      { until: '2026-01-01 10:00:10', n: 1 },
      { until: '2026-01-01 10:00:30', n: 2 },
    ],
  );
});
