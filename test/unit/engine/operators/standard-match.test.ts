import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Expression } from '../../../../src/plan/expression.ts';
import type { MatchNode, PatternElement } from '../../../../src/plan/match-node.ts';
import { either, one, PLUS, sequence } from '../match/standard/matcher-fixture.ts';
import { call, column, first, kindIs, last, MatchHarness, matchNode, type TestRow } from './match-harness.ts';

const rowsOf = (kinds: string, key = 'x', from = 1, step = 10): TestRow[] =>
  [...kinds].map((kind, i) => ({ id: from + i * step, k: key, kind, v: i, ts: from + i * step }));

const within = (ms: number) => ({ ms, type: 'first-and-last' }) as const;

function node(
  elements: readonly PatternElement[],
  define: Readonly<Record<string, Expression>>,
  measures: readonly Expression[],
  options: Partial<Pick<MatchNode, 'within' | 'skip'>> = {},
): MatchNode {
  return {
    ...matchNode(elements, define, measures, { skip: { kind: 'past-last-row' }, ...options }),
    semantics: 'standard',
  };
}

const ends = [first(null, 'id'), last(null, 'id')];
const anchor: PatternElement = { kind: 'anchor', at: 'end', link: 'next', quantifier: one('A').quantifier };

describe('when a match is sent', () => {
  it('with the row after which no thread is preferred to it', async () => {
    const harness = new MatchHarness(node([one('A', PLUS)], { A: kindIs('a') }, ends));
    await harness.run(rowsOf('aab'), 10, 0);
    assert.deepEqual(harness.output, ['watermark 1', 'watermark 11', '["x",1,11]', 'watermark 21']);
  });

  it('at once if no other match is preferred', async () => {
    const harness = new MatchHarness(
      node([either([sequence(one('A')), sequence(one('A'), one('B'))])], { A: kindIs('a') }, ends),
    );
    await harness.run(rowsOf('ab'), 10, 0);
    assert.deepEqual(harness.results(), ['["x",1,1]']);
    assert.equal(harness.output.indexOf('["x",1,1]'), 0);
  });

  it('when time passes the bound without a row of its key; a row at the bound is not included', async () => {
    const harness = new MatchHarness(node([one('A', PLUS)], { A: kindIs('a') }, ends, { within: within(20) }));
    await harness.run(rowsOf('aa'), 10, 0);
    await harness.advance(20);
    assert.deepEqual(harness.results(), []);
    await harness.advance(21);
    assert.deepEqual(harness.results(), ['["x",1,11]']);
    assert.deepEqual(
      Object.values(harness.entryCounts()),
      Object.values(harness.entryCounts()).map(() => 0),
    );

    const third = new MatchHarness(node([one('A', PLUS)], { A: kindIs('a') }, ends, { within: within(20) }));
    await third.run(rowsOf('aaa'), 10, 0);
    assert.deepEqual(third.results(), ['["x",1,11]']);
  });

  it('at the end of the input if only the end decides it', async () => {
    const harness = new MatchHarness(node([one('A', PLUS), anchor], { A: kindIs('a') }, ends, { within: within(50) }));
    await harness.run(rowsOf('aabaa'), 10, 0);
    await harness.advance(10_000);
    assert.deepEqual(harness.results(), []);
    await harness.advance(Number.POSITIVE_INFINITY);
    assert.deepEqual(harness.results(), ['["x",31,41]']);
    assert.deepEqual(
      Object.values(harness.entryCounts()),
      Object.values(harness.entryCounts()).map(() => 0),
    );
  });
});

describe('NEXT', () => {
  const next = { ...last(null, 'v'), physical: 1 };
  const falls = call('>', next, column('v'));

  it('in a condition waits for the row after the one under test', async () => {
    const harness = new MatchHarness(node([one('A')], { A: falls }, ends));
    await harness.run(rowsOf('aa'), 1, 0);
    assert.deepEqual(harness.output, ['watermark 1', '["x",1,1]', 'watermark 11']);
  });

  it('sees no rows at or beyond the bound', async () => {
    const bounded = node([one('A')], { A: call('IS NULL', next) }, ends, { within: within(10) });
    const harness = new MatchHarness(bounded);
    await harness.run(rowsOf('aa'), 1, 0);
    await harness.advance(30);
    assert.deepEqual(harness.results(), ['["x",1,1]', '["x",11,11]']);
  });

  it('in a measure lets the match wait', async () => {
    const measure = { ...last('A', 'v'), physical: 2 };
    const harness = new MatchHarness(node([one('A')], { A: kindIs('a') }, [measure]));
    await harness.run(rowsOf('abb'), 1, 0);
    assert.deepEqual(harness.output, ['watermark 1', 'watermark 11', '["x",2]', 'watermark 21']);
  });
});

it('keys that become open repeatedly are recorded once for the end of the input', async () => {
  const harness = new MatchHarness(node([one('A'), one('B')], { A: kindIs('a'), B: kindIs('b') }, ends));
  await harness.run(rowsOf('abcabcabcabcabcabcabc'), 1, 0, 'after each batch');
  assert.equal(harness.results().length, 7);
  const timers = Object.entries(harness.entryCounts()).find(([name]) => name.includes('timers'));
  assert.ok((timers?.[1] ?? 0) <= 1, JSON.stringify(harness.entryCounts()));
  await harness.advance(Number.POSITIVE_INFINITY);
  assert.deepEqual(
    Object.values(harness.entryCounts()),
    Object.values(harness.entryCounts()).map(() => 0),
  );
});
