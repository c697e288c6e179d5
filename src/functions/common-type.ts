import type { DataType, DecimalType, TimestampType } from '../core/data-type.ts';
import {
  DOUBLE,
  decimal,
  isApproximate,
  isInteger,
  isNumeric,
  isText,
  isTimestamp,
  MAX_TEXT_LENGTH,
  sameType,
  withNullable,
} from '../core/data-type.ts';

const MAX_PRECISION = 38;

/** Digits of an integer type when it meets a DECIMAL. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 19 };
const INTEGER_ORDER = ['tinyint', 'smallint', 'int', 'bigint'];

/** Returns the DECIMAL that holds every value of an exact number; null for other types. */
export function asDecimal(type: DataType): DecimalType | null {
  if (type.kind === 'decimal') return type;
  const digits = INTEGER_DIGITS[type.kind];
  return digits === undefined ? null : decimal(digits, 0, type.nullable);
}

/** Returns the common type of two types; null if there is none. */
export type CommonType = (a: DataType, b: DataType) => DataType | null;

/**
 * Returns the type to which values of both types are converted in a comparison and in the arguments
 * of a function such as COALESCE and GREATEST; null if there is none. An exact number with an
 * approximate one gives the approximate one; texts of different length give a VARCHAR; DATE with
 * TIMESTAMP has none. Nullable when one of them is.
 */
export const commonType: CommonType = commonTypeBy({
  number: (a, b) => {
    // Flink's table has this row in one direction only.
    if (a.kind === 'float' && b.kind === 'decimal') return DOUBLE;
    if (isApproximate(a) && isApproximate(b)) return a.kind === 'double' ? a : b;
    return isApproximate(a) ? a : b;
  },
  timestamp: (a, b) => {
    const kind = a.kind === 'timestamp-ltz' || b.kind === 'timestamp-ltz' ? 'timestamp-ltz' : 'timestamp';
    return { kind, precision: Math.max(a.precision, b.precision), nullable: true };
  },
});

/**
 * Returns the type of `a + b`, a CASE, an ARRAY, a MAP and a UNION; null if there is none. It
 * differs from `commonType` in three points, as in Flink. Of FLOAT and DOUBLE, the first one wins.
 * FLOAT with DECIMAL gives DOUBLE. Of TIMESTAMP and TIMESTAMP_LTZ, the second one wins, or the
 * first one if both have the same precision.
 */
export const leastRestrictive: CommonType = commonTypeBy({
  number: (a, b) => {
    if (a.kind === 'decimal' || b.kind === 'decimal') return DOUBLE;
    return isApproximate(a) ? a : b;
  },
  timestamp: (a, b) => ({
    kind: a.precision === b.precision ? a.kind : b.kind,
    precision: Math.max(a.precision, b.precision),
    nullable: true,
  }),
});

/** The points in which the two tables of common types differ. */
interface CommonTypeRules {
  /** The type of two numbers of which at least one is approximate. */
  readonly number: (a: DataType, b: DataType) => DataType;
  /** The type of two times of different type, precision or attribute. */
  readonly timestamp: (a: TimestampType, b: TimestampType) => DataType;
}

function commonTypeBy(rules: CommonTypeRules): CommonType {
  const common: CommonType = (a, b) => {
    if (a.kind === 'null') return withNullable(b, true);
    if (b.kind === 'null') return withNullable(a, true);
    const type = commonBase(a, b, rules, common);
    return type === null ? null : withNullable(type, a.nullable || b.nullable);
  };
  return common;
}

function commonBase(a: DataType, b: DataType, rules: CommonTypeRules, common: CommonType): DataType | null {
  if (isNumeric(a) && isNumeric(b)) {
    return isApproximate(a) || isApproximate(b) ? rules.number(a, b) : commonExact(a, b);
  }
  if (isText(a) && isText(b)) {
    const length = Math.max(a.length, b.length);
    if (a.kind === 'char' && b.kind === 'char' && a.length === b.length) return a;
    return { kind: 'varchar', length, nullable: true };
  }
  if ((a.kind === 'binary' || a.kind === 'varbinary') && (b.kind === 'binary' || b.kind === 'varbinary')) {
    if (a.kind === 'binary' && b.kind === 'binary' && a.length === b.length) return a;
    return { kind: 'varbinary', length: Math.max(a.length, b.length), nullable: true };
  }
  if (isTimestamp(a) && isTimestamp(b)) {
    if (a.kind === b.kind && a.precision === b.precision && a.attribute === b.attribute) return a;
    return rules.timestamp(a, b);
  }
  if (a.kind === 'time' && b.kind === 'time') return a.precision >= b.precision ? a : b;
  if (a.kind === 'array' && b.kind === 'array') {
    const element = common(a.element, b.element);
    return element && { kind: 'array', element, nullable: true };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = common(a.key, b.key);
    const value = common(a.value, b.value);
    return key && value && { kind: 'map', key, value, nullable: true };
  }
  if (a.kind === 'row' && b.kind === 'row') {
    if (a.fields.length !== b.fields.length) return null;
    const types = a.fields.map((field, i) => common(field.type, b.fields[i]!.type));
    if (types.includes(null)) return null;
    return { kind: 'row', fields: a.fields.map((f, i) => ({ name: f.name, type: types[i]! })), nullable: true };
  }
  return sameType(a, b) ? a : null;
}

