import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FoundMatches, RowUnderTest } from '../../../../src/engine/match/matcher.ts';
import { NfaMatcher } from '../../../../src/engine/match/nfa-matcher.ts';
import { type PathNode, pathRows } from '../../../../src/engine/match/partial-match.ts';
import {
  type MatchNode,
  ONCE,
  type PatternElement,
  type PatternLink,
  type Quantifier,
} from '../../../../src/plan/match-node.ts';
import { compileNfa } from '../../../../src/plan/nfa/nfa-compiler.ts';

const one = (variable: string, link: PatternLink, quantifier: Partial<Quantifier> = {}): PatternElement => ({
  kind: 'variable',
  variable,
  link,
  quantifier: { ...ONCE, ...quantifier },
});
const any: Partial<Quantifier> = { max: null, optional: true };

const NEVER_READ = ['X', 'Y'];

const PATTERNS: Readonly<Record<string, readonly PatternElement[]>> = {
  'A FOLLOWED BY B': [one('A', 'next'), one('B', 'followed-by')],
  'A FOLLOWED BY ANY B': [one('A', 'next'), one('B', 'followed-by-any')],
  'A X*? B': [one('A', 'next'), one('X', 'next', any), one('B', 'next')],
  'A X*? B X*? C': [one('A', 'next'), one('X', 'next', any), one('B', 'next'), one('Y', 'next', any), one('C', 'next')],
  'A FOLLOWED BY B FOLLOWED BY C': [one('A', 'next'), one('B', 'followed-by'), one('C', 'followed-by')],
  'A FOLLOWED BY B RELAXED+ FOLLOWED BY C': [
    one('A', 'next'),
    one('B', 'followed-by', { max: null, inner: 'relaxed' }),
    one('C', 'followed-by'),
  ],
  'A FOLLOWED BY B? FOLLOWED BY C': [
    one('A', 'next'),
    one('B', 'followed-by', { optional: true }),
    one('C', 'followed-by'),
  ],
  'A NOT FOLLOWED BY B FOLLOWED BY C': [one('A', 'next'), one('B', 'not-followed-by'), one('C', 'followed-by')],
};
const SKIPS: readonly MatchNode['skip'][] = [
  { kind: 'no-skip' },
  { kind: 'to-next-row' },
  { kind: 'past-last-row' },
  { kind: 'to-first', variable: 'A', failOnMiss: false },
];

interface Row {
  readonly kinds: string;
  readonly id: number | null;
  readonly gap: number;
}
const rows = fc.array(
  fc.record({
    kinds: fc.constantFrom('A', 'A', 'B', 'C', 'AB', 'BC', ''),
    id: fc.option(fc.nat(2), { freq: 6 }),
    gap: fc.nat(2),
  }),
  { maxLength: 24 },
);

/**
 * Returns all output of the matcher for a stream in which B and C must have the id of A, and the
 * number of its partial matches after each row.
 */
function run(
  elements: readonly PatternElement[],
  skip: MatchNode['skip'],
  stream: readonly Row[],
  unread: readonly string[],
  indexFrom: number,
  always: readonly string[] = [],
): string[] {
  const nfa = compileNfa({ kind: 'sequence', elements }, ['A', 'B', 'C'], { bounded: true });
  const matcher = new NfaMatcher(nfa, { ms: 9, type: 'first-and-last' }, skip, unread, indexFrom, null, always);
  const state = matcher.newState();
  const said: string[] = [];
  const text = (path: PathNode): string =>
    pathRows(path)
      .filter(({ variable }) => !NEVER_READ.includes(nfa.variables[variable]!))
      .map(({ variable, row }) => `${nfa.variables[variable]} ${row.time} ${row.values.join()}`)
      .join('; ');
  let expected = true;
  const found: FoundMatches = {
    match: (path) => said.push(`match ${text(path)}`),
    timeout: (path, time) => said.push(`timeout at ${time} ${text(path)}`),
    started: (row) => said.push(`started ${row.time}`),
    changes: () => {
      expected = true;
    },
  };
  const idOf = (path: PathNode | null): number | null => {
    for (let node = path; node !== null; node = node.previous) {
      if (nfa.variables[node.variable] === 'A') return node.row.values[0] as number | null;
    }
    return null;
  };
  let time = 0;
  for (const { kinds, id, gap } of stream) {
    time += gap;
    const row: RowUnderTest = {
      time,
      accepts: (variable, path) => {
        const name = nfa.variables[variable]!;
        if (name === 'X' || name === 'Y') return true;
        if (!kinds.includes(name)) return false;
        return name === 'A' || (id !== null && id === idOf(path));
      },
      keep: () => [id],
      equalities: [nfa.variables.indexOf('B'), nfa.variables.indexOf('C')].filter((variable) => variable >= 0),
      rowValue: (variable) => (kinds.includes(nfa.variables[variable]!) ? id : null),
      pathValue: (_variable, path) => idOf(path),
    };
    const before = [...state.partial];
    expected = false;
    matcher.advanceTime(state, time, found);
    matcher.advance(state, row, found);
    assert.ok(expected || before.every((each, i) => each === [...state.partial][i]), 'a change is announced');
    said.push(`${matcher.openIn(state)} open, ${state.completed.length} held back`);
  }
  for (let end = matcher.nextDeadline(state); end < Number.POSITIVE_INFINITY; end = matcher.nextDeadline(state)) {
    matcher.advanceTime(state, end, found);
  }
  return said;
}

for (const [name, elements] of Object.entries(PATTERNS)) {
  test(`${name}: finding partial matches by value, and removing unread rows, do not change the result`, () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...SKIPS), (stream, skip) => {
        const plain = run(elements, skip, stream, [], Number.POSITIVE_INFINITY);
        assert.deepEqual(run(elements, skip, stream, [], 0), plain, 'index');
        assert.deepEqual(run(elements, skip, stream, NEVER_READ, Number.POSITIVE_INFINITY), plain, 'unread');
        assert.deepEqual(run(elements, skip, stream, NEVER_READ, 0), plain, 'unread, index');
        assert.deepEqual(run(elements, skip, stream, NEVER_READ, 0, NEVER_READ), plain, 'unread, index, always');
      }),
      { numRuns: 250 },
    );
  });
}
