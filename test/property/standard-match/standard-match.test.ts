/**
 * Compares the matcher of the SQL standard's semantics with a simple one that backtracks, on random
 * patterns, conditions, rows, bounds, AFTER MATCH clauses and batch boundaries. SEED and CASES in
 * the environment run other cases.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BIGINT, STRING } from '../../../src/core/data-type.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import { StandardAttemptLog } from '../../../src/engine/match/explain/standard-attempt-log.ts';
import { explainExpression } from '../../../src/plan/explain-expression.ts';
import type { Expression } from '../../../src/plan/expression.ts';
import type { MatchNode, SkipStrategy } from '../../../src/plan/match-node.ts';
import { patternVariables, walkPattern } from '../../../src/plan/walk-pattern.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import {
  column,
  INPUT,
  type Kill,
  last,
  MatchHarness,
  matchNode,
  type TestRow,
} from '../../unit/engine/operators/match-harness.ts';
import { type NaiveCondition, type NaiveResult, naiveMatches, SkipFails } from './naive-matcher.ts';
import { type RandomCondition, randomCondition, SUBSET } from './random-condition.ts';
import { randomPattern, VARIABLES } from './random-pattern.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_123);
const CASES = Number(process.env['CASES'] ?? 2000);

interface RandomCase {
  readonly node: MatchNode;
  readonly conditions: Readonly<Record<string, RandomCondition | undefined>>;
  readonly rows: readonly TestRow[];
}

describe('patterns with the semantics of the SQL standard', () => {
  it(`give what backtracking gives: ${CASES} cases of seed ${SEED}`, async () => {
    for (let number = 0; number < CASES; number++) {
      const random = new SeededRandom(SEED, number);
      const given = randomCase(random);
      const expected = naiveLines(given);
      const kill = random.chance(0.8) ? 'never' : random.oneOf<Kill>(['after each batch', 'in the next batch']);
      const actual = await engineLines(given, random.oneOf([1, 3, 100, 100]), kill);
      assert.deepEqual(actual, expected, `case ${number}: ${describeCase(given)}`);
    }
  });
});

describe('explanation of patterns with the semantics of the SQL standard', () => {
  it('lists the matches, an end of every attempt, and true reasons', async () => {
    for (let number = 0; number < CASES / 5; number++) {
      const given = randomCase(new SeededRandom(SEED, number));
      const expected = naiveResults(given);
      if (expected === null) continue;
      const log = new StandardAttemptLog();
      const harness = new MatchHarness(given.node, undefined, undefined, undefined, {
        node: given.node.name,
        semantics: 'standard',
        observer: log,
      });
      await harness.run(given.rows, 100, 1);
      await harness.advance(Number.POSITIVE_INFINITY);
      const about = `case ${number}: ${describeCase(given)}`;
      assert.deepEqual(harness.results(), naiveLines(given), about);
      const { attempts, notBegun } = log.explanation('match');
      const id = log.explanation('match').fields.findIndex(({ name }) => name === 'id');
      const ways = attempts.flatMap((attempt) => attempt.ways);
      assert.deepEqual(
        ways
          .flatMap(({ rows, end }) => (end.kind === 'match' ? [{ number: end.number, rows }] : []))
          .sort((a, b) => a.number - b.number)
          .map(({ rows }) => rows.map(({ variable, row }) => `${variable} ${String(row.values[id])}`)),
        expected.flatMap(({ taken }) =>
          taken === null ? [] : [taken.map(({ row, variable }) => `${variable} ${row}`)],
        ),
        about,
      );
      const begun = new Set([...attempts.map(({ first }) => first), ...notBegun].map(({ values }) => values[id]));
      for (const { start } of expected) assert.ok(begun.has(start), `${about}: row ${start}`);
      const reasons = [
        ...ways.flatMap(({ end }) => (end.kind === 'ended' ? [end.wanted] : [])),
        ...notBegun.map(({ wanted }) => wanted),
      ];
      for (const wanted of reasons) {
        assert.ok(wanted.length > 0 && wanted.every(({ failed }) => failed.length > 0), about);
      }
    }
  });
});

function randomCase(random: SeededRandom): RandomCase {
  const pattern = randomPattern(random, 2);
  const names = patternVariables(pattern);
  const conditions: Record<string, RandomCondition | undefined> = {};
  for (const name of names) if (random.chance(0.9)) conditions[name] = randomCondition(random);
  const define = Object.fromEntries(
    Object.entries(conditions).flatMap(([name, condition]) =>
      condition === undefined ? [] : [[name, condition.expression] as const],
    ),
  );
  let excludes = false;
  walkPattern(pattern, ({ kind }) => {
    excludes ||= kind === 'exclusion';
  });
  const skips: SkipStrategy[] = [
    { kind: 'past-last-row' },
    { kind: 'past-last-row' },
    { kind: 'to-next-row' },
    { kind: 'to-next-row' },
    {
      kind: random.oneOf(['to-first', 'to-last']),
      variable: random.oneOf([...VARIABLES, SUBSET.name]),
      failOnMiss: true,
    },
  ];
  const measures: Expression[] = [
    column('id'),
    { kind: 'match-number', type: BIGINT },
    { ...last(null, 'kind'), expression: { kind: 'match-classifier', type: STRING }, type: STRING },
  ];
  const base = matchNode(pattern.elements, define, measures.slice(1), {
    skip: random.oneOf(skips),
    within: random.chance(0.4) ? { ms: random.between(1, 12), type: 'first-and-last' } : null,
    partition: [],
  });
  const fields = [INPUT[0]!, ...base.fields];
  const outputs = [{ column: 0 }, { measure: 0 }, { measure: 1 }];
  const rows = { kind: 'all', empty: 'show', unmatched: !excludes } as const;
  let ts = 0;
  const stream = Array.from({ length: random.between(1, 11) }, (_, i): TestRow => {
    ts += random.oneOf([0, 1, 1, 2, 5]);
    return { id: i, k: null, kind: random.oneOf(['a', 'b', 'c']), v: random.below(5), ts: ts + 1 };
  });
  return {
    node: { ...base, semantics: 'standard', subsets: [SUBSET], rows, fields, outputs },
    conditions,
    rows: stream,
  };
}

/** Returns the attempts; null if AFTER MATCH names no row to continue from. */
function naiveResults({ node, conditions, rows }: RandomCase): NaiveResult[] | null {
  const condition: NaiveCondition = (row, variable, ...rest) =>
    conditions[variable] === undefined || conditions[variable].holds(rows, row, variable, ...rest) === true;
  const within = node.within?.ms ?? Number.POSITIVE_INFINITY;
  const times = rows.map(({ ts }) => ts);
  try {
    return naiveMatches(node.pattern, times, condition, node.skip, node.subsets, within);
  } catch (error) {
    if (error instanceof SkipFails) return null;
    throw error;
  }
}

