import { BIGINT, BOOLEAN, STRING } from '../../../src/core/data-type.ts';
import type { Expression, MatchNavigation } from '../../../src/plan/expression.ts';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { call, column, first, last, type TestRow } from '../../unit/engine/operators/match-harness.ts';
import type { NaiveCondition, Taken } from './naive-matcher.ts';
import { VARIABLES } from './random-pattern.ts';

/** SUBSET of every random pattern. */
export const SUBSET = { name: 'U', members: ['A', 'B'] } as const;

/**
 * A random condition in two forms: the plan's expression, and a function that computes the expected
 * result.
 */
export interface RandomCondition {
  readonly expression: Expression;
  holds(rows: readonly TestRow[], ...args: Parameters<NaiveCondition>): boolean | null;
}

const number = (value: number): Expression => ({ kind: 'literal', value: String(value), type: BIGINT });
const text = (value: string): Expression => ({ kind: 'literal', value, type: STRING });
const label: Expression = { kind: 'match-classifier', type: STRING };

export function randomCondition(random: SeededRandom): RandomCondition {
  const [one, other] = [randomTest(random), randomTest(random)];
  if (random.chance(0.5)) return one;
  const kind = random.oneOf(['and', 'or'] as const);
  return {
    expression: { kind, args: [one.expression, other.expression], type: BOOLEAN },
    holds(...args) {
      const both = [one.holds(...args), other.holds(...args)];
      const decisive = kind === 'or';
      if (both.includes(decisive)) return decisive;
      return both.includes(null) ? null : !decisive;
    },
  };
}

function randomTest(random: SeededRandom): RandomCondition {
  const more = random.chance(0.5);
  const operator = more ? '>=' : '<';
  const compare = (a: number | null, b: number | null): boolean | null =>
    a === null || b === null ? null : more ? a >= b : a < b;
  const limit = random.below(5);
  const kinds = random.oneOf(['a', 'b', 'c', 'ab', 'bc', 'abc']);
  switch (random.below(9)) {
    case 0:
    case 1: {
      const args = [...kinds].map((kind) => call('=', column('kind'), text(kind)));
      return {
        expression: args.length === 1 ? args[0]! : { kind: 'or', args, type: BOOLEAN },
        holds: (rows, row) => kinds.includes(rows[row]!.kind),
      };
    }
    case 2:
      return {
        expression: call(operator, column('v'), number(limit)),
        holds: (rows, row) => compare(rows[row]!.v, limit),
      };
    case 3: {
      const physical = random.oneOf([-1, -1, -2, 1, 2]);
      return {
        expression: call(operator, column('v'), { ...last(null, 'v'), physical }),
        holds: (rows, row, _variable, _taken, horizon) => {
          const there = row + physical;
          return compare(rows[row]!.v, there < 0 || there >= horizon ? null : rows[there]!.v);
        },
      };
    }
    case 4:
    case 5: {
      const from = random.oneOf([first, last]);
      const of = random.oneOf([...VARIABLES, SUBSET.name, null]);
      const offset = random.below(3);
      return {
        expression: call(operator, column('v'), from(of, 'v', offset)),
        holds: (rows, row, variable, taken) => {
          const found = rowsOf(of, row, variable, taken);
          const there = from === first ? found[offset] : found.at(-1 - offset);
          return compare(rows[row]!.v, there === undefined ? null : rows[there.row]!.v);
        },
      };
    }
    case 6: {
      const of = random.oneOf([...VARIABLES, SUBSET.name, null]);
      const sums = random.chance(0.5);
      const aggregate = {
        function: sums ? 'SUM' : 'COUNT',
        args: sums ? [column('v')] : [],
        distinct: false,
        type: BIGINT,
      };
      const most = limit * (sums ? 3 : 1);
      return {
        expression: call('<=', { kind: 'match-aggregate', variable: of, call: aggregate, type: BIGINT }, number(most)),
        holds: (rows, row, variable, taken) => {
          const found = rowsOf(of, row, variable, taken);
          if (!sums) return found.length <= most;
          return found.length === 0 ? null : found.reduce((sum, each) => sum + rows[each.row]!.v!, 0) <= most;
        },
      };
    }
    case 7: {
      const wanted = random.oneOf(VARIABLES);
      const of = random.oneOf([null, SUBSET.name]);
      const offset = random.below(2);
      const physical = random.oneOf([0, 0, -1]);
      const read: MatchNavigation = { ...last(of, 'kind', offset), expression: label, type: STRING };
      return {
        expression: call('=', physical === 0 ? read : { ...read, physical }, text(wanted)),
        holds: (_rows, row, variable, taken) => {
          const from = rowsOf(of, row, variable, taken).at(-1 - offset);
          if (from === undefined) return null;
          const there = rowsOf(null, row, variable, taken).find((each) => each.row === from.row + physical);
          return there === undefined ? null : there.variable === wanted;
        },
      };
    }
    default: {
      const least = random.between(1, 2);
      return {
        expression: call('>=', { kind: 'match-number', type: BIGINT }, number(least)),
        holds: (_rows, _row, _variable, _taken, _horizon, matches) => matches >= least,
      };
    }
  }
}

/**
 * Returns the rows of a variable, of a subset or of all variables. The row under test is the last.
 */
function rowsOf(of: string | null, row: number, variable: string, taken: readonly Taken[]): Taken[] {
  const members: readonly string[] = of === SUBSET.name ? SUBSET.members : of === null ? VARIABLES : [of];
  return [...taken, { row, variable, excluded: false }].filter((each) => members.includes(each.variable));
}
