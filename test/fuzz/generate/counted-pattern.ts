import { ONCE, type PatternElement, type PatternLink, type Quantifier } from '../../../src/plan/match-node.ts';
import type { RowTest } from '../row-test.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { RandomPattern } from './random-pattern.ts';

const NAMES = ['A', 'B', 'C', 'D', 'E'];

/**
 * Generates a pattern with a loop that has bounds, as Flink SQL and the CEP library write it. In
 * most of them the engine counts the rows of the loop instead of having a state for each.
 */
export function randomCountedPattern(random: SeededRandom): RandomPattern {
  const before = random.oneOf([0, 1, 1, 2, 2]);
  const after = random.oneOf([0, 1, 1, 1, 2]);
  const variables = NAMES.slice(0, before + 1 + after);
  const strict = random.chance(0.5);
  const elements = variables.map((variable, i): PatternElement => {
    const quantifier = i === before ? boundedLoop(random, strict) : besideLoop(random, i < before);
    return { kind: 'variable', variable, link: i === 0 ? 'next' : linkTo(random, strict), quantifier };
  });
  return { pattern: { kind: 'sequence', elements }, variables, ends: [] };
}

/** Generates conditions that do not read earlier rows. Many rows satisfy several of them. */
export function conditionsOnRow(
  variables: readonly string[],
  random: SeededRandom,
): Readonly<Record<string, readonly RowTest[]>> {
  const tests = (): RowTest[] =>
    random.chance(0.25) ? [] : [{ test: 'kind', in: random.some(['a', 'b', 'c', 'x'], random.between(1, 3)) }];
  return Object.fromEntries(variables.map((variable) => [variable, tests()]));
}

function linkTo(random: SeededRandom, strict: boolean): PatternLink {
  return strict ? 'next' : random.oneOf(['next', 'followed-by', 'followed-by', 'followed-by-any']);
}

function boundedLoop(random: SeededRandom, strict: boolean): Quantifier {
  const min = random.between(1, 5);
  return {
    min,
    // In production the engine counts only longer loops.
    max: min + (random.chance(0.3) ? 17 : random.between(min < 3 ? 2 : 0, 4)),
    optional: random.chance(0.1),
    greedy: random.chance(0.4),
    inner: strict ? 'consecutive' : random.oneOf(['consecutive', 'relaxed', 'combinations']),
  };
}

function besideLoop(random: SeededRandom, isBefore: boolean): Quantifier {
  if (random.chance(isBefore ? 0.85 : 0.6)) return ONCE;
  const [min, max] = random.oneOf<readonly [number, number | null]>([
    [1, null],
    [2, 3],
    [2, 5],
  ]);
  return { min, max, optional: random.chance(0.3), greedy: false, inner: random.oneOf(['consecutive', 'relaxed']) };
}
