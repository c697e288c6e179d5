import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { PartialList } from '../../../../src/engine/match/partial-list.ts';
import type { KeptRow, PartialMatch, PathNode } from '../../../../src/engine/match/partial-match.ts';
import { compileSkip, prune } from '../../../../src/engine/match/skip-strategy.ts';
import type { SkipStrategy } from '../../../../src/plan/match-node.ts';
import { NfaState } from '../../../../src/plan/nfa/nfa.ts';

const state = new NfaState(0, 'a', 'normal', 0);
const rows = [0, 1, 2, 3, 4].map((sequence): KeptRow => ({ time: 10 * sequence, sequence, values: [] }));

/** Creates a match of rows 1 to 3: A, B, B. */
const match = [
  [1, 0],
  [2, 1],
  [3, 1],
].reduce<PathNode | null>(
  (previous, [row, variable]) => ({
    row: rows[row!]!,
    variable: variable!,
    previous,
    length: (previous?.length ?? 0) + 1,
  }),
  null,
)!;

/** Returns the starts that are left of partial matches that began at each of the rows. */
function left(skip: SkipStrategy): number[] {
  const begun = (): PartialMatch[] => rows.map((start) => ({ state, path: null, start }));
  const partial = new PartialList();
  partial.fill(begun());
  const completed = begun();
  prune(compileSkip(skip, ['A', 'B', 'C']), match, partial, completed);
  const sequences = [...partial].map(({ start }) => start!.sequence);
  assert.deepEqual(
    completed.map(({ start }) => start!.sequence),
    sequences,
  );
  return sequences;
}

test('no skip drops no match; to next row drops up to the first row, past last row up to the last', () => {
  assert.deepEqual(left({ kind: 'no-skip' }), [0, 1, 2, 3, 4]);
  assert.deepEqual(left({ kind: 'to-next-row' }), [2, 3, 4]);
  assert.deepEqual(left({ kind: 'past-last-row' }), [4]);
});

test('to a variable drops the matches that began before its row', () => {
  assert.deepEqual(left({ kind: 'to-first', variable: 'B', failOnMiss: true }), [2, 3, 4]);
  assert.deepEqual(left({ kind: 'to-last', variable: 'B', failOnMiss: true }), [3, 4]);
});

test('a variable without a row, or with the match’s own first row, fails the job or skips no further match', () => {
  const fails = (skip: SkipStrategy, message: RegExp) =>
    assert.throws(
      () => left(skip),
      (error) => error instanceof EngineError && error.code === 'MATCH_SKIP' && message.test(error.message),
    );
  fails({ kind: 'to-last', variable: 'C', failOnMiss: true }, /no row of C/);
  fails({ kind: 'to-first', variable: 'A', failOnMiss: true }, /first row of the match itself/);
  assert.deepEqual(left({ kind: 'to-last', variable: 'C', failOnMiss: false }), [0, 1, 2, 3, 4]);
  assert.deepEqual(left({ kind: 'to-first', variable: 'A', failOnMiss: false }), [1, 2, 3, 4]);
});
