/**
 * Tests sources with several splits: their order, idleness, growth, and their part of a checkpoint.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifest } from '../../../../src/engine/checkpoint/restore.ts';
import type { SourceSnapshot } from '../../../../src/engine/checkpoint/source-snapshot.ts';
import { FakeSource } from '../../../support/fake-source.ts';
import { SourceBench } from '../../../support/source-bench.ts';

const table = (name: string, idleTimeout: string | null = '10 s', watermark = true): string =>
  `CREATE TABLE ${name} (ts TIMESTAMP(3)${watermark ? ', WATERMARK FOR ts AS ts' : ''})
   WITH ('connector' = 'filesystem', 'path' = '${name}', 'format' = 'json'${idleTimeout === null ? '' : `, 'scan.watermark.idle-timeout' = '${idleTimeout}'`});\n`;
const rows = (from: string): string => `SELECT ts FROM ${from};`;
/** Returns the counts of windows of ten seconds. */
const windows = (from: string): string => `SELECT COUNT(*) AS c FROM TABLE(
  TUMBLE(TABLE ${from}, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`;
const BOTH = 'CREATE VIEW both AS SELECT * FROM a UNION ALL SELECT * FROM b;\n';

const seconds = (...of: (number | 'idle')[]) => of.map((s) => (s === 'idle' ? s : s * 1000));

for (const batchRows of [1, 3, 100]) {
  test(`the split with the lowest watermark goes next, ties in their order, in batches of ${batchRows}`, async () => {
    await using bench = new SourceBench();
    const a = new FakeSource({ p0: seconds(1, 4, 5), p1: seconds(2, 3, 9) }, { ends: true });
    const b = new FakeSource({ p0: seconds(2, 6, 7) }, { ends: true });
    await bench.start(table('a') + table('b') + BOTH + rows('both'), { a, b }, batchRows);
    // Each split sends rows until its watermark passes that of the others.
    assert.deepEqual(bench.seconds, [1, 2, 2, 4, 3, 6, 9, 5, 7]);
  });
}

test('rows of a split are late by the lowest watermark of all splits only', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1, 12, 40), p1: seconds(2, 9, 15, 41) }, { ends: true });
  const job = await bench.start(table('a') + windows('a'), { a });
  assert.deepEqual(bench.values, [3, 2, 2]);
  assert.equal(job.metrics().lateRows, 0);
});

test('an idle source does not hold the other one', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1) }, { ends: false });
  const b = new FakeSource({ p0: seconds(1, 5, 12, 25) }, { ends: false });
  await bench.start(table('a') + table('b', null) + BOTH + windows('both'), { a, b });
  await bench.clock.advance(9_000);
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(2_000);
  assert.deepEqual(bench.values, [3, 1]);
});

test('without an idle time-out a source always holds the other one', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1) }, { ends: false });
  const b = new FakeSource({ p0: seconds(1, 5, 12, 25) }, { ends: false });
  await bench.start(table('a', null) + table('b', null) + BOTH + windows('both'), { a, b });
  await bench.clock.advance(60_000);
  assert.deepEqual(bench.values, []);
});

test('an idle source does not move its own windows', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1) }, { ends: false });
  const b = new FakeSource({ p0: seconds(1, 5, 12, 25) }, { ends: false });
  const counts = (from: string) => `SELECT COUNT(*) AS c FROM TABLE(
    TUMBLE(TABLE ${from}, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end`;
  await bench.start(`${table('a')}${table('b', null)}${counts('a')} UNION ALL ${counts('b')};`, { a, b });
  await bench.clock.advance(20_000);
  assert.deepEqual(bench.values, [2, 1], 'only those of b');
});

test('a split without new rows does not hold the others of its source', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ quiet: seconds(1), busy: seconds(1, 5, 12, 25) }, { ends: false });
  const job = await bench.start(table('a') + windows('a'), { a });
  assert.deepEqual(bench.values, []);
  await bench.clock.advance(11_000);
  assert.deepEqual(bench.values, [3, 1]);
  const scan = job.metrics().operators[0]! as Record<string, unknown>;
  assert.equal(scan['splits'], 2);
  assert.equal(scan['idleSplits'], 1);
  assert.deepEqual(scan['splitWatermark'], { quiet: 1000, busy: 25_000 });
});

