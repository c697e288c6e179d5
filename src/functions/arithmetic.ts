import type { DataType, DecimalType } from '../core/data-type.ts';
import { isApproximate, isInteger, isNumeric, typeName, withNullable } from '../core/data-type.ts';
import { invariant } from '../core/invariant.ts';
import {
  type ArithmeticOperator,
  divisionByZero,
  floatKernel,
  INTEGER_SHIFT,
  integerKernel,
  longKernel,
} from './arithmetic-kernels.ts';
import { asDecimal, decimalResult, leastRestrictive } from './common-type.ts';
import { decimalAdd, decimalDivide, decimalMultiply, decimalRemainder } from './decimal.ts';
import { longAdd, longDivide, longMultiply, longNegate, longRemainder, longSubtract, wrapLong } from './exact-long.ts';
import type {
  ArgumentInfo,
  Mismatch,
  Resolution,
  ScalarFunction,
  ScalarKernel,
  VectorKernel,
} from './scalar-function.ts';
import { resolveTimeArithmetic, timeArithmeticKernel } from './time/time-arithmetic.ts';

/**
 * `+ - * / %` on numbers, and `+ - *` where times and intervals take part. Integers wrap, integer
 * division truncates, division by zero fails the job for exact numbers and gives Infinity or NaN
 * for approximate ones; a DECIMAL that does not fit is NULL.
 */
function resolveNumbers(operator: ArithmeticOperator, infos: readonly ArgumentInfo[]): Resolution | Mismatch {
  const [a, b] = infos.map((info) => info.type) as [DataType, DataType];
  const fits = (type: DataType) =>
    (isNumeric(type) && !(operator === '%' && isApproximate(type))) || type.kind === 'null';
  if (!fits(a) || !fits(b) || (a.kind === 'null' && b.kind === 'null')) {
    return {
      mismatch: `cannot be applied to ${typeName(a)} and ${typeName(b)}; it takes two ${operator === '%' ? 'exact ' : ''}numbers`,
    };
  }
  const nullable = a.nullable || b.nullable || a.kind === 'null' || b.kind === 'null';
  const common = leastRestrictive(a, b)!;
  const whole = operator === '%' && isWhole(a) && isWhole(b);
  if (common.kind !== 'decimal') {
    return {
      args: [withNullable(common, a.nullable), withNullable(common, b.nullable)],
      result: withNullable(whole ? b : common, nullable),
    };
  }
  const left = asDecimal(a.kind === 'null' ? b : a)!;
  const right = asDecimal(b.kind === 'null' ? a : b)!;
  const result = whole ? b : decimalResult(operator === '-' ? '+' : operator, left, right);
  return {
    args: [withNullable(left, a.nullable), withNullable(right, b.nullable)],
    result: withNullable(result, nullable),
  };
}

/** The rest of a division of two whole numbers has the type of the divisor. */
const isWhole = (type: DataType): boolean => isInteger(type) || (type.kind === 'decimal' && type.scale === 0);

function numberScalar(operator: ArithmeticOperator, args: readonly DataType[], result: DataType): ScalarKernel {
  const type = args[0]!;
  if (type.kind === 'decimal') {
    const exact = decimalScalar(operator, type, args[1] as DecimalType, asDecimal(result)!);
    return result.kind === 'decimal' ? exact : (a, b) => wrapLong(BigInt(exact(a, b) as number | bigint));
  }
  if (isApproximate(type)) return approximateScalar(operator, type.kind === 'float');
  if (type.kind === 'bigint') return longScalar(operator);
  const shift = INTEGER_SHIFT[type.kind];
  invariant(shift !== undefined, () => `no arithmetic on ${typeName(type)}`);
  switch (operator) {
    case '+':
      return (a: number, b: number) => ((a + b) << shift) >> shift;
    case '-':
      return (a: number, b: number) => ((a - b) << shift) >> shift;
    case '*':
      return (a: number, b: number) => (Math.imul(a, b) << shift) >> shift;
    case '/':
      return whereNotZero((a: number, b: number) => ((a / b) << shift) >> shift);
    case '%':
      return whereNotZero((a: number, b: number) => (a % b) + 0);
  }
}

function approximateScalar(operator: ArithmeticOperator, single: boolean): ScalarKernel {
  const double = (): ((a: number, b: number) => number) => {
    switch (operator) {
      case '+':
        return (a, b) => a + b;
      case '-':
        return (a, b) => a - b;
      case '*':
        return (a, b) => a * b;
      case '/':
        return (a, b) => a / b;
      case '%':
        return (a, b) => a % b;
    }
  };
  const compute = double();
  return single ? (a: number, b: number) => Math.fround(compute(a, b)) : compute;
}

