/**
 * Tests `sequitur.idle-advance` (ADR 0058): the watermark of a silent source follows the clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifest } from '../../../../src/engine/checkpoint/restore.ts';
import type { SourceSnapshot } from '../../../../src/engine/checkpoint/source-snapshot.ts';
import { SeededRandom } from '../../../fuzz/seeded-random.ts';
import { FakeSource } from '../../../support/fake-source.ts';
import { SourceBench } from '../../../support/source-bench.ts';

const table = (name: string, advance: string | null, timeout: string | null = null): string =>
  `CREATE TABLE ${name} (ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
   WITH ('connector' = 'filesystem', 'path' = '${name}', 'format' = 'json'${
     advance === null ? '' : `, 'sequitur.idle-advance' = '${advance}'`
   }${timeout === null ? '' : `, 'scan.watermark.idle-timeout' = '${timeout}'`});\n`;

/** Returns the counts of windows of ten seconds. */
const windows = (from: string): string => `SELECT COUNT(*) AS c FROM TABLE(
  TUMBLE(TABLE ${from}, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`;

/** Returns the second of each row after which no row comes for 20 seconds. */
const absences = (from: string): string => `SELECT at FROM ${from} MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.ts AS at PATTERN (A NOT FOLLOWED BY B) WITHIN INTERVAL '20' SECOND
  DEFINE A AS TRUE, B AS TRUE);`;

const BOTH = 'CREATE VIEW both AS SELECT * FROM a UNION ALL SELECT * FROM b;\n';
const seconds = (...of: number[]) => of.map((s) => s * 1000);
const following = (...of: number[]) => new FakeSource({ p0: seconds(...of) }, { ends: false });

test('a window fires when the whole stream is silent', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s') + windows('a'), { a: following(1, 4) });
  // The watermark is at 4 s until the silence has lasted 5 s, and reaches 10 s after 6 s more.
  await bench.clock.advance(10_900);
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(300);
  assert.deepEqual(bench.values, [2]);
});

test('without the option it does not fire', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', null, '1 s') + windows('a'), { a: following(1, 4) });
  await bench.clock.advance(600_000);
  assert.deepEqual(bench.values, []);
});

test('an absence fires when the whole stream is silent', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s') + absences('a'), { a: following(1, 4) });
  await bench.clock.advance(24_900);
  assert.deepEqual(bench.seconds, []);
  await bench.clock.advance(300);
  assert.deepEqual(bench.seconds, [4]);
});

test('rows that come after their time are late; rows after the advanced watermark count', async () => {
  await using bench = new SourceBench();
  const a = following(1, 4);
  const job = await bench.start(table('a', '5 s') + windows('a'), { a });
  await bench.clock.advance(12_000);
  assert.deepEqual(bench.values, [2]);
  a.split('p0').add(...seconds(8, 12));
  a.wake();
  await bench.clock.advance(1_000);
  assert.equal(job.metrics().lateRows, 1);
  a.split('p0').add(...seconds(25));
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [2, 1], 'the watermark followed the rows');
});

test('each row begins a new silence', async () => {
  await using bench = new SourceBench();
  const a = following(1);
  await bench.start(table('a', '5 s') + windows('a'), { a });
  for (let second = 2; second < 6; second++) {
    await bench.clock.advance(4_000);
    a.split('p0').add(...seconds(second));
    a.wake();
    await bench.clock.advance(0);
  }
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(10_200);
  assert.deepEqual(bench.values, [5]);
});

test('a silent split does not hold up the others; when all are silent, time follows the clock', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ quiet: seconds(1), busy: seconds(2) }, { ends: false });
  await bench.start(table('a', '5 s') + windows('a'), { a });
  for (let second = 3; second < 14; second++) {
    await bench.clock.advance(1_000);
    if (second === 7) assert.deepEqual(bench.values, [], 'the quiet split holds the watermark at 1 s');
    a.split('busy').add(...seconds(second));
    a.wake();
    await bench.clock.advance(0);
  }
  assert.deepEqual(bench.values, [9]);
  await bench.clock.advance(12_200);
  assert.deepEqual(bench.values, [9, 4]);
});

test('rows that wait behind a silent split come before the clock moves the watermark', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ quiet: seconds(1), busy: seconds(2, 3, 4, 12) }, { ends: false });
  const job = await bench.start(table('a', '5 s') + windows('a'), { a });
  await bench.clock.advance(13_000);
  assert.deepEqual(bench.values, [4]);
  await bench.clock.advance(5_500);
  assert.deepEqual(bench.values, [4, 1]);
  assert.equal(job.metrics().lateRows, 0);
});

test('a silent source is idle, so it does not hold up another one', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s') + table('b', null) + BOTH + windows('both'), {
    a: following(1),
    b: following(1, 5, 12, 25),
  });
  await bench.clock.advance(4_900);
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(200);
  assert.deepEqual(bench.values, [3, 1]);
});

