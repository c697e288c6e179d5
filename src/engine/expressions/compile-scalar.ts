import { unreachable } from '../../core/invariant.ts';
import { castScalar } from '../../functions/cast/cast.ts';
import type { FunctionEnvironment, ScalarKernel } from '../../functions/scalar-function.ts';
import type {
  CallExpression,
  CaseExpression,
  Expression,
  LogicExpression,
  MatchExpression,
} from '../../plan/expression.ts';
import { decodeLiteral } from '../../plan/literal.ts';
import type { ColumnReader, ScalarExpression } from './evaluate.ts';
import { functionOf } from './function-of.ts';

/** Compiles the nodes that only the pattern operator supports. */
export type MatchResolver<Row> = (node: MatchExpression) => ScalarExpression<Row>;

/**
 * Compiles an expression to a closure over one row. `read` gives a column's internal value;
 * `matchReader` compiles the nodes of MATCH_RECOGNIZE, which are refused without it. Branches of
 * CASE and right sides of AND and OR are evaluated only if they are needed.
 */
export function compileScalar<Row>(
  expression: Expression,
  read: ColumnReader<Row>,
  environment: FunctionEnvironment,
  matchReader?: MatchResolver<Row>,
): ScalarExpression<Row> {
  const compile = (node: Expression): ScalarExpression<Row> => compileScalar(node, read, environment, matchReader);
  switch (expression.kind) {
    case 'column': {
      const { index } = expression;
      return (row) => read(row, index);
    }
    case 'literal': {
      const value = decodeLiteral(expression.value, expression.type);
      return () => value;
    }
    case 'call':
      return compileCall(expression, compile, environment);
    case 'cast': {
      const input = compile(expression.input);
      const convert = castScalar(expression.input.type, expression.type, expression.onError, environment);
      return (row) => {
        const value = input(row);
        return value === null ? null : convert(value);
      };
    }
    case 'and':
    case 'or':
    case 'not':
      return compileLogic(expression, compile);
    case 'case':
      return compileCase(expression, compile);
    case 'field': {
      const input = compile(expression.input);
      const { index } = expression;
      return (row) => {
        const value = input(row) as readonly unknown[] | null;
        return value === null ? null : (value[index] ?? null);
      };
    }
    case 'match-navigation':
    case 'match-aggregate':
    case 'match-time':
    case 'match-classifier':
    case 'match-number':
    case 'match-status':
      if (matchReader === undefined) throw new Error(`${expression.kind} outside of MATCH_RECOGNIZE`);
      return matchReader(expression);
    default:
      return unreachable(expression);
  }
}

type Compile<Row> = (node: Expression) => ScalarExpression<Row>;

function compileCall<Row>(
  call: CallExpression,
  compile: Compile<Row>,
  environment: FunctionEnvironment,
): ScalarExpression<Row> {
  const definition = functionOf(call.function);
  const kernel = definition.scalar(
    call.args.map((arg) => arg.type),
    call.type,
    environment,
  );
  return applyKernel(kernel, call.args.map(compile), definition.nulls !== 'handled');
}

/**
 * Calls the kernel with the values of the arguments. A strict kernel is not called if an argument
 * is NULL.
 */
function applyKernel<Row>(
  kernel: ScalarKernel,
  args: readonly ScalarExpression<Row>[],
  strict: boolean,
): ScalarExpression<Row> {
  const [first, second, third] = args;
  switch (args.length) {
    case 0:
      return () => kernel();
    case 1:
      if (!strict) return (row) => kernel(first!(row));
      return (row) => {
        const a = first!(row);
        return a === null ? null : kernel(a);
      };
    case 2:
      if (!strict) return (row) => kernel(first!(row), second!(row));
      return (row) => {
        const a = first!(row);
        if (a === null) return null;
        const b = second!(row);
        return b === null ? null : kernel(a, b);
      };
    case 3:
      if (!strict) return (row) => kernel(first!(row), second!(row), third!(row));
      return (row) => {
        const a = first!(row);
        if (a === null) return null;
        const b = second!(row);
        if (b === null) return null;
        const c = third!(row);
        return c === null ? null : kernel(a, b, c);
      };
    default:
      return (row) => {
        const values: unknown[] = [];
        for (const arg of args) {
          const value = arg(row);
          if (strict && value === null) return null;
          values.push(value);
        }
        return kernel(...values);
      };
  }
}

function compileLogic<Row>(logic: LogicExpression, compile: Compile<Row>): ScalarExpression<Row> {
  const args = logic.args.map(compile);
  if (logic.kind === 'not') {
    const input = args[0]!;
    return (row) => {
      const value = input(row);
      return value === null ? null : value !== true;
    };
  }
  const decisive = logic.kind === 'or';
  return (row) => {
    let result: boolean | null = !decisive;
    for (const arg of args) {
      const value = arg(row);
      if (value === decisive) return decisive;
      if (value === null) result = null;
    }
    return result;
  };
}

function compileCase<Row>(expression: CaseExpression, compile: Compile<Row>): ScalarExpression<Row> {
  const whens = expression.branches.map((branch) => compile(branch.when));
  const thens = expression.branches.map((branch) => compile(branch.then));
  const otherwise = compile(expression.otherwise);
  return (row) => {
    for (let i = 0; i < whens.length; i++) if (whens[i]!(row) === true) return thens[i]!(row);
    return otherwise(row);
  };
}
