import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timestamp } from '../../../../src/core/data-type.ts';
import type { MatchNode } from '../../../../src/plan/match-node.ts';
import {
  all,
  call,
  column,
  first,
  type Kill,
  kindIs,
  last,
  MatchHarness,
  matchNode,
  type TestRow,
  variable,
} from './match-harness.ts';

const LOOP = { min: 1, max: null, optional: true } as const;
const rowtime = { kind: 'match-time', time: 'rowtime', type: timestamp(3) } as const;

/** "Followed by" in Flink SQL: `S X*? E` where E belongs to S. */
const followedBy = (options: Partial<MatchNode> = {}): MatchNode =>
  matchNode(
    [variable('S'), variable('X', LOOP), variable('E')],
    { S: kindIs('s'), E: all(kindIs('e'), call('=', last('E', 'v'), last('S', 'v'))) },
    [last('S', 'id'), last('E', 'id'), rowtime],
    { within: { ms: 40, type: 'first-and-last' }, ...options },
  );

const row = (id: number, kind: string, ts: number, v: number | null = 1, k: string | null = 'p'): TestRow => ({
  id,
  k,
  kind,
  v,
  ts,
});

async function results(node: MatchNode, rows: readonly TestRow[], delay = 1): Promise<string[]> {
  const harness = new MatchHarness(node);
  await harness.run(rows, 1024, delay);
  await harness.advance(Number.POSITIVE_INFINITY);
  return harness.results();
}

test('a match is emitted with its partition and measures when the watermark passes its last row', async () => {
  const harness = new MatchHarness(followedBy());
  await harness.run([row(1, 's', 10), row(2, 'o', 12), row(3, 'e', 15), row(4, 'o', 30)], 1, 5);
  assert.deepEqual(harness.output, ['watermark 5', 'watermark 7', 'watermark 10', '["p",1,3,15]', 'watermark 25']);
});

test('a row at the watermark is late, one millisecond later it is not', async () => {
  const harness = new MatchHarness(followedBy());
  await harness.run([row(1, 's', 100), row(2, 's', 90), row(3, 's', 91), row(4, 'e', 95)], 2, 10);
  await harness.advance(Number.POSITIVE_INFINITY);
  assert.deepEqual(harness.results(), ['["p",3,4,95]']);
  assert.equal(harness.metrics()['lateRows'], 1);
});

test('WITHIN is exclusive, and a held-back match is released when the one before it expires', async () => {
  assert.deepEqual(await results(followedBy(), [row(1, 's', 10), row(2, 'e', 50)]), []);
  assert.deepEqual(await results(followedBy(), [row(1, 's', 10), row(2, 'e', 49)]), ['["p",1,2,49]']);
  const rows = [row(1, 's', 10, 1), row(2, 's', 11, 2), row(3, 'e', 12, 2), row(4, 'o', 60, 0, 'q')];
  assert.deepEqual(await results(followedBy(), rows), ['["p",2,3,59]']);
});

test('at the end of the input a held-back match has the time at which its blocker would have expired', async () => {
  const rows = [row(1, 's', 10, 1), row(2, 's', 11, 2), row(3, 'e', 12, 2)];
  assert.deepEqual(await results(followedBy(), rows), ['["p",2,3,50]']);
});

test('rows of one time are ordered by the further keys, NULL first, then by arrival', async () => {
  const node = matchNode(
    [variable('A', { min: 4, max: 4 })],
    {},
    [0, 1, 2, 3].map((n) => first('A', 'id', n)),
    {
      order: [{ column: 3, descending: true, nullsFirst: true }],
      skip: { kind: 'past-last-row' },
    },
  );
  const rows = [row(1, 'a', 10, 5), row(2, 'a', 10, null), row(3, 'a', 10, 9), row(4, 'a', 10, 5), row(5, 'a', 20)];
  assert.deepEqual(await results(node, rows), ['["p",2,3,1,4]']);
});

test('absence at the end of a pattern is emitted when the watermark passes the bound', async () => {
  const node = matchNode(
    [variable('A'), variable('B', {}, 'not-followed-by')],
    { A: kindIs('a'), B: kindIs('b') },
    [last('A', 'id'), rowtime],
    { within: { ms: 30, type: 'first-and-last' } },
  );
  const harness = new MatchHarness(node);
  await harness.run([row(1, 'a', 10), row(2, 'a', 15, 1, 'q'), row(3, 'b', 20), row(4, 'o', 44, 0, 'r')], 1, 0);
  assert.deepEqual(harness.results(), []);
  await harness.advance(45);
  assert.deepEqual(harness.results(), ['["q",2,45]']);
});