function longScalar(operator: ArithmeticOperator): ScalarKernel {
  switch (operator) {
    case '+':
      return longAdd;
    case '-':
      return longSubtract;
    case '*':
      return longMultiply;
    case '/':
      return whereNotZero(longDivide);
    case '%':
      return whereNotZero(longRemainder);
  }
}

function decimalScalar(
  operator: ArithmeticOperator,
  a: DecimalType,
  b: DecimalType,
  result: DecimalType,
): ScalarKernel {
  switch (operator) {
    case '+':
      return decimalAdd(a, b, result, 1);
    case '-':
      return decimalAdd(a, b, result, -1);
    case '*':
      return decimalMultiply(a, b, result);
    case '/':
      return whereNotZero(decimalDivide(a, b, result));
    case '%':
      return whereNotZero(decimalRemainder(a, b, result));
  }
}

/**
 * Computes only the rows whose divisor is not zero. A bigint divisor is never 0n for a BIGINT
 * (whose zero is the number 0), but it may be 0n for a wide DECIMAL.
 */
function whereNotZero<T extends number | bigint>(compute: (a: T, b: T) => unknown): ScalarKernel {
  return (a: T, b: T) => {
    if (b === 0 || b === 0n) throw divisionByZero();
    return compute(a, b);
  };
}

/**
 * Creates the kernel of DECIMALs of at most 15 digits. They are floats that hold integers, so sums
 * of one scale and products are plain float operations.
 */
function shortDecimals(operator: ArithmeticOperator, args: readonly DataType[], result: DataType): boolean {
  const [a, b] = args;
  if (a?.kind !== 'decimal' || b?.kind !== 'decimal' || result.kind !== 'decimal' || result.precision > 15)
    return false;
  return operator === '*' || ((operator === '+' || operator === '-') && a.scale === b.scale);
}

function numberVector(operator: ArithmeticOperator, args: readonly DataType[], result: DataType): VectorKernel | null {
  const type = args[0]!;
  if (shortDecimals(operator, args, result)) return longKernel(operator);
  if (isApproximate(type)) return floatKernel(operator, type.kind === 'float');
  if (type.kind === 'bigint') return longKernel(operator);
  return type.kind in INTEGER_SHIFT ? integerKernel(operator, type.kind) : null;
}

function binary(name: string, operator: ArithmeticOperator, summary: string): ScalarFunction {
  return {
    name,
    summary,
    resolve(infos) {
      if (infos.length !== 2) return { mismatch: `expects 2 arguments, got ${infos.length}` };
      if (name === operator) {
        const timed = resolveTimeArithmetic(operator, infos);
        if (timed !== null) return timed;
      }
      return resolveNumbers(operator, infos);
    },
    scalar(args, result) {
      return args.every(isNumeric)
        ? numberScalar(operator, args, result)
        : timeArithmeticKernel(operator, args, result);
    },
    vector: (args, result) => (args.every(isNumeric) ? numberVector(operator, args, result) : null),
  };
}

const negate: ScalarFunction = {
  name: 'NEGATE',
  summary: 'The number or interval with the opposite sign.',
  resolve(infos) {
    const type = infos[0]?.type;
    if (infos.length !== 1 || type === undefined) return { mismatch: `expects 1 argument, got ${infos.length}` };
    if (!isNumeric(type) && type.kind !== 'interval-day-time' && type.kind !== 'interval-year-month') {
      return { mismatch: `cannot be applied to ${typeName(type)}; it takes a number or an interval` };
    }
    return { args: [type], result: type };
  },
  scalar([type]) {
    if (type!.kind === 'bigint') return longNegate;
    if (isApproximate(type!)) return (a: number) => -a;
    const shift = INTEGER_SHIFT[type!.kind];
    if (shift !== undefined) return (a: number) => (-a << shift) >> shift;
    return (a: number | bigint) => (typeof a === 'bigint' ? -a : 0 - a);
  },
};

export const ARITHMETIC: readonly ScalarFunction[] = [
  binary('+', '+', 'The sum. Also a time plus an interval.'),
  binary('-', '-', 'The difference. Also a time minus an interval.'),
  binary('*', '*', 'The product. Also an interval times a number.'),
  binary('/', '/', 'The quotient. The quotient of integers is truncated.'),
  binary('%', '%', 'The remainder of `a / b`, with the sign of `a`. Exact numbers only.'),
  binary('MOD', '%', 'The remainder of `a / b`, with the sign of `a`. Exact numbers only.'),
  negate,
];
