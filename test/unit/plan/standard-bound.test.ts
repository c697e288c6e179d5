import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { MatchNode, PatternElement } from '../../../src/plan/match-node.ts';
import { standardBound } from '../../../src/plan/standard-bound.ts';
import { stateBound } from '../../../src/plan/state-bound.ts';
import { either, group, one, PLUS, sequence } from '../engine/match/standard/matcher-fixture.ts';
import { call, column, last, matchNode } from '../engine/operators/match-harness.ts';

const node = (elements: readonly PatternElement[], options: Partial<MatchNode> = {}): MatchNode => ({
  ...matchNode(elements, {}, []),
  semantics: 'standard',
  ...options,
});

it('counts the rows and the places of a pattern, repeats with bounds written out', () => {
  const inner = sequence(one('A'), one('B', { min: 0, max: 2 }));
  const { rows, threads } = standardBound(
    node([group(inner, { min: 2, max: 3 }), either([inner, sequence(one('C'))])]),
  );
  assert.deepEqual({ rows, threads }, { rows: 12, threads: 13 });
  assert.equal(standardBound(node([one('A', PLUS)])).rows, null);
});

it('counts the orders of PERMUTE that have to be kept apart', () => {
  const permute = (...members: PatternElement[]): PatternElement => ({
    ...one('A'),
    kind: 'permutation',
    members: members.map((member) => sequence(member)),
  });
  const plain = standardBound(node([permute(one('A'), one('B'), one('C'))]));
  assert.deepEqual([plain.rows, plain.threads], [3, 12]);
  const choosing = standardBound(node([permute(one('A', { min: 0, max: 1 }), one('B'), one('C'))]));
  assert.deepEqual([choosing.rows, choosing.threads], [3, 15]);
});

it('reports the state that remains for each key', () => {
  const within = { ms: 60_000, type: 'first-and-last' } as const;
  const bounded = stateBound(node([one('A', PLUS), one('B')], { within }))!;
  assert.equal(bounded.lasts, 'windowed');
  assert.match(bounded.text, /^one attempt at a time for each key with at most 2 threads, for at most 1 min; its rows/);
  const before = { ...last(null, 'v'), physical: -2 };
  const define = [{ variable: 'A', condition: call('>', column('v'), before) }];
  const withPrev = stateBound(node([one('A', PLUS)], { within, define }))!;
  assert.equal(withPrev.lasts, 'keyed');
  assert.match(withPrev.text, /the last 2 rows \(PREV\) for each key, for ever/);
  assert.equal(stateBound(node([one('A', PLUS)]))!.lasts, 'unbounded');
  const anchor: PatternElement = { ...one('A'), kind: 'anchor', at: 'end' };
  assert.equal(stateBound(node([one('A'), anchor], { within }))!.lasts, 'unbounded');
});
