import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BIGINT } from '../../../../../src/core/data-type.ts';
import type { Expression } from '../../../../../src/plan/expression.ts';
import { call, column, kindIs, last, type TestRow } from '../../operators/match-harness.ts';
import { either, group, one, PLUS, runMatcher, STAR, sequence } from './matcher-fixture.ts';

const equalRows = (count: number): TestRow[] =>
  Array.from({ length: count }, (_, i) => ({ id: i, k: null, kind: 'a', v: 1, ts: i + 1 }));
const never = kindIs('z');
const before = { ...last(null, 'v'), physical: -1 };

/**
 * Tests patterns without a match although every row fits. Each start would go through all later
 * rows in many ways.
 */
const patterns = {
  'A+ B+': [[one('A', PLUS), one('B', PLUS)], { B: never }],
  '(A+)+ B': [[group(sequence(one('A', PLUS)), PLUS), one('B')], { B: never }],
  '((A+)+)+ B': [[group(sequence(group(sequence(one('A', PLUS)), PLUS)), PLUS), one('B')], { B: never }],
  '(A | B)* C': [[either([sequence(one('A')), sequence(one('B'))], STAR), one('C')], { C: never }],
  '(A* B*)* C, conditions on the row before': [
    [group(sequence(one('A', STAR), one('B', STAR)), STAR), one('C')],
    { A: call('>=', column('v'), before), B: call('<=', column('v'), before), C: never },
  ],
  'S (A | B)* C, C below S': [
    [one('S'), either([sequence(one('A')), sequence(one('B'))], STAR), one('C')],
    { C: call('<', column('v'), last('S', 'v')) },
  ],
  '(A | B)* C, conditions on the last A': [
    [either([sequence(one('A')), sequence(one('B'))], STAR), one('C')],
    { B: call('>=', column('v'), last('A', 'v')), C: call('<', column('v'), last('A', 'v')) },
  ],
} as const;

describe('5,000 equal rows', () => {
  for (const [name, [elements, define]] of Object.entries(patterns)) {
    it(`${name}: few threads, and not every start tests each row again`, () => {
      const { threads, tests, matches } = runMatcher(elements, define, equalRows(5000));
      assert.deepEqual(matches, []);
      assert.ok(threads <= 6, `${threads} threads`);
      assert.ok(tests <= 12 * 5000, `${tests} conditions asked for`);
    });
  }

  it('the greedy loop takes all rows with one thread', () => {
    const { threads, tests, matches } = runMatcher([one('A', PLUS)], {}, equalRows(5000));
    assert.equal(matches[0]!.split(' ').length, 5000);
    assert.equal(threads, 1);
    assert.equal(tests, 5000);
  });
});

it('threads that a condition can still distinguish are not merged', () => {
  // all ways are the same except for the last A; C needs an A below it
  const kinds = [3, 5, 1, 4];
  const rows = kinds.map((v, i): TestRow => ({ id: i, k: null, kind: 'a', v, ts: i + 1 }));
  const elements = [either([sequence(one('B')), sequence(one('A'))], PLUS), one('C')];
  const { matches } = runMatcher(elements, { C: call('<', column('v'), last('A', 'v')) }, rows);
  assert.deepEqual(matches, ['B0 A1 B2 C3']);
});

it('an aggregate distinguishes threads by its values, not by the rows', () => {
  const total: Expression = {
    kind: 'match-aggregate',
    variable: 'A',
    call: { function: 'SUM', args: [column('v')], distinct: false, type: BIGINT },
    type: BIGINT,
  };
  const few = call('<=', total, { kind: 'literal', value: '1000', type: BIGINT });
  const elements = [either([sequence(one('A')), sequence(one('B'))], STAR), one('C')];
  const { threads, matches } = runMatcher(elements, { A: few, C: never }, equalRows(40));
  assert.deepEqual(matches, []);
  assert.ok(threads <= 3 * 41, `${threads} threads`);
});