function commonExact(a: DataType, b: DataType): DataType {
  if (isInteger(a) && isInteger(b)) return INTEGER_ORDER.indexOf(a.kind) >= INTEGER_ORDER.indexOf(b.kind) ? a : b;
  const left = asDecimal(a)!;
  const right = asDecimal(b)!;
  const integral = Math.max(left.precision - left.scale, right.precision - right.scale);
  const scale = Math.min(Math.max(left.scale, right.scale), MAX_PRECISION - integral);
  return decimal(integral + scale, scale);
}

/** Returns the common type of a list; null for an empty list. */
export function commonTypeOf(types: readonly DataType[], rule: CommonType = commonType): DataType | null {
  let common: DataType | null = types[0] ?? null;
  for (const type of types.slice(1)) common = common && rule(common, type);
  return common;
}

/**
 * Returns whether a value of `from` is converted to `to` implicitly: for an argument of a function,
 * or a column of an INSERT. Flink's table of implicit casts: numbers widen, anything numeric
 * becomes DECIMAL or DOUBLE, TIMESTAMP and TIMESTAMP_LTZ become each other, DATE or TIME.
 */
export function implicitCast(from: DataType, to: DataType): boolean {
  if (from.kind === 'null') return true;
  switch (to.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return isInteger(from) && INTEGER_ORDER.indexOf(from.kind) <= INTEGER_ORDER.indexOf(to.kind);
    case 'float':
      return isNumeric(from) && from.kind !== 'double';
    case 'double':
    case 'decimal':
      return isNumeric(from);
    case 'char':
      return from.kind === 'char';
    case 'varchar':
      return isText(from);
    case 'binary':
      return from.kind === 'binary';
    case 'varbinary':
      return from.kind === 'binary' || from.kind === 'varbinary';
    case 'date':
      return from.kind === 'date' || from.kind === 'timestamp';
    case 'time':
      return from.kind === 'time' || from.kind === 'timestamp';
    case 'timestamp':
    case 'timestamp-ltz':
      return isTimestamp(from);
    case 'array':
      return from.kind === 'array' && implicitCast(from.element, to.element);
    case 'map':
      return from.kind === 'map' && implicitCast(from.key, to.key) && implicitCast(from.value, to.value);
    case 'multiset':
      return from.kind === 'multiset' && implicitCast(from.element, to.element);
    case 'row':
      return (
        from.kind === 'row' &&
        from.fields.length === to.fields.length &&
        from.fields.every((field, i) => implicitCast(field.type, to.fields[i]!.type))
      );
    default:
      return from.kind === to.kind;
  }
}

/**
 * Returns the result type of DECIMAL arithmetic. Beyond 38 digits the scale is reduced, but not
 * below min(scale, 6).
 */
export function decimalResult(operator: '+' | '*' | '/' | '%', a: DecimalType, b: DecimalType): DecimalType {
  const nullable = a.nullable || b.nullable;
  const integral = (t: DecimalType) => t.precision - t.scale;
  let precision: number;
  let scale: number;
  switch (operator) {
    case '+':
      scale = Math.max(a.scale, b.scale);
      precision = Math.max(integral(a), integral(b)) + scale + 1;
      break;
    case '*':
      scale = a.scale + b.scale;
      precision = a.precision + b.precision + 1;
      break;
    case '/':
      scale = Math.max(6, a.scale + b.precision + 1);
      precision = integral(a) + b.scale + scale;
      break;
    case '%':
      scale = Math.max(a.scale, b.scale);
      precision = Math.min(integral(a), integral(b)) + scale;
      break;
  }
  if (precision > MAX_PRECISION) {
    scale = Math.max(MAX_PRECISION - (precision - scale), Math.min(scale, 6));
    precision = MAX_PRECISION;
  }
  return decimal(precision, scale, nullable);
}

/** Returns the length of a text type that holds the concatenation of the given types. */
export function concatenatedLength(lengths: readonly number[]): number {
  return Math.min(
    MAX_TEXT_LENGTH,
    lengths.reduce((sum, n) => sum + n, 0),
  );
}