test('aggregates in DEFINE include the row under test', async () => {
  const sum = (name: string) =>
    ({
      kind: 'match-aggregate',
      variable: name,
      call: { function: 'SUM', args: [column('v')], distinct: false, type: column('v').type },
      type: column('v').type,
    }) as const;
  const node = matchNode(
    [variable('A', { min: 1, max: null, greedy: true }), variable('C')],
    { A: call('<', sum('A'), { kind: 'literal', value: '30', type: column('v').type }) },
    [sum('A'), first('A', 'id'), last('A', 'id')],
    { skip: { kind: 'past-last-row' } },
  );
  const rows = [7, 9, 10, 5, 10, 7, 14].map((v, i) => row(i + 1, 'a', 10 * i, v));
  assert.deepEqual(await results(node, rows), ['["p",26,1,3]', '["p",17,5,6]']);
});

test('a row that fails a condition fails the job only where a partial match asks for it', async () => {
  const zero = { kind: 'literal', value: 0, type: column('id').type } as const;
  const inverse = { ...call('/', zero, column('id')), type: column('id').type };
  const node = matchNode([variable('A'), variable('B')], { A: kindIs('a'), B: call('=', inverse, zero) }, [
    last('A', 'id'),
    last('B', 'id'),
  ]);
  assert.deepEqual(await results(node, [row(0, 'x', 1), row(1, 'a', 2), row(2, 'b', 3)]), ['["p",1,2]']);
  await assert.rejects(results(node, [row(1, 'a', 1), row(0, 'b', 2)]));
});

test('in processing time rows count at once, and bounds pass with the clock', async () => {
  const time = { column: 4, time: 'proctime' } as const;
  const absence = matchNode(
    [variable('A'), variable('B', {}, 'not-followed-by')],
    { A: kindIs('a'), B: kindIs('b') },
    [last('A', 'id'), rowtime],
    { within: { ms: 30, type: 'first-and-last' }, time },
  );
  const harness = new MatchHarness(absence);
  await harness.at(100, [row(1, 'a', 0), row(2, 'a', 0, 1, 'q')]);
  await harness.at(120, [row(3, 'b', 0)]);
  await harness.tick(130);
  assert.deepEqual(harness.results(), []);
  await harness.tick(131);
  assert.deepEqual(harness.results(), ['["q",2,131]']);

  const pair = matchNode([variable('A'), variable('B')], {}, [last('A', 'id'), last('B', 'id')], {
    time,
    order: [{ column: 3, descending: false, nullsFirst: true }],
    skip: { kind: 'past-last-row' },
  });
  const ordered = new MatchHarness(pair);
  await ordered.at(100, [row(1, 'a', 0, 9), row(2, 'a', 0, 4)]);
  assert.deepEqual(ordered.results(), ['["p",2,1]']);
});

const PATTERNS: Readonly<Record<string, MatchNode>> = {
  'followed by, within, to next row': followedBy(),
  'followed by, within, past last row': followedBy({ skip: { kind: 'past-last-row' } }),
  'followed by, within, no partition': followedBy({ partition: [] }),
  'followed by any, within, no skip': matchNode(
    [variable('S'), variable('E', {}, 'followed-by-any')],
    { S: kindIs('s'), E: kindIs('e') },
    [last('S', 'id'), last('E', 'id'), rowtime],
    { within: { ms: 30, type: 'first-and-last' }, skip: { kind: 'no-skip' } },
  ),
  'rising run, secondary order': matchNode(
    [variable('S'), variable('X', { min: 1, max: null, greedy: true }), variable('E')],
    { X: call('>', last('X', 'v'), last('X', 'v', 1)), E: kindIs('e') },
    [last('S', 'id'), first('X', 'id'), last('E', 'id'), rowtime],
    { order: [{ column: 3, descending: false, nullsFirst: true }], skip: { kind: 'past-last-row' } },
  ),
  absence: matchNode(
    [variable('S'), variable('E', {}, 'not-followed-by')],
    { S: kindIs('s'), E: kindIs('e') },
    [last('S', 'id'), rowtime],
    { within: { ms: 25, type: 'first-and-last' }, skip: { kind: 'no-skip' } },
  ),
  'E more than S, X between': matchNode(
    [variable('S'), variable('X', LOOP), variable('E')],
    { S: kindIs('s'), E: call('>', column('v'), last('S', 'v')) },
    [last('S', 'id'), last('E', 'id'), rowtime],
    { within: { ms: 25, type: 'first-and-last' }, skip: { kind: 'past-last-row' } },
  ),
  'followed by less': matchNode(
    [variable('S'), variable('E', {}, 'followed-by')],
    { S: kindIs('s'), E: all(kindIs('e'), call('<=', column('v'), last('S', 'v'))) },
    [last('S', 'id'), last('E', 'id'), rowtime],
    { within: { ms: 25, type: 'first-and-last' } },
  ),
  'per step': matchNode(
    [
      variable('S'),
      variable('O', { min: 1, max: null, inner: 'relaxed' }, 'followed-by'),
      variable('E', {}, 'followed-by'),
    ],
    { S: kindIs('s'), O: kindIs('o'), E: kindIs('e') },
    [last('S', 'id'), first('O', 'id'), last('O', 'id'), last('E', 'id'), rowtime],
    { within: { ms: 15, type: 'previous-and-current' } },
  ),
};

