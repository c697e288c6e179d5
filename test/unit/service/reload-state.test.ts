import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const sql = (sum: string): string => `
CREATE TABLE events (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = '../events.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE windows (start_at TIMESTAMP(3), n BIGINT, total BIGINT) WITH ('connector' = 'filesystem', 'path' = '../windows', 'format' = 'json');
INSERT INTO windows SELECT window_start, COUNT(*), ${sum}
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`;

/** Returns rows 100 ms apart, so each window has a hundred rows. */
function rows(from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) {
    const ts = new Date(Date.UTC(2026, 0, 1) + i * 100).toISOString().slice(0, 23).replace('T', ' ');
    text += `{"id":${i},"ts":"${ts}"}\n`;
  }
  return text;
}

it('a window that is open while its pattern is changed keeps its counts', async () => {
  const fixture = new ServiceFixture({ settings: { 'execution.checkpointing.interval': '100 ms' } });
  try {
    fixture.write('events.jsonl', rows(0, 250));
    fixture.write('patterns/w.sql', sql('SUM(id)'));
    await until('half of the third window', () => fixture.service.job('w.windows')?.rowsIn === 250);
    const started = fixture.service.job('w.windows')!.startedAt!;
    fixture.write('patterns/w.sql', sql('SUM(id) + 1000000'));
    await until('the new version', () => (fixture.service.job('w.windows')?.startedAt ?? 0) > started);
    fixture.append('events.jsonl', rows(250, 401));
    await until('four windows', () => fixture.lines('windows').length === 4);
    const windows = fixture.lines('windows').map((line) => JSON.parse(line) as { n: number; total: number });
    assert.deepEqual(
      windows.map((w) => w.n),
      [100, 100, 100, 100],
    );
    assert.deepEqual(
      windows.map((w) => w.total).sort((a, b) => a - b),
      [4950, 14950, 1024950, 1034950],
    );
  } finally {
    await fixture.close();
  }
});