test('a silent source that is never idle lets another one go on as far as the clock went', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s', '0 s') + table('b', null) + BOTH + windows('both'), {
    a: following(1),
    b: following(1, 5, 12, 25),
  });
  await bench.clock.advance(13_500);
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(1_000);
  assert.deepEqual(bench.values, [3]);
  await bench.clock.advance(10_000);
  assert.deepEqual(bench.values, [3, 1]);
});

test('when all sources are silent, the one that is ahead moves the watermark', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s') + table('b', '5 s') + BOTH + windows('both'), {
    a: following(1),
    b: following(1, 5, 12),
  });
  await bench.clock.advance(18_300);
  assert.deepEqual(bench.values, [3, 1]);
});

test('a source that has never had a row has no time that could advance', async () => {
  await using bench = new SourceBench();
  const a = following();
  await bench.start(table('a', '5 s') + windows('a'), { a });
  await bench.clock.advance(60_000);
  a.split('p0').add(...seconds(1, 2, 11));
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [2]);
});

test('a growing source whose splits have all ended is silent', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1, 4) }, { ends: true, growing: true });
  const job = await bench.start(table('a', '5 s') + windows('a'), { a });
  await bench.clock.advance(11_200);
  assert.deepEqual(bench.values, [2]);
  a.addSplit('p1', seconds(3, 15, 21), true);
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [2, 1]);
  assert.equal(job.metrics().lateRows, 1);
});

test('a read in progress stops the advance, since it may find rows', async () => {
  await using bench = new SourceBench();
  const a = following(1, 4);
  const split = a.split('p0');
  const poll = split.poll.bind(split);
  let asked = 0;
  let answer: () => void = () => {};
  split.poll = ((maxRows: number) => {
    if (++asked !== 3) return poll(maxRows);
    return new Promise<void>((resolve) => {
      answer = resolve;
    }).then(() => poll(maxRows));
  }) as typeof split.poll;
  const job = await bench.start(table('a', '5 s') + windows('a'), { a });
  a.wake();
  await bench.clock.advance(60_000);
  assert.deepEqual(bench.values, []);
  split.add(...seconds(9, 10));
  answer();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [3]);
  assert.equal(job.metrics().lateRows, 0);
});

test('a checkpoint keeps the watermark and the silence; the time between stop and start is not part of it', async () => {
  await using bench = new SourceBench();
  await bench.start(table('a', '5 s') + windows('a'), { a: following(1, 4) });
  await bench.clock.advance(8_050);
  await bench.stop();
  const { sources } = await readManifest(bench.storage, 1);
  const { watermark, silence, splits } = Object.values(sources)[0] as SourceSnapshot;
  assert.equal(watermark, 7_000);
  assert.equal(splits['p0']!.watermark, 7_000);
  assert.equal(silence?.watermark, 4_000);
  assert.ok(silence.ms >= 8_000 && silence.ms < 8_200, `${silence.ms}`);
  await bench.clock.advance(3_600_000);
  await bench.start(table('a', '5 s') + windows('a'), { a: following(1, 4) });
  await bench.clock.advance(2_700);
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(500);
  assert.deepEqual(bench.values, [2]);
});

/**
 * Rows that come after a pause, in milliseconds. The pauses avoid the moments at which a window
 * fires.
 */
interface Arrival {
  readonly pauseMs: number;
  readonly second: number;
}

async function output(arrivals: readonly Arrival[], stopAfter: ReadonlySet<number>): Promise<unknown> {
  await using bench = new SourceBench();
  const script: number[] = [];
  const text = table('a', '3 s') + windows('a');
  let a = following();
  await bench.start(text, { a });
  let late = 0;
  for (const [i, { pauseMs, second }] of arrivals.entries()) {
    await bench.clock.advance(pauseMs / 2);
    if (stopAfter.has(i)) {
      await bench.stop();
      a = new FakeSource({ p0: script }, { ends: false });
      await bench.start(text, { a });
    }
    await bench.clock.advance(pauseMs / 2);
    script.push(second * 1000);
    a.split('p0').add(second * 1000);
    a.wake();
    await bench.clock.advance(0);
  }
  late = bench.job!.metrics().lateRows;
  return { values: bench.values, late };
}

test('a job that is stopped and restored in a silence gives the rows of an undisturbed one', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new SeededRandom(seed);
    let clock = 0;
    const arrivals = Array.from({ length: 12 }, (): Arrival => {
      const pauseMs = 1000 * (1 + random.below(14)) + 500;
      clock += pauseMs / 1000;
      return { pauseMs, second: Math.max(1, Math.floor(clock) - random.below(8)) };
    });
    const stops = new Set(arrivals.flatMap((_, i) => (random.below(3) === 0 ? [i] : [])));
    assert.deepEqual(await output(arrivals, stops), await output(arrivals, new Set()), `seed ${seed}`);
  }
});
