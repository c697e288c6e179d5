/**
 * Law: the state of a run never exceeds the state bound of its pattern, and grows as the bound's
 * class says. The patterns are random, the rows fit any variables, and the plain matcher runs them.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FoundMatches } from '../../src/engine/match/matcher.ts';
import { NfaMatcher } from '../../src/engine/match/nfa-matcher.ts';
import { matchBound, mostPartialMatches } from '../../src/plan/match-bound.ts';
import {
  type MatchNode,
  ONCE,
  type PatternElement,
  type PatternSequence,
  type Quantifier,
} from '../../src/plan/match-node.ts';
import { compileNfa } from '../../src/plan/nfa/nfa-compiler.ts';
import { patternVariables } from '../../src/plan/walk-pattern.ts';
import { matchNode } from '../unit/engine/operators/match-harness.ts';

const RUNS = Number(process.env['SEQUITUR_PROPERTY_RUNS'] ?? 300);

const quantifier: fc.Arbitrary<Quantifier> = fc
  .record({
    bounds: fc.constantFrom([1, 1], [1, 1], [1, 1], [2, 2], [1, 2], [2, 3], [1, null], [2, null]),
    optional: fc.boolean(),
    greedy: fc.boolean(),
    inner: fc.constantFrom('consecutive', 'relaxed', 'combinations'),
  })
  .map(({ bounds: [min, max], optional, greedy, inner }) => ({
    min: min!,
    max: max!,
    optional: optional && max !== 2,
    greedy: greedy && max !== min && inner !== 'combinations',
    inner: max === 1 ? 'consecutive' : (inner as Quantifier['inner']),
  }));

const link = fc.constantFrom('next', 'next', 'followed-by', 'followed-by-any') as fc.Arbitrary<PatternElement['link']>;

/** Variables are named by their place, so each name is unique. */
function sequence(depth: number): fc.Arbitrary<PatternSequence> {
  const variable = fc
    .record({ link, quantifier })
    .map((rest): PatternElement => ({ kind: 'variable', variable: '', ...rest }));
  const element =
    depth === 0
      ? variable
      : fc.oneof(
          { weight: 4, arbitrary: variable },
          {
            weight: 1,
            arbitrary: fc.record({ sequence: sequence(depth - 1), link, quantifier }).map(
              (rest): PatternElement => ({
                kind: 'group',
                ...rest,
                quantifier: { ...rest.quantifier, greedy: false },
              }),
            ),
          },
        );
  // A group that may be empty could repeat without taking a row, so the compiler refuses it
  const first = element.map((each) => ({ ...each, quantifier: { ...each.quantifier, optional: false } }));
  return fc
    .tuple(first, fc.array(element, { maxLength: 2 }))
    .map(([head, rest]) => ({ kind: 'sequence', elements: [head, ...rest] }));
}

const node: fc.Arbitrary<MatchNode> = sequence(1).map((pattern) => {
  let next = 0;
  const named = (of: PatternSequence): PatternSequence => ({
    kind: 'sequence',
    elements: of.elements.map((each) => {
      if (each.kind === 'group') return { ...each, sequence: named(each.sequence) };
      return { ...(each as Extract<PatternElement, { kind: 'variable' }>), variable: `V${next++}` };
    }),
  });
  return { ...matchNode([], {}, []), pattern: named(pattern), skip: { kind: 'no-skip' } };
});

/**
 * Returns the partial matches after each row. A row is a list: for each variable whether the row
 * fits it.
 */
function keptBy(match: MatchNode, rows: readonly number[]): number[] {
  const variables = patternVariables(match.pattern);
  const matcher = new NfaMatcher(compileNfa(match.pattern, variables, { bounded: false }), null, match.skip);
  const state = matcher.newState();
  const nothing: FoundMatches = { match: () => {}, timeout: () => {}, started: () => {} };
  return rows.map((fits, time) => {
    const row = { time, accepts: (variable: number) => ((fits >> variable) & 1) === 1, keep: () => [] };
    matcher.advance(state, row, nothing);
    return state.partial.length;
  });
}

describe('state bound of patterns', () => {
  it('is never below the state of a run', () => {
    fc.assert(
      fc.property(node, fc.array(fc.nat(1023), { minLength: 1, maxLength: 9 }), (match, rows) => {
        fc.pre(mostPartialMatches(match, rows.length) < 20_000);
        const kept = keptBy(match, rows);
        for (const [i, count] of kept.entries()) assert.ok(count <= mostPartialMatches(match, i + 1));
        const { growth } = matchBound(match);
        if (growth.kind === 'constant') for (const count of kept) assert.ok(count <= growth.most);
      }),
      { numRuns: RUNS },
    );
  });

  it('grows as its class', () => {
    fc.assert(
      fc.property(node, (match) => {
        const { growth } = matchBound(match);
        const [once, twice] = [mostPartialMatches(match, 200), mostPartialMatches(match, 400)];
        if (growth.kind === 'constant') assert.deepEqual([once, twice], [growth.most, growth.most]);
        else if (growth.kind === 'exponential') assert.ok(mostPartialMatches(match, 1000) > 2 ** 40);
        else if (growth.degree <= 5) {
          const power = Math.log2(twice / once);
          assert.ok(Math.abs(power - growth.degree) < 0.35, `degree ${growth.degree}, grows by ${power}`);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('is reached by rows that fit all variables, if no variable excludes another', () => {
    const strict = matchNode(
      [
        { kind: 'variable', variable: 'A', link: 'next', quantifier: ONCE },
        { kind: 'variable', variable: 'B', link: 'followed-by', quantifier: ONCE },
      ],
      {},
      [],
    );
    const onlyA = Array.from({ length: 50 }, () => 1);
    assert.equal(keptBy({ ...strict, skip: { kind: 'no-skip' } }, onlyA).at(-1), mostPartialMatches(strict, 50));
    assert.equal(mostPartialMatches(strict, 50), 50);
  });

  it('counts partial matches beside an absence with more variables than can be tried', () => {
    const optional = { ...ONCE, optional: true };
    const match = matchNode(
      [
        { kind: 'variable', variable: 'A', link: 'next', quantifier: ONCE },
        { kind: 'variable', variable: 'N', link: 'not-followed-by', quantifier: ONCE },
        ...Array.from(
          { length: 11 },
          (_, i): PatternElement => ({
            kind: 'variable',
            variable: `V${i}`,
            link: 'followed-by',
            quantifier: optional,
          }),
        ),
        { kind: 'variable', variable: 'B', link: 'followed-by', quantifier: ONCE },
      ],
      {},
      [],
    );
    const onlyA = Array.from({ length: 20 }, () => 1);
    const kept = keptBy({ ...match, skip: { kind: 'no-skip' } }, onlyA).at(-1)!;
    assert.ok(kept >= 20);
    assert.ok(mostPartialMatches(match, 20) >= kept);
  });
});