test('an idle split that has rows again holds the others again, and time never goes back', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1), p1: seconds(1, 12) }, { ends: false });
  const job = await bench.start(table('a') + windows('a'), { a });
  await bench.clock.advance(11_000);
  assert.deepEqual(bench.values, [2]);
  a.split('p0').add(...seconds(13));
  a.split('p1').add(...seconds(14, 31));
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [2], 'p0 is at 13 and may still have rows');
  await bench.clock.advance(11_000);
  assert.deepEqual(bench.values, [2, 3]);
  a.split('p0').add(...seconds(15));
  a.wake();
  await bench.clock.advance(0);
  assert.equal(job.metrics().lateRows, 1);
});

test('splits are found, added and finished while the source runs', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1, 15) }, { ends: true, growing: true });
  const job = await bench.start(table('a') + windows('a'), { a });
  assert.deepEqual(bench.values, [1], 'time does not end while splits may come');
  a.addSplit('p1', seconds(16, 17), true);
  a.addSplit('p2', seconds(2, 31), false);
  a.remove('p0');
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [1, 3], 'the row of second 2 is late');
  assert.equal(job.metrics().lateRows, 1);
});

test('a source without rows is not polled again before it calls wake', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(1) }, { ends: false });
  await bench.start(table('a') + rows('a'), { a });
  const { polls } = a.split('p0');
  const before = polls.length;
  await bench.clock.advance(60_000);
  assert.equal(polls.length, before);
  a.split('p0').add(...seconds(2));
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.seconds, [1, 2]);
});

test('a source whose read takes long does not keep the others from being read, nor a checkpoint from being taken', async () => {
  await using bench = new SourceBench();
  const a = new FakeSource({ p0: seconds(5) }, { ends: false });
  const b = new FakeSource({ p0: seconds(1, 2, 9) }, { ends: false });
  const split = a.split('p0');
  const poll = split.poll.bind(split);
  let answer: () => void = () => {};
  let asked = 0;
  split.poll = ((maxRows: number) => {
    if (++asked < 2) return poll(maxRows);
    return new Promise<void>((resolve) => {
      answer = resolve;
    }).then(() => poll(maxRows));
  }) as typeof split.poll;
  const job = await bench.start(table('a') + table('b', null) + BOTH + rows('both'), { a, b });
  assert.deepEqual(bench.seconds, [5, 1, 2, 9]);
  const taken = job.checkpoint();
  for (let epoch = 0; epoch === 0; epoch = job.metrics().checkpoints!.lastEpoch) await bench.clock.advance(1);
  await taken;
  split.add(...seconds(10));
  answer();
  await bench.clock.advance(0);
  assert.deepEqual(bench.seconds, [5, 1, 2, 9, 10]);
});

test('a checkpoint keeps position, watermark and idleness of each split', async () => {
  await using bench = new SourceBench();
  const scripts = { quiet: seconds(1), busy: seconds(1, 5, 12) };
  const a = new FakeSource(scripts, { ends: false });
  await bench.start(table('a') + windows('a'), { a });
  await bench.clock.advance(11_000);
  a.split('busy').add(...seconds(13));
  a.wake();
  await bench.clock.advance(0);
  assert.deepEqual(bench.values, [3]);
  await bench.stop();
  const { sources } = await readManifest(bench.storage, 1);
  assert.deepEqual((Object.values(sources)[0] as SourceSnapshot).splits, {
    quiet: { position: 1, rows: 0, watermark: 1000, ended: false, idle: true },
    busy: { position: 4, rows: 0, watermark: 13_000, ended: false },
  });
  const again = new FakeSource({ ...scripts, busy: seconds(1, 5, 12, 13, 25) }, { ends: false });
  await bench.start(table('a') + windows('a'), { a: again });
  assert.deepEqual(bench.values, [3, 2], 'the quiet split is still idle');
});