test('keys that never return leave no state in memory or on disk', async () => {
  const keys = 60_000;
  const harness = new MatchHarness(followedBy());
  const batchRows = 2000;
  const one = (i: number): TestRow => row(i, 's', 1000 + Math.floor(i / 20), 1, `key ${i}`);
  for (let from = 0; from < keys; from += batchRows) {
    await harness.run(
      Array.from({ length: batchRows }, (_, i) => one(from + i)),
      batchRows,
      1,
      'after each batch',
    );
    const open = harness.entryCounts()['7.matches']!;
    assert.ok(open < 20_000, `${open} keys at once`);
  }
  await harness.advance(1_000_000);
  await harness.advance(1_000_001);
  for (let at = 0; at < 30; at++) await harness.advance(1_000_002 + at);
  assert.deepEqual(harness.entryCounts(), { '7.sorter': 0, '7.matches': 0, '7.timers': 0 });
  assert.equal(await harness.storedEntries(), 0);
  assert.equal(harness.results().length, 0);
});

/**
 * Small streams, slightly out of order, over a few keys. One key may be NULL. Some begin at
 * 1970-01-01.
 */
const streams = fc
  .array(
    fc.record({
      step: fc.integer({ min: -6, max: 9 }),
      k: fc.constantFrom('p', 'q', null),
      kind: fc.constantFrom('s', 'e', 'o'),
      v: fc.constantFrom(1, 2, null),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let ts = 0;
    return steps.map(({ step, ...rest }, i): TestRow => {
      ts += step;
      return { id: i + 1, ts, ...rest };
    });
  });

for (const [name, node] of Object.entries(PATTERNS)) {
  test(`${name}: any split into batches, also killed and restored, gives the same output`, async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 0, max: 8 }), async (rows, delay) => {
        const whole = await outputOf(node, rows, delay, 1024);
        for (const batchRows of [1, 7]) assert.deepEqual(await outputOf(node, rows, delay, batchRows), whole);
        for (const kill of ['after each batch', 'in the next batch'] as const) {
          assert.deepEqual(await outputOf(node, rows, delay, 5, kill), whole, kill);
        }
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: rows that a key skips do not change the result`, async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 0, max: 8 }), async (rows, delay) => {
        // With a limit every row is offered.
        const unskipped = new MatchHarness(node, undefined, {
          'sequitur.match.max-partial-matches-per-key': '1000000',
        });
        await unskipped.run(rows, 7, delay);
        await unskipped.advance(100_000);
        assert.deepEqual(unskipped.output, await outputOf(node, rows, delay, 7));
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: state that has to be read back from the store gives the same output`, async () => {
    let evicted = 0;
    await fc.assert(
      fc.asyncProperty(streams, async (rows) => {
        const harness = new MatchHarness(node, 1);
        await harness.run(rows, 4, 3);
        await harness.advance(100_000);
        evicted += harness.evictedEntries;
        assert.deepEqual(harness.output, await outputOf(node, rows, 3, 1024));
      }),
      { numRuns: 320 },
    );
    assert.ok(evicted > 100, `${evicted} entries left the cache`);
  });
}

async function outputOf(
  node: MatchNode,
  rows: readonly TestRow[],
  delay: number,
  batchRows: number,
  kill: Kill = 'never',
): Promise<string[]> {
  const harness = new MatchHarness(node);
  await harness.run(rows, batchRows, delay, kill);
  await harness.advance(100_000);
  return harness.output;
}

for (const [name, node] of Object.entries(PATTERNS)) {
  if (node.within === null) continue;
  test(`${name}: no state is left once the watermark has passed the last bound`, async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (rows) => {
        const harness = new MatchHarness(node);
        // The times are after 1970-01-01 UTC. In Flink a match that is held back by a start at time
        // 0 has no timer and stays.
        await harness.run(
          rows.map((r) => ({ ...r, ts: r.ts + 1000, k: `${r.k}${r.id}` })),
          7,
          3,
        );
        await harness.advance(5_000);
        const counts = harness.entryCounts();
        assert.deepEqual(Object.values(counts), [0, 0, 0], JSON.stringify(counts));
        assert.equal(harness.metrics()['partialMatches'], 0);
      }),
      { numRuns: 40 },
    );
  });
}
