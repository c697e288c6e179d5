import type { DataType } from '../core/data-type.ts';
import { DOUBLE, decimal, INT, isApproximate, STRING, typeName, withNullable } from '../core/data-type.ts';
import { commonTypeOf } from './common-type.ts';
import { comparatorOf } from './compare-values.ts';
import { decimalText, divideHalfUp, fitDecimal, parseExact, powerOfTen } from './decimal.ts';
import { aliases, define } from './define.ts';
import { longNegate, wrapLong } from './exact-long.ts';
import type { ScalarFunction, ScalarKernel } from './scalar-function.ts';
import {
  doubleParameter,
  longParameter,
  narrowIntParameter,
  numberParameter,
  type Parameter,
  signature,
  textParameter,
} from './signature.ts';

/**
 * Defines the functions on numbers. The approximate ones work on DOUBLE like Java's Math. Rounding
 * is half up, away from zero.
 */
const sameType = ([type]: readonly DataType[]): DataType => type!;

function doubles(name: string, summary: string, compute: (x: number) => number): ScalarFunction {
  return define({ name, summary, resolve: signature([doubleParameter], DOUBLE), kernel: compute });
}

/** Wraps an integer's new value into its type: ABS of the smallest INT is itself. */
function wrapTo(kind: string): (value: bigint) => number | bigint {
  const bits = { tinyint: 8, smallint: 16, int: 32 }[kind];
  return bits === undefined ? wrapLong : (value) => Number(BigInt.asIntN(bits, value));
}

const absolute: ScalarFunction = define({
  name: 'ABS',
  summary: 'The number without its sign.',
  resolve: signature([numberParameter], sameType),
  kernelFor: ([type]) => {
    if (isApproximate(type!)) return Math.abs;
    if (type!.kind === 'decimal') return (x: number | bigint) => (x < 0 ? -x : x);
    if (type!.kind === 'bigint') return (x: number | bigint) => (x < 0 ? longNegate(x) : x);
    const wrap = wrapTo(type!.kind);
    return (x: number) => (x < 0 ? wrap(BigInt(-x)) : x);
  },
});

const withoutScale = ([type]: readonly DataType[]): DataType =>
  type!.kind === 'decimal' ? decimal(type!.precision, 0, type!.nullable) : type!;

/** Defines FLOOR or CEIL. Integers stay unchanged, and a DECIMAL loses its scale. */
function wholeNumber(name: string, summary: string, compute: (x: number) => number, up: boolean): ScalarFunction {
  return define({
    name,
    summary,
    resolve: signature([numberParameter], withoutScale),
    kernelFor: ([type], result) => {
      if (isApproximate(type!)) return compute;
      if (type!.kind !== 'decimal' || result.kind !== 'decimal') return (x: unknown) => x;
      const unit = powerOfTen(type!.scale);
      return (x: number | bigint) => {
        const value = BigInt(x);
        const cut = value / unit;
        const rest = value - cut * unit;
        return fitDecimal(up && rest > 0n ? cut + 1n : !up && rest < 0n ? cut - 1n : cut, 0, result);
      };
    },
  });
}

/**
 * Rounds an exact number to some digits after the point (before it if negative). `scale` is the
 * scale of the input and of the result.
 */
function roundExact(unscaled: bigint, scale: number, digits: number, cut: boolean): bigint {
  if (digits >= scale) return unscaled;
  const unit = powerOfTen(Math.min(scale - digits, 400));
  const count = cut ? unscaled / unit : divideHalfUp(unscaled, unit);
  return count * unit;
}

/** Works on the digits of the double's text form, as Java's BigDecimal.valueOf does. */
function roundDouble(value: number, digits: number, cut: boolean): number {
  if (!Number.isFinite(value)) return value;
  if (digits === 0 && Math.abs(value) < 2 ** 52) {
    const whole = Math.trunc(value);
    return !cut && Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
  }
  const exact = parseExact(String(value))!;
  if (digits >= exact.scale) return value;
  const rounded = roundExact(exact.unscaled, exact.scale, digits, cut);
  return Number(decimalText(rounded, exact.scale));
}

