import { type DataType, isTimestamp, STRING, typeName } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { checkValueLength } from '../../core/value-size.ts';
import { converterOf } from '../cast/cast.ts';
import { define, rememberLast } from '../define.ts';
import type { FunctionEnvironment, ScalarFunction } from '../scalar-function.ts';
import { anyParameter, signature, textParameter } from '../signature.ts';
import { formatDouble, formatInteger } from './format-number.ts';
import { FormatFault, type FormatPart, type FormatSpecifier, parseFormat } from './format-specifiers.ts';

/** Bits of the types of whole numbers. Flink passes DATE and TIME as their numbers. */
const BITS: Readonly<Partial<Record<DataType['kind'], number>>> = {
  tinyint: 8,
  smallint: 16,
  int: 32,
  bigint: 64,
  date: 32,
  time: 32,
  'interval-day-time': 64,
  'interval-year-month': 32,
};

const resolve = signature([textParameter, anyParameter], STRING, { variadic: true, optional: 1, mayBeNull: true });

/**
 * PRINTF, with the rules of `java.util.Formatter` in Flink: NULL for a format with a mistake, and
 * for a value that does not fit its specifier.
 */
export const printf: ScalarFunction = define({
  name: 'PRINTF',
  summary:
    'The format with its specifiers replaced by the values, as `java.util.Formatter` does. NULL for a NULL or wrong format, or a value that does not fit its specifier.',
  nulls: 'handled',
  resolve(infos, environment) {
    const refused = infos.slice(1).find(({ type }) => /^(array|map|multiset|row|binary|varbinary)$/.test(type.kind));
    if (refused !== undefined)
      return { mismatch: `cannot format ${typeName(refused.type)}`, hint: 'convert it with CAST(… AS STRING)' };
    return resolve(infos, environment);
  },
  kernelFor(types, _result, environment) {
    const texts = types.map((type) => plainText(type, environment));
    const parsed = rememberLast(partsOrNull);
    return (format: string | null, ...values: unknown[]) => {
      const parts = format === null ? null : parsed(format);
      if (parts === null) return null;
      try {
        return fill(parts, values, types.slice(1), texts.slice(1));
      } catch (error) {
        if (error instanceof FormatFault) return null;
        throw error;
      }
    };
  },
});

function partsOrNull(format: string): readonly FormatPart[] | null {
  try {
    return parseFormat(format);
  } catch (error) {
    if (error instanceof FormatFault) return null;
    throw error;
  }
}

function fill(
  parts: readonly FormatPart[],
  values: readonly unknown[],
  types: readonly DataType[],
  texts: readonly ((value: unknown) => string)[],
): string {
  let result = '';
  let last = -1;
  let ordinary = -1;
  for (const part of parts) {
    if ('text' in part) {
      result += part.text;
      continue;
    }
    if (part.conversion === 'n') result += '\n';
    else if (part.conversion === '%') result += padded('%', part);
    else {
      if (part.argument === 'next') last = ++ordinary;
      else if (part.argument !== 'same') last = part.argument - 1;
      if (last < 0 || last >= values.length) throw new FormatFault('an argument is missing');
      result += formatValue(values[last], types[last]!, texts[last]!, part);
    }
    checkValueLength('PRINTF', result.length);
  }
  return result;
}

function formatValue(value: unknown, type: DataType, text: (value: unknown) => string, part: FormatSpecifier): string {
  const { conversion, precision, upper } = part;
  let made: string;
  if (conversion === 'b') made = String(value !== null && (type.kind === 'boolean' ? value : true));
  else if (value === null) made = 'null';
  else if (conversion === 's') made = text(value);
  else if (conversion === 'h') made = hashOf(value, type);
  else if (conversion === 'c') made = character(value, type);
  else if ('dox'.includes(conversion)) {
    const bits = BITS[type.kind];
    if (bits === undefined) throw new FormatFault('a value does not fit');
    made = formatInteger(BigInt(value as number | bigint), bits, part);
  } else {
    if (type.kind !== 'double' && type.kind !== 'float') throw new FormatFault('a value does not fit');
    made = formatDouble(value as number, part);
  }
  const isCut = precision !== null && (value === null || 'bsh'.includes(conversion));
  const shown = isCut ? made.slice(0, precision) : made;
  return padded(upper ? shown.toUpperCase() : shown, part);
}

function padded(text: string, { width, flags }: FormatSpecifier): string {
  if (width === null) return text;
  checkValueLength('PRINTF', width);
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function character(value: unknown, { kind }: DataType): string {
  if (!/^(tinyint|smallint|int|date|time|interval-year-month)$/.test(kind))
    throw new FormatFault('a value does not fit');
  const point = value as number;
  if (point < 0 || point > 0x10ffff) throw new FormatFault('no character');
  return String.fromCodePoint(point);
}

/** Returns Java's hash code in hexadecimal, for types that have the same one on every machine. */
function hashOf(value: unknown, { kind }: DataType): string {
  if (kind === 'boolean') return (value === true ? 1231 : 1237).toString(16);
  const bits = BITS[kind];
  if (bits === undefined)
    throw new EngineError('EXPRESSION_FAILED', 'PRINTF: %h is supported for whole numbers and BOOLEAN only', {});
  const long = BigInt.asUintN(64, BigInt(value as number | bigint));
  const hash = bits === 64 ? BigInt.asUintN(32, long ^ (long >> 32n)) : BigInt.asUintN(32, long);
  return hash.toString(16);
}

/** Returns how Flink writes a value for `%s`: times as Java's classes write them. */
function plainText(type: DataType, environment: FunctionEnvironment): (value: unknown) => string {
  if (BITS[type.kind] !== undefined || type.kind === 'boolean') return String;
  if (isTimestamp(type)) {
    const inUtc: DataType = { kind: 'timestamp', precision: type.precision, nullable: type.nullable };
    const text = converterOf(inUtc, STRING, environment);
    return (value) => isoText(text(value) as string);
  }
  return converterOf(type, STRING, environment) as (value: unknown) => string;
}

/** Writes a time as `LocalDateTime.toString` does: without seconds that are zero. */
function isoText(text: string): string {
  const [, minutes, seconds, fraction = ''] = /^(.*):(\d\d)(?:\.(\d+))?$/.exec(text)!;
  const digits = fraction.replace(/0+$/, '');
  const shown = digits === '' ? '' : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`;
  const rest = seconds === '00' && shown === '' ? '' : `:${seconds}${shown}`;
  return minutes!.replace(' ', 'T') + rest;
}
