import type { DataType } from '../../core/data-type.ts';
import { isInteger, isNumeric, isText, isTimestamp, sameType, typeName } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { invariant } from '../../core/invariant.ts';
import { explainTooLarge } from '../../core/value-size.ts';
import { checkedValue, growsWithValues } from '../bounded-kernel.ts';
import { implicitCast } from '../common-type.ts';
import type { FunctionEnvironment } from '../scalar-function.ts';
import { toBinary } from './cast-to-binary.ts';
import { toBoolean } from './cast-to-boolean.ts';
import { toDecimal } from './cast-to-decimal.ts';
import { toNested } from './cast-to-nested.ts';
import { toNumber } from './cast-to-number.ts';
import { toText } from './cast-to-text.ts';
import { toTime } from './cast-to-time.ts';
import type { Converter } from './converter.ts';

/**
 * Returns how a value of one type can be converted to another: implicitly, only by CAST, or not at
 * all.
 */
export function canCast(from: DataType, to: DataType): 'implicit' | 'explicit' | 'no' {
  if (implicitCast(from, to)) return 'implicit';
  return explicitCast(from, to) ? 'explicit' : 'no';
}

/**
 * Returns whether Flink's table of explicit casts has the pair. Numbers do not become times
 * (TO_TIMESTAMP_LTZ does that).
 */
function explicitCast(from: DataType, to: DataType): boolean {
  if (isText(to)) return true;
  if (isText(from)) return !['array', 'map', 'multiset', 'row', 'null'].includes(to.kind) && !isInterval(to);
  if (isNumeric(to)) return isNumeric(from) || from.kind === 'boolean' || (isInterval(from) && isInteger(to));
  if (to.kind === 'boolean') return isNumeric(from);
  if (isInterval(to)) return isInteger(from);
  if (to.kind === 'date') return from.kind === 'date' || isTimestamp(from);
  if (to.kind === 'time') return from.kind === 'time' || isTimestamp(from);
  if (isTimestamp(to)) return from.kind === 'date' || from.kind === 'time' || isTimestamp(from);
  if (to.kind === 'binary' || to.kind === 'varbinary') return from.kind === 'binary' || from.kind === 'varbinary';
  if (to.kind === 'array') return from.kind === 'array' && castable(from.element, to.element);
  if (to.kind === 'multiset') return from.kind === 'multiset' && castable(from.element, to.element);
  if (to.kind === 'map') return from.kind === 'map' && castable(from.key, to.key) && castable(from.value, to.value);
  if (to.kind === 'row') {
    return (
      from.kind === 'row' &&
      from.fields.length === to.fields.length &&
      from.fields.every((field, i) => castable(field.type, to.fields[i]!.type))
    );
  }
  return false;
}

const castable = (from: DataType, to: DataType): boolean => canCast(from, to) !== 'no';
const isInterval = (type: DataType): boolean =>
  type.kind === 'interval-day-time' || type.kind === 'interval-year-month';

/**
 * Returns the conversion of one value that is not NULL. `onError`: the effect of a value that
 * cannot be converted (a text that is not a number): it fails the job with EXPRESSION_FAILED, or
 * gives NULL. A DECIMAL with too many digits is NULL either way.
 */
export function castScalar(
  from: DataType,
  to: DataType,
  onError: 'fail' | 'null',
  environment: FunctionEnvironment,
): (value: unknown) => unknown {
  const converter = converterOf(from, to, environment);
  const convert = growsWithValues(to) ? boundedConverter(converter) : converter;
  return (value) => {
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (onError === 'null') return null;
    throw new EngineError(
      'EXPRESSION_FAILED',
      `cannot cast ${shown(value)} to ${typeName({ ...to, nullable: true })}`,
      {
        from: typeName(from),
        to: typeName(to),
      },
    );
  };
}

/** Throws EXPRESSION_TOO_LARGE for a result that is too long: `CAST(x AS CHAR(2000000000))`. */
function boundedConverter(convert: Converter): Converter {
  return (value) => {
    try {
      return checkedValue('CAST', convert(value));
    } catch (error) {
      throw explainTooLarge(error, 'CAST');
    }
  };
}

const shown = (value: unknown): string => {
  const text = String(value);
  return typeof value === 'string' ? `'${text.length > 60 ? `${text.slice(0, 60)}…` : text}'` : text;
};

/**
 * Returns the converter between two types. The converter returns undefined if the value cannot be
 * converted.
 */
export function converterOf(from: DataType, to: DataType, environment: FunctionEnvironment): Converter {
  if (from.kind === 'null' || sameType(from, to)) return (value) => value;
  const convert = pick(from, to, environment);
  invariant(convert !== null, () => `no cast from ${typeName(from)} to ${typeName(to)}`);
  return convert;
}

function pick(from: DataType, to: DataType, environment: FunctionEnvironment): Converter | null {
  switch (to.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'float':
    case 'double':
    case 'interval-day-time':
    case 'interval-year-month':
      return toNumber(from, to);
    case 'decimal':
      return toDecimal(from, to);
    case 'boolean':
      return toBoolean(from);
    case 'char':
    case 'varchar':
      return toText(from, to, environment);
    case 'binary':
    case 'varbinary':
      return toBinary(from, to);
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp-ltz':
      return toTime(from, to, environment);
    case 'array':
    case 'map':
    case 'multiset':
    case 'row':
      return toNested(from, to, (a, b) => converterOf(a, b, environment));
    case 'null':
      return null;
  }
}