function rounding(name: string, summary: string, cut: boolean): ScalarFunction {
  return define({
    name,
    summary,
    resolve: signature(
      [numberParameter, narrowIntParameter],
      ([type], infos) => {
        if (type!.kind !== 'decimal') return type!;
        const literal = infos.length < 2 ? 0 : infos[1]!.literal?.value;
        // If the number of digits is not known in advance, the scale does not change.
        if (typeof literal !== 'number' && typeof literal !== 'string') return type!;
        const digits = Number(literal);
        if (digits >= type!.scale) return type!;
        const integral = type!.precision - type!.scale;
        if (digits < 0) return decimal(Math.min(38, integral + 1), 0);
        return decimal(integral + 1 + digits, digits);
      },
      { optional: 1 },
    ),
    kernelFor: ([type], result): ScalarKernel => {
      if (type!.kind === 'decimal' && result.kind === 'decimal') {
        const { scale } = type!;
        return (x: number | bigint, digits = 0) => fitDecimal(roundExact(BigInt(x), scale, digits, cut), scale, result);
      }
      if (isApproximate(type!)) {
        const narrow = type!.kind === 'float' ? Math.fround : (x: number) => x;
        return (x: number, digits = 0) => narrow(roundDouble(x, digits, cut));
      }
      const wrap = wrapTo(type!.kind);
      return (x: number | bigint, digits = 0) => (digits >= 0 ? x : wrap(roundExact(BigInt(x), 0, digits, cut)));
    },
  });
}

const sign: ScalarFunction = define({
  name: 'SIGN',
  summary: '-1 for a negative number, 0 for zero, 1 for a positive number.',
  resolve: signature([numberParameter], sameType),
  kernelFor: ([type]) => {
    if (isApproximate(type!)) return Math.sign;
    const one = type!.kind === 'decimal' ? powerOfTen(type!.scale) : 1n;
    const positive = type!.kind === 'decimal' && type!.precision > 15 ? one : Number(one);
    const zero = typeof positive === 'bigint' ? 0n : 0;
    return (x: number | bigint) => (x > 0 ? positive : x < 0 ? -positive : zero);
  },
});

const logarithm: ScalarFunction = define({
  name: 'LOG',
  summary: 'The natural logarithm of `x`, or the logarithm to a base.',
  resolve: signature([doubleParameter, doubleParameter], DOUBLE, { optional: 1 }),
  kernel: (x: number, y?: number) => (y === undefined ? Math.log(x) : Math.log(y) / Math.log(x)),
});

/**
 * A seed is accepted but does not give Java's sequence: the numbers come from the engine's port.
 */
const random: ScalarFunction = define({
  name: 'RAND',
  summary: 'A random number from 0 to 1, without 1.',
  deterministic: false,
  resolve: signature([narrowIntParameter], DOUBLE, { optional: 1 }),
  kernelFor: (_args, _result, environment) => () => environment.random(),
});

const randomInteger: ScalarFunction = define({
  name: 'RAND_INTEGER',
  summary: 'A random integer from 0 to the bound, without the bound.',
  deterministic: false,
  resolve: signature([narrowIntParameter, narrowIntParameter], INT, { optional: 1 }),
  kernelFor:
    (_args, _result, environment) =>
    (first: number, second = first) =>
      Math.floor(environment.random() * second),
});

function extreme(name: string, summary: string, wanted: 1 | -1): ScalarFunction {
  return {
    name,
    summary,
    resolve(infos) {
      if (infos.length === 0) return { mismatch: 'expects at least 1 argument, got 0' };
      const common = commonTypeOf(infos.map((info) => info.type));
      if (common === null || ['array', 'map', 'multiset', 'row'].includes(common.kind)) {
        return { mismatch: `cannot compare ${infos.map((info) => typeName(info.type)).join(', ')} with each other` };
      }
      const args = infos.map((info) => withNullable(common, info.type.nullable));
      return {
        args,
        result: withNullable(
          common,
          args.some((arg) => arg.nullable),
        ),
      };
    },
    scalar([type]) {
      const compare = comparatorOf(type!);
      return (...values: unknown[]) =>
        values.reduce((best, value) => (compare(value, best) * wanted > 0 ? value : best));
    },
  };
}

const integerOrText: Parameter = {
  expects: 'an integer or a text',
  accept: (info) => longParameter.accept(info) ?? textParameter.accept(info),
};

const hexadecimal: ScalarFunction = define({
  name: 'HEX',
  summary: 'The hexadecimal digits of an integer (64 bits, two’s complement) or of the UTF-8 bytes of a text.',
  resolve: signature([integerOrText], STRING),
  kernel: (value: number | bigint | string) =>
    typeof value === 'string'
      ? Buffer.from(value).toString('hex').toUpperCase()
      : BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase(),
});

