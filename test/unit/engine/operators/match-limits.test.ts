/** Tests limits of patterns and the current counts of partial matches. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { kindIs, last, MatchHarness, matchNode, type TestRow, variable } from './match-harness.ts';

const row = (id: number, kind: string, ts: number, k = 'p'): TestRow => ({ id, k, kind, v: 1, ts });
const within = { ms: 1000, type: 'first-and-last' } as const;

/** Matches every `a` with every later `b`. */
const pairs = matchNode(
  [variable('A'), variable('B', {}, 'followed-by')],
  { A: kindIs('a'), B: kindIs('b') },
  [last('A', 'id'), last('B', 'id')],
  { within, skip: { kind: 'no-skip' } },
);
const rows = [row(1, 'a', 10), row(2, 'a', 11), row(3, 'a', 12), row(4, 'a', 13), row(5, 'b', 20), row(6, 'x', 30)];

async function run(settings: Readonly<Record<string, string>>, kill = false): Promise<MatchHarness> {
  const harness = new MatchHarness(pairs, 1 << 26, settings);
  for (const each of rows) {
    await harness.run([each], 1, 1);
    if (kill) await harness.killAndRestore();
  }
  await harness.advance(Number.POSITIVE_INFINITY);
  return harness;
}

const isLimit =
  (message: RegExp) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === 'MATCH_LIMIT' && message.test(error.message);

describe('limits of patterns', () => {
  it('are off unless they are set', async () => {
    const harness = await run({});
    assert.deepEqual(harness.results(), ['["p",1,5]', '["p",2,5]', '["p",3,5]', '["p",4,5]']);
    assert.equal(harness.metrics()['droppedPartialMatches'], undefined);
  });

  it('fail the job, naming the key and the figures', async () => {
    await assert.rejects(
      run({ 'sequitur.match.max-partial-matches-per-key': '3' }),
      isLimit(/^the key \(p\) has 4 partial matches; sequitur.match.max-partial-matches-per-key is 3$/),
    );
    await assert.rejects(
      run({ 'sequitur.match.max-matches-per-row': '3' }),
      isLimit(/^a row of the key \(p\) completes more than 3 matches; sequitur.match.max-matches-per-row$/),
    );
    await assert.rejects(
      run({ 'sequitur.match.max-state': '400' }),
      isLimit(/^the partial matches of all keys take \d+ bytes, last \(p\); sequitur.match.max-state is 400$/),
    );
  });

  for (const kill of [false, true]) {
    it(`drop the newest or the oldest, counted${kill ? ', killed and restored' : ''}`, async () => {
      const newest = await run(
        { 'sequitur.match.max-partial-matches-per-key': '3', 'sequitur.match.on-limit': 'drop-new' },
        kill,
      );
      assert.deepEqual(newest.results(), ['["p",1,5]', '["p",2,5]', '["p",3,5]']);
      assert.equal(newest.metrics()['droppedPartialMatches'], 1);
      const oldest = await run(
        { 'sequitur.match.max-partial-matches-per-key': '3', 'sequitur.match.on-limit': 'drop-oldest' },
        kill,
      );
      assert.deepEqual(oldest.results(), ['["p",2,5]', '["p",3,5]', '["p",4,5]']);
      assert.equal(oldest.metrics()['droppedPartialMatches'], 1);
      const matches = await run(
        { 'sequitur.match.max-matches-per-row': '1', 'sequitur.match.on-limit': 'drop-new' },
        kill,
      );
      assert.deepEqual(matches.results(), ['["p",1,5]']);
      assert.equal(matches.metrics()['droppedMatches'], 3);
    });
  }

  it('hold the bytes of all keys', async () => {
    const harness = new MatchHarness(pairs, 1 << 26, {
      'sequitur.match.max-state': '4000',
      'sequitur.match.on-limit': 'drop-new',
    });
    const starts = Array.from({ length: 300 }, (_, i) => row(i, 'a', 10 + i, `k${i}`));
    await harness.run(starts, 7, 1);
    const open = harness.metrics()['partialMatches'] as number;
    assert.ok(open > 3 && open < 100, `${open} partial matches`);
    assert.equal(harness.metrics()['droppedPartialMatches'], 299 - open);
    await harness.advance(5000);
    assert.equal(harness.metrics()['partialMatches'], 0);
    // A partial match that has ended makes room for another
    await harness.run([row(1000, 'a', 6000), row(1001, 'b', 6001), row(1002, 'x', 6100)], 1, 1);
    assert.deepEqual(harness.results(), ['["p",1000,1001]']);
  });
});

describe('live counts of partial matches', () => {
  it('are by state, and survive a restore', async () => {
    const node = matchNode(
      [variable('A'), variable('B', { max: null }, 'followed-by'), variable('C', {}, 'followed-by')],
      { A: kindIs('a'), B: kindIs('b'), C: kindIs('c') },
      [last('A', 'id'), last('C', 'id')],
      { within, skip: { kind: 'past-last-row' } },
    );
    const harness = new MatchHarness(node);
    await harness.run([row(1, 'a', 10), row(2, 'a', 11), row(3, 'b', 12), row(4, 'a', 13, 'q'), row(5, 'x', 14)], 2, 1);
    const before = harness.metrics();
    assert.deepEqual(before['partialMatchesByState'], { 'B:0': 1, B: 2 });
    assert.equal(before['partialMatches'], 3);
    await harness.killAndRestore();
    assert.deepEqual(harness.metrics(), before);
    await harness.run([row(6, 'c', 20), row(7, 'x', 30)], 1, 1);
    assert.deepEqual(harness.results(), ['["p",1,6]']);
    assert.deepEqual(harness.metrics()['partialMatchesByState'], { 'B:0': 1 });
    await harness.advance(2000);
    const after = harness.metrics();
    assert.deepEqual([after['partialMatchesByState'], after['partialMatches'], after['timedOut']], [{}, 0, 1]);
  });

  it('are zero once the last bound has passed, for any rows', async () => {
    const node = matchNode(
      [
        variable('A'),
        variable('B', { max: null, inner: 'combinations' }, 'followed-by-any'),
        variable('C', {}, 'followed-by'),
      ],
      { A: kindIs('a'), B: kindIs('b'), C: kindIs('c') },
      [last('A', 'id'), last('C', 'id')],
      { within: { ms: 50, type: 'first-and-last' }, skip: { kind: 'to-next-row' } },
    );
    const kinds = 'abbacbabbcabacbbaabc';
    const harness = new MatchHarness(node);
    await harness.run(
      [...kinds.repeat(5)].map((kind, i) => row(i, kind, 10 + i * 5, i % 3 === 0 ? 'p' : 'q')),
      3,
      7,
    );
    const during = harness.metrics()['partialMatchesByState'] as Record<string, number>;
    assert.equal(
      Object.values(during).reduce((sum, n) => sum + n, 0),
      harness.metrics()['partialMatches'],
    );
    await harness.advance(10_000);
    assert.deepEqual(harness.metrics()['partialMatchesByState'], {});
    assert.equal(harness.metrics()['heldBackMatches'], 0);
    assert.deepEqual(
      Object.values(harness.entryCounts()).filter((count) => count > 0),
      [],
    );
  });
});