/**
 * Returns the lines of ALL ROWS PER MATCH, in order. Ends with `fails` if AFTER MATCH names no row
 * to continue from.
 */
function naiveLines(given: RandomCase): string[] {
  const { rows } = given.node;
  const unmatched = rows.kind === 'all' && rows.unmatched;
  const results = naiveResults(given);
  if (results === null) return ['fails'];
  let matches = 0;
  return results.flatMap(({ start, taken }) => {
    if (taken === null) return unmatched ? [JSON.stringify([start, null, null])] : [];
    matches++;
    if (taken.length === 0) return [JSON.stringify([start, matches, null])];
    return taken.flatMap(({ row, variable, excluded }) => (excluded ? [] : [JSON.stringify([row, matches, variable])]));
  });
}

async function engineLines({ node, rows }: RandomCase, batchRows: number, kill: Kill): Promise<string[]> {
  const harness = new MatchHarness(node);
  try {
    await harness.run(rows, batchRows, 1, kill);
    await harness.advance(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'MATCH_SKIP') return ['fails'];
    throw error;
  }
  return harness.results();
}

function describeCase({ node, rows }: RandomCase): string {
  const define = node.define.map((each) => `${each.variable}: ${explainExpression(each.condition, INPUT)}`);
  return JSON.stringify(
    { pattern: node.pattern, skip: node.skip, within: node.within, define, rows },
    (key, value: unknown) => (['link', 'inner', 'optional', 'k'].includes(key) ? undefined : value),
    1,
  );
}
