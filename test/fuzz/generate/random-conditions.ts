import type { Comparison, RowTest, Total } from '../row-test.ts';
import type { SeededRandom } from '../seeded-random.ts';

const COMPARISONS: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>='];
const TOTALS: readonly Total[] = ['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'];

/**
 * Generates the conditions of the variables. Most conditions choose a kind of row. Many also
 * compare the row with rows bound before, mostly by equality.
 */
export function randomConditions(
  variables: readonly string[],
  random: SeededRandom,
): Readonly<Record<string, readonly RowTest[]>> {
  const conditions: Record<string, readonly RowTest[]> = {};
  // Half of the cases have lenient conditions, so that there are matches to skip and to hold back.
  const lenient = random.chance(0.5);
  for (const [i, variable] of variables.entries()) {
    const tests: RowTest[] = [];
    if (random.chance(lenient ? 0.7 : 0.85)) {
      tests.push({ test: 'kind', in: random.some(['a', 'b', 'c'], random.oneOf(lenient ? [1, 2, 2] : [1, 1, 2])) });
    }
    while (random.chance(lenient ? 0.2 : 0.35) && tests.length < 3) {
      tests.push(randomTest(variable, variables.slice(0, i), random));
    }
    conditions[variable] = tests;
  }
  return conditions;
}

function randomTest(variable: string, before: readonly string[], random: SeededRandom): RowTest {
  const kind = random.below(10);
  if (kind === 0) return { test: 'value', compare: random.oneOf(COMPARISONS), value: random.below(3) };
  if (kind === 1 || kind === 2) return randomTotal(variable, before, random);
  if (kind === 3)
    return { test: 'any', of: [randomTest(variable, before, random), randomTest(variable, before, random)] };
  if (before.length === 0 || kind === 4) {
    // The value rises or falls within the variable's own rows.
    const of = { variable, from: 'last', offset: 1 } as const;
    return { test: 'earlier', compare: random.oneOf(COMPARISONS), column: 'v', of, orNone: random.chance(0.8) };
  }
  return {
    test: 'earlier',
    compare: random.chance(0.7) ? '=' : random.oneOf(COMPARISONS),
    column: random.chance(0.85) ? 'v' : 'kind',
    of: {
      variable: random.oneOf(before),
      from: random.chance(0.7) ? 'last' : 'first',
      offset: random.oneOf([0, 0, 0, 0, 1]),
    },
    orNone: random.chance(0.15),
  };
}

function randomTotal(variable: string, before: readonly string[], random: SeededRandom): RowTest {
  const total = random.oneOf(TOTALS);
  const of = random.oneOf([variable, variable, null, ...before]);
  const compare = random.oneOf(['<', '<=', '>=', '<', '='] as const);
  return { test: 'total', total, of, compare, value: total === 'SUM' ? random.between(2, 6) : random.between(1, 3) };
}
