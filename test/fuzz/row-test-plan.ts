import { BIGINT, BOOLEAN, STRING } from '../../src/core/data-type.ts';
import type { Expression } from '../../src/plan/expression.ts';
import { call, column, first, last } from '../unit/engine/operators/match-harness.ts';
import type { RowTest } from './row-test.ts';

const TRUE: Expression = { kind: 'literal', value: true, type: BOOLEAN };
const number = (value: number): Expression => ({ kind: 'literal', value: String(value), type: BIGINT });
const text = (value: string): Expression => ({ kind: 'literal', value, type: STRING });

/** Returns the tests as the condition of a plan. */
export function conditionOf(tests: readonly RowTest[], variable: string): Expression {
  if (tests.length === 0) return TRUE;
  return join(
    'and',
    tests.map((test) => expressionOf(test, variable)),
  );
}

function expressionOf(test: RowTest, variable: string): Expression {
  switch (test.test) {
    case 'kind':
      return join(
        'or',
        test.in.map((kind) => call('=', column('kind'), text(kind))),
      );
    case 'value':
      return call(test.compare, column('v'), number(test.value));
    case 'earlier': {
      const { of, compare, column: name } = test;
      const other = (of.from === 'first' ? first : last)(of.variable, name, of.offset);
      const comparison = call(compare, last(variable, name), other);
      return test.orNone ? join('or', [call('IS NULL', other), comparison]) : comparison;
    }
    case 'total': {
      const aggregate = { function: test.total, args: [column('v')], distinct: false, type: BIGINT };
      const total: Expression = { kind: 'match-aggregate', variable: test.of, call: aggregate, type: BIGINT };
      return call(test.compare, total, number(test.value));
    }
    case 'any':
      return join(
        'or',
        test.of.map((one) => expressionOf(one, variable)),
      );
  }
}

function join(kind: 'and' | 'or', args: readonly Expression[]): Expression {
  return args.length === 1 ? args[0]! : { kind, args, type: BOOLEAN };
}
