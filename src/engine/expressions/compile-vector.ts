import { BooleanVector, ConstantVector, type Vector } from '../../batch/vector.ts';
import { castScalar } from '../../functions/cast/cast.ts';
import { castVector } from '../../functions/cast/cast-vector.ts';
import type { FunctionEnvironment, ScalarKernel, VectorKernel } from '../../functions/scalar-function.ts';
import type { CallExpression, CastExpression, Expression, LogicExpression } from '../../plan/expression.ts';
import { decodeLiteral } from '../../plan/literal.ts';
import { applyScalar } from './apply-scalar.ts';
import { compileCaseVector } from './compile-case-vector.ts';
import { compileScalar } from './compile-scalar.ts';
import type { Rows, VectorExpression } from './evaluate.ts';
import { isConstant } from './fold-constant.ts';
import { functionOf } from './function-of.ts';

/**
 * Compiles an expression to a loop over a batch. A column returns the batch's own vector, a
 * constant a ConstantVector. Everything else returns a new vector of `batch.size` positions, of
 * which only `rows` are defined. Constants are computed at the first batch that has rows, once.
 */
export function compileVector(expression: Expression, environment: FunctionEnvironment): VectorExpression {
  if (expression.kind === 'column') {
    const { index } = expression;
    return (batch) => batch.columns[index]!;
  }
  if (expression.kind === 'literal') {
    const constant = new ConstantVector(decodeLiteral(expression.value, expression.type));
    return () => constant;
  }
  if (isConstant(expression)) return compileConstant(expression, environment);
  switch (expression.kind) {
    case 'call':
      return compileCall(expression, environment);
    case 'cast':
      return compileCast(expression, environment);
    case 'and':
    case 'or':
    case 'not':
      return compileLogic(expression, environment);
    case 'case':
      return compileCaseVector(expression, environment);
    case 'field': {
      const input = compileVector(expression.input, environment);
      const { index } = expression;
      const field: ScalarKernel = (value: readonly unknown[]) => value[index] ?? null;
      return (batch, rows) => {
        const vector = input(batch, rows);
        if (vector.kind === 'row') return vector.field(index);
        return applyScalar(field, true, expression.type, [vector], batch, rows);
      };
    }
    default:
      throw new Error(`${expression.kind} outside of MATCH_RECOGNIZE`);
  }
}

/**
 * Compiles a constant. It is evaluated when the first row needs it, so that a failing constant does
 * not fail a query without rows.
 */
function compileConstant(expression: Expression, environment: FunctionEnvironment): VectorExpression {
  const evaluate = compileScalar<null>(expression, () => null, environment);
  let constant: ConstantVector | null = null;
  return (_batch, rows) => {
    if (constant !== null) return constant;
    if (rows.count === 0) return new ConstantVector(null);
    constant = new ConstantVector(evaluate(null));
    return constant;
  };
}

function compileCall(call: CallExpression, environment: FunctionEnvironment): VectorExpression {
  const definition = functionOf(call.function);
  const types = call.args.map((arg) => arg.type);
  const args = call.args.map((arg) => compileVector(arg, environment));
  const vectorKernel = definition.vector?.(types, call.type, environment) ?? null;
  if (vectorKernel !== null) return applyVector(vectorKernel, args);
  const kernel = definition.scalar(types, call.type, environment);
  const strict = definition.nulls !== 'handled';
  return (batch, rows) =>
    applyScalar(
      kernel,
      strict,
      call.type,
      args.map((arg) => arg(batch, rows)),
      batch,
      rows,
    );
}

function applyVector(kernel: VectorKernel, args: readonly VectorExpression[]): VectorExpression {
  const [first, second] = args;
  if (args.length === 2) {
    return (batch, rows) => kernel([first!(batch, rows), second!(batch, rows)], rows.rows, rows.count, batch.size);
  }
  return (batch, rows) =>
    kernel(
      args.map((arg) => arg(batch, rows)),
      rows.rows,
      rows.count,
      batch.size,
    );
}

function compileCast(cast: CastExpression, environment: FunctionEnvironment): VectorExpression {
  const input = compileVector(cast.input, environment);
  const kernel = castVector(cast.input.type, cast.type);
  if (kernel !== null) return applyVector(kernel, [input]);
  const convert = castScalar(cast.input.type, cast.type, cast.onError, environment);
  return (batch, rows) => applyScalar(convert, true, cast.type, [input(batch, rows)], batch, rows);
}

const FALSE = 0;
const TRUE = 1;
const UNKNOWN = 2;

/**
 * Compiles AND, OR and NOT as values. The next argument is evaluated only for the rows that the
 * ones before did not decide.
 */
function compileLogic(logic: LogicExpression, environment: FunctionEnvironment): VectorExpression {
  const args = logic.args.map((arg) => compileVector(arg, environment));
  if (logic.kind === 'not') {
    const input = args[0]!;
    return (batch, rows) => {
      const state = new Uint8Array(batch.size);
      combine(state, input(batch, rows), rows, TRUE, true);
      for (let i = 0; i < state.length; i++) if (state[i] !== UNKNOWN) state[i] = state[i]! ^ 1;
      return booleans(state);
    };
  }
  const decisive = logic.kind === 'and' ? FALSE : TRUE;
  return (batch, rows) => {
    const state = new Uint8Array(batch.size);
    if (decisive === FALSE) state.fill(TRUE);
    let open = rows;
    for (const [n, arg] of args.entries()) {
      if (open.count === 0) break;
      combine(state, arg(batch, open), open, decisive, false);
      if (n < args.length - 1) open = undecided(state, decisive, open);
    }
    return booleans(state);
  };
}

/**
 * Merges an argument's truth value into the state: the decisive value wins, then UNKNOWN. `replace`
 * copies the value unchanged.
 */
function combine(state: Uint8Array, vector: Vector, { rows, count }: Rows, decisive: number, replace: boolean): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const value = vector.get(i);
    const truth = value === null ? UNKNOWN : value === true ? TRUE : FALSE;
    if (replace || truth === decisive) state[i] = truth;
    else if (truth === UNKNOWN) state[i] = UNKNOWN;
  }
}

function undecided(state: Uint8Array, decisive: number, { rows, count }: Rows): Rows {
  const left = new Int32Array(count);
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (state[i] !== decisive) left[n++] = i;
  }
  return { rows: left, count: n };
}

function booleans(state: Uint8Array): BooleanVector {
  let nulls: Uint8Array | null = null;
  for (let i = 0; i < state.length; i++) {
    if (state[i] !== UNKNOWN) continue;
    nulls ??= new Uint8Array(state.length);
    nulls[i] = 1;
    state[i] = FALSE;
  }
  return new BooleanVector(state, nulls);
}