const binaryDigits: ScalarFunction = define({
  name: 'BIN',
  summary: 'The binary digits of an integer (64 bits, two’s complement).',
  resolve: signature([longParameter], STRING),
  kernel: (value: number | bigint) => BigInt.asUintN(64, BigInt(value)).toString(2),
});

const uuid: ScalarFunction = define({
  name: 'UUID',
  summary: 'A random UUID.',
  deterministic: false,
  resolve: signature([], { kind: 'char', length: 36, nullable: false }),
  kernelFor: (_args, _result, environment) => () => {
    const digits = Array.from({ length: 32 }, () => Math.floor(environment.random() * 16));
    digits[12] = 4;
    digits[16] = 8 + (digits[16]! % 4);
    const hex = digits.map((digit) => digit.toString(16)).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
});

const constant = (name: string, summary: string, value: number): ScalarFunction =>
  define({ name, summary, resolve: signature([], DOUBLE), kernel: () => value });

/** ATAN2. Flink's planner has no form of it for a DECIMAL. */
const angle: ScalarFunction = define({
  name: 'ATAN2',
  summary: 'The angle of the point (`x`, `y`).',
  resolve(infos, environment) {
    const resolved = signature([doubleParameter, doubleParameter], DOUBLE)(infos, environment);
    const extension = { what: 'ATAN2 of a DECIMAL', portable: 'CAST it to DOUBLE' };
    return infos.some((info) => info.type.kind === 'decimal') ? { ...resolved, extension } : resolved;
  },
  kernel: Math.atan2,
});

const twoDoubles = (name: string, summary: string, compute: (x: number, y: number) => number): ScalarFunction =>
  define({ name, summary, resolve: signature([doubleParameter, doubleParameter], DOUBLE), kernel: compute });

/** Java multiplies by these. That rounds differently from a division by π. */
const DEGREES_PER_RADIAN = 57.29577951308232;
const RADIANS_PER_DEGREE = 0.017453292519943295;

export const NUMERIC: readonly ScalarFunction[] = [
  absolute,
  ...aliases(wholeNumber('CEIL', 'The smallest whole number that is not less than `x`.', Math.ceil, true), 'CEILING'),
  wholeNumber('FLOOR', 'The largest whole number that is not greater than `x`.', Math.floor, false),
  rounding(
    'ROUND',
    '`x` rounded to this number of digits after the point, 0 by default. A half is rounded away from zero. A negative number rounds before the point.',
    false,
  ),
  rounding('TRUNCATE', '`x` cut to this number of digits after the point, 0 by default.', true),
  sign,
  twoDoubles('POWER', '`x` to the power of `y`.', Math.pow),
  doubles('SQRT', 'The square root of `x`.', Math.sqrt),
  doubles('EXP', 'Euler’s number to the power of `x`.', Math.exp),
  doubles('LN', 'The natural logarithm of `x`.', Math.log),
  logarithm,
  doubles('LOG10', 'The logarithm of `x` to the base 10.', Math.log10),
  doubles('LOG2', 'The logarithm of `x` to the base 2.', (x) => Math.log(x) / Math.log(2)),
  constant('PI', 'The number π.', Math.PI),
  constant('E', 'Euler’s number.', Math.E),
  doubles('SIN', 'The sine of `x`.', Math.sin),
  doubles('COS', 'The cosine of `x`.', Math.cos),
  doubles('TAN', 'The tangent of `x`.', Math.tan),
  doubles('COT', 'The cotangent of `x`.', (x) => 1 / Math.tan(x)),
  doubles('ASIN', 'The arc sine of `x`.', Math.asin),
  doubles('ACOS', 'The arc cosine of `x`.', Math.acos),
  doubles('ATAN', 'The arc tangent of `x`.', Math.atan),
  angle,
  doubles('SINH', 'The hyperbolic sine of `x`.', Math.sinh),
  doubles('COSH', 'The hyperbolic cosine of `x`.', Math.cosh),
  doubles('TANH', 'The hyperbolic tangent of `x`.', Math.tanh),
  doubles('DEGREES', 'The angle `x` in degrees.', (x) => x * DEGREES_PER_RADIAN),
  doubles('RADIANS', 'The angle of `x` degrees in radians.', (x) => x * RADIANS_PER_DEGREE),
  random,
  randomInteger,
  extreme('GREATEST', 'The greatest of the values. NULL if one of them is NULL.', 1),
  extreme('LEAST', 'The least of the values. NULL if one of them is NULL.', -1),
  binaryDigits,
  hexadecimal,
  uuid,
];
