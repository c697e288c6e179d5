import type { MatchNode, SkipStrategy } from '../../../src/plan/match-node.ts';
import type { TestRow } from '../../unit/engine/operators/match-harness.ts';
import type { MatchCase } from '../match-case.ts';
import { SeededRandom } from '../seeded-random.ts';
import { conditionsOnRow, randomCountedPattern } from './counted-pattern.ts';
import { randomConditions } from './random-conditions.ts';
import { randomPattern, randomPortablePattern } from './random-pattern.ts';

const LONG_AFTER_1970 = 1_700_000_000_000;

/**
 * `cep`: everything that Flink's CEP library can express. `portable`: everything that Flink SQL can
 * express too. `sql`: the same, also with times that start at 1970-01-01 UTC. `counted`: a loop
 * with bounds, and conditions that do not read earlier rows.
 */
export type CaseLevel = 'cep' | 'portable' | 'sql' | 'counted';

/** Returns the case with this number of a seed. */
export function randomCase(seed: number, number: number, level: CaseLevel): MatchCase {
  const portable = level === 'portable' || level === 'sql';
  const random = new SeededRandom(seed, number);
  const within = randomWithin(random, portable);
  const { pattern, variables, ends } =
    level === 'counted'
      ? randomCountedPattern(random)
      : portable
        ? randomPortablePattern(random)
        : randomPattern(random, within !== null);
  const delayMs = random.oneOf([1, 1, 2000]);
  const loops = pattern.elements.filter((element) => element.kind === 'group' || element.quantifier.max !== 1).length;
  const order = random.chance(0.2)
    ? [{ column: random.oneOf(['v', 'kind'] as const), descending: random.chance(0.5) }]
    : [];
  const most = portable || loops <= 1 ? (random.chance(0.02) ? 150 : 40) : 22;
  const starts = level === 'sql' ? [0, 5_000, LONG_AFTER_1970] : [5_000, LONG_AFTER_1970];
  return {
    pattern,
    conditions:
      level === 'counted' ? conditionsOnRow(variables, random) : randomConditions([...variables, ...ends], random),
    within,
    skip: randomSkip(variables, random, portable),
    partitioned: random.chance(0.6),
    order,
    rows: randomRows(random, most, delayMs > 1, starts),
    delayMs,
    ...(portable || random.chance(0.7) ? {} : { shows: random.oneOf(within === null ? ['all'] : ['all', 'timeouts']) }),
    ...(portable || random.chance(0.7) ? {} : { measured: random.some(variables, random.below(variables.length)) }),
  };
}

function randomWithin(random: SeededRandom, portable: boolean): MatchNode['within'] {
  if (random.chance(0.4)) return null;
  const ms = random.between(2, 8) * 1000;
  return { ms, type: !portable && random.chance(0.3) ? 'previous-and-current' : 'first-and-last' };
}

function randomSkip(variables: readonly string[], random: SeededRandom, portable: boolean): SkipStrategy {
  const kind = random.oneOf([
    'to-next-row',
    'past-last-row',
    'to-next-row',
    'past-last-row',
    'no-skip',
    'to-first',
    'to-last',
  ] as const);
  if (kind === 'no-skip' && portable) return { kind: 'to-next-row' };
  if (kind !== 'to-first' && kind !== 'to-last') return { kind };
  return { kind, variable: random.oneOf(variables), failOnMiss: portable || random.chance(0.2) };
}

/**
 * Generates rows of two keys, about a second apart. Several rows often have the same time, and some
 * have NULLs. With disorder some are late.
 */
function randomRows(random: SeededRandom, most: number, disorder: boolean, starts: readonly number[]): TestRow[] {
  const rows: TestRow[] = [];
  const kinds = random.oneOf([
    ['a', 'b', 'c', 'x'],
    ['a', 'a', 'b', 'c'],
    ['a', 'b'],
    ['a', 'a', 'a', 'b', 'b', 'c', 'c', 'x'],
  ]);
  const count = random.between(Math.min(8, most), most);
  let now = random.oneOf(starts);
  for (let id = 1; id <= count; id++) {
    now += random.oneOf([0, 1, 1, 1, 2]) * 1000;
    const ts = disorder ? Math.max(0, now - random.oneOf([0, 0, 0, 1, 2, 3]) * 1000) : now;
    const v = random.chance(0.08) ? null : random.below(4);
    rows.push({ id, k: random.oneOf(['p', 'p', 'q']), kind: random.oneOf(kinds), v, ts });
  }
  return rows;
}
