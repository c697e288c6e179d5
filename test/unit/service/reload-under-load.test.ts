/**
 * Changes the threshold of a pattern repeatedly while rows arrive. `RELOADS=100` sets the number of
 * changes. One undisturbed run computes the expected output afterwards: the last checkpoint of each
 * version says up to which time it tested rows, and the undisturbed query reads the threshold from
 * the row.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../../src/engine/checkpoint/manifest.ts';
import type { MatchSnapshot } from '../../../src/engine/match/match-snapshot.ts';
import { at, ReloadBench } from '../../support/reload-bench.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const RELOADS = Number(process.env['RELOADS'] ?? 5);
const KEYS = 300;
const ROWS_PER_STEP = 150;
const DELAY = 3;

const thresholdOf = (version: number): number => 10 + ((version * 7) % 23);

const pattern = (threshold: string, table: string, sink: string): string => `
CREATE TABLE events (k STRING, v BIGINT, threshold BIGINT, n BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '${DELAY}' SECOND)
  WITH (${table});
CREATE TABLE alerts (k STRING, a BIGINT, b BIGINT, c BIGINT) WITH ('connector' = 'filesystem', 'path' = '${sink}', 'format' = 'json');
INSERT INTO alerts SELECT * FROM events MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES A.n AS a, LAST(B.n) AS b, C.n AS c
  ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A FOLLOWED BY B{2} FOLLOWED BY C) WITHIN INTERVAL '40' MINUTE
  DEFINE A AS v > ${threshold}, B AS v < ${threshold} AND v <> A.v, C AS v > ${threshold} + 20);`;

interface Row {
  readonly k: string;
  readonly v: number;
  readonly n: number;
  /** Seconds. */
  readonly time: number;
}

/** The rows are out of order by less than the delay of the watermark. */
function rowAt(n: number): Row {
  const random = (Math.imul(n + 1, 2654435761) ^ Math.imul(n + 7, 40503)) >>> 0;
  return { k: `k${random % KEYS}`, v: (random >>> 9) % 60, n, time: Math.floor(n / 10) + ((random >>> 17) % DELAY) };
}

const lineOf = ({ k, v, n, time }: Row, threshold: number): string =>
  `${JSON.stringify({ k, v, threshold, n, ts: at(time) })}\n`;

it(`loses and doubles no match in ${RELOADS} reloads under load`, { timeout: 60_000 + RELOADS * 3000 }, async () => {
  const fixture = new ServiceFixture({
    settings: { 'execution.checkpointing.interval': '150 ms', 'execution.checkpointing.num-retained': '100000' },
  });
  try {
    const rows: Row[] = [];
    const feed = (): void => {
      const more = Array.from({ length: ROWS_PER_STEP }, (_, i) => rowAt(rows.length + i));
      rows.push(...more);
      fixture.append('events.jsonl', more.map((row) => lineOf(row, 0)).join(''));
    };
    const table = `'connector' = 'filesystem', 'path' = '../events.jsonl', 'format' = 'json', 'source.monitor-interval' = '5 ms'`;
    const reload = (version: number): void =>
      fixture.write('patterns/p.sql', pattern(String(thresholdOf(version)), table, '../alerts'));
    feed();
    reload(0);
    await until('the job', () => fixture.service.job('p.alerts')?.state === 'RUNNING');
    let kept = 0;
    for (let version = 1; version <= RELOADS; version++) {
      const before = fixture.service.job('p.alerts')!.createdAt;
      for (let step = 0; step < 5; step++) {
        feed();
        await sleep(20);
      }
      reload(version);
      while (
        (fixture.service.job('p.alerts')?.createdAt ?? before) === before ||
        fixture.state('p.alerts') !== 'RUNNING'
      ) {
        feed();
        await sleep(20);
      }
      const [operator, ...more] = fixture.service.job('p.alerts')!.reload!.operators;
      assert.equal(more.length, 0);
      assert.equal(operator!.outcome, 'carried');
      assert.deepEqual(operator!.dropped, []);
      kept += operator!.kept!.partialMatches;
    }
    fixture.append('events.jsonl', lineOf({ k: 'end', v: 0, n: -1, time: rows.length }, 0));
    await until('all rows', () => fixture.service.job('p.alerts')?.rowsIn === rows.length + 1, 30_000);
    await until(
      'the last',
      () => (fixture.service.job('p.alerts')?.watermark ?? 0) >= Date.UTC(2026, 0, 1) + rows.at(-1)!.time * 1000,
    );
    await fixture.service.stopJob('p.alerts');

    const expected = await undisturbed(rows, versionEnds(fixture.path('data/jobs/p.alerts/manifests')));
    const found = fixture.lines('alerts').sort();
    assert.equal(found.length, expected.length);
    assert.deepEqual(found, expected);
    assert.ok(kept > RELOADS * 20, `${kept} partial matches were kept`);
    assert.ok(found.length > RELOADS, `${found.length} matches`);
  } finally {
    await fixture.close();
  }
});

/**
 * Returns for each version, in order, its threshold and the time in milliseconds up to which it
 * tested rows.
 */
function versionEnds(directory: string): readonly { readonly threshold: number; readonly end: number }[] {
  const ends: { threshold: number; end: number }[] = [];
  for (const name of fs.readdirSync(directory).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const manifest = JSON.parse(fs.readFileSync(`${directory}/${name}`, 'utf8').split('\n')[0]!) as Manifest;
    const { plan } = manifest;
    const match = plan.nodes.find(({ kind }) => kind === 'match')!;
    const threshold = Number(/"value":"?(\d+)/.exec(JSON.stringify(match))![1]);
    const end = Number((manifest.state.subtasks[0]!.snapshots[match.name] as MatchSnapshot).watermark);
    if (ends.at(-1)?.threshold === threshold) ends[ends.length - 1] = { threshold, end };
    else ends.push({ threshold, end });
  }
  return ends;
}

async function undisturbed(
  rows: readonly Row[],
  ends: readonly { readonly threshold: number; readonly end: number }[],
): Promise<string[]> {
  assert.deepEqual(
    ends.map(({ threshold }) => threshold),
    Array.from({ length: RELOADS + 1 }, (_, version) => thresholdOf(version)),
  );
  using bench = new ReloadBench();
  fs.writeFileSync(
    `${bench.directory}/all.jsonl`,
    rows
      .map((row) => {
        const time = Date.UTC(2026, 0, 1) + row.time * 1000;
        const version = ends.find(({ end }) => time <= end) ?? ends.at(-1)!;
        return lineOf(row, version.threshold);
      })
      .join(''),
  );
  const table = `'connector' = 'filesystem', 'path' = 'all.jsonl', 'format' = 'json'`;
  const job = await bench.open(pattern('threshold', table, 'out'));
  await job.run();
  return bench.lines().sort();
}
