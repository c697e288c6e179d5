/**
 * Tests that a job of the demo goes on after a round: it starts with empty state, and its event
 * times stay near the clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

test('a job of the demo plays one round after the other', { timeout: 60_000 }, async (t) => {
  const fixture = new ServiceFixture({ demo: true });
  t.after(() => fixture.close());
  const startedAt = Date.now();
  fixture.write(
    'patterns/p/input/t.jsonl',
    '{"id":1,"ts":"2020-01-01 00:00:00"}\n{"id":2,"ts":"2020-02-01 00:00:00"}\n',
  );
  fixture.write(
    'patterns/p/pattern.sql',
    `CREATE TABLE t (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
     CREATE TABLE o (until TIMESTAMP(3), n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');
     INSERT INTO o SELECT window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;`,
  );
  const rows = (): { until: string; n: number }[] =>
    fixture.service.recentRows({ limit: 100 }).rows.map(({ line }) => (JSON.parse(line) as { row: never }).row);
  await until('the rows of two rounds', () => rows().length >= 4, 50_000);
  assert.equal(fixture.state('p.o'), 'RUNNING');
  assert.equal(fixture.service.job('p.o')!.restarts, 0);
  const found = rows().slice(0, 4);
  assert.deepEqual(
    found.map(({ n }) => n),
    [1, 1, 1, 1],
  );
  const times = found.map((row) => Date.parse(`${row.until.replace(' ', 'T')}Z`));
  assert.ok(times[2]! < times[1]!, 'the second round begins before the end of the first one');
  for (const time of times) {
    assert.ok(time < Date.now() + 3_600_000, 'no time is later than the clock, but for the end of its window');
    assert.ok(time > startedAt - 40 * 86_400_000, 'a round has the length of one pass');
  }
});
