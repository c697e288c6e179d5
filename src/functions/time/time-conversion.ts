import { daysFromCivil, MS_PER_DAY } from '../../core/calendar.ts';
import {
  BIGINT,
  DATE,
  INT,
  isNumeric,
  isText,
  isTimestamp,
  STRING,
  timestamp,
  timestampLtz,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { shiftTimestamp } from '../cast/cast-to-time.ts';
import { define, rememberLast } from '../define.ts';
import type { FunctionEnvironment, ScalarFunction } from '../scalar-function.ts';
import { longParameter, type Parameter, signature, textParameter } from '../signature.ts';
import { readPattern } from './date-pattern.ts';
import { dateWriter } from './format-date.ts';
import { dateReader, readSqlTimestamp } from './parse-date.ts';
import { parseDate, parseTimestamp, timestampOfNanos } from './time-text.ts';
import { findTimeZone, type TimeZone, timeZone } from './time-zone.ts';

/**
 * Conversions between times, texts and Unix time in seconds. A text that does not fit gives NULL,
 * except in UNIX_TIMESTAMP (measured).
 */
const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss';

/** The result of Flink's UNIX_TIMESTAMP for a text that is not a time. */
const NO_EPOCH = -9223372036854775808n;

/** The result of Flink's TO_DATE for a text that does not fit the pattern: 5471-09-27. */
const NO_DATE = daysFromCivil(5471, 9, 27);

const timestampOrText: Parameter = {
  expects: 'a TIMESTAMP or a text',
  accept: (info) => (isTimestamp(info.type) ? info.type : textParameter.accept(info)),
};

const dateFormat: ScalarFunction = define({
  name: 'DATE_FORMAT',
  summary: 'The time written by a pattern. A text is first read as a TIMESTAMP. NULL if it is none.',
  resolve: signature([timestampOrText, textParameter], STRING, { mayBeNull: true }),
  kernelFor: ([type], _result, environment) => {
    const zone = timeZone(environment.zone);
    const writer = rememberLast((pattern: string) => dateWriter(pattern, 'formatter'));
    if (type!.kind === 'timestamp-ltz') {
      return (value: number | bigint, pattern: string) => writer(pattern)(shiftTimestamp(value, zone.toLocal));
    }
    if (!isText(type!)) return (value: number | bigint, pattern: string) => writer(pattern)(value);
    return (text: string, pattern: string) => {
      const nanos = parseTimestamp(text);
      return nanos === null ? null : writer(pattern)(timestampOfNanos(nanos, 3));
    };
  },
});

const formatterReader = () => rememberLast((pattern: string) => dateReader(pattern, 'formatter'));

const toDate: ScalarFunction = define({
  name: 'TO_DATE',
  summary: 'The date in a text, by a pattern, yyyy-MM-dd by default. NULL if a text without pattern is no date.',
  resolve: signature([textParameter, textParameter], DATE, { optional: 1, mayBeNull: true }),
  // Flink reads the pattern as SimpleDateFormat does.
  kernelFor: () => {
    const reader = simpleReader();
    return (text: string, pattern?: string) => {
      if (pattern === undefined) return parseDate(text);
      const time = reader(pattern)?.(text) ?? null;
      return time === null ? NO_DATE : Math.floor((time.ms - (time.offset ?? 0)) / MS_PER_DAY);
    };
  },
});

/**
 * Returns a reader of a text's local time at a precision, by a pattern or like CAST. A text that
 * does not fit the pattern is read like a literal.
 */
function localReader(precision: number): (text: string, pattern?: string) => number | bigint | null {
  const reader = formatterReader();
  return (text, pattern) => {
    if (pattern !== undefined) {
      const read = reader(pattern);
      const time = read === null ? null : (read(text) ?? readSqlTimestamp(text));
      if (time === null) return null;
      return precision <= 3 ? time.ms : timestampOfNanos(BigInt(time.ms) * 1_000_000n + BigInt(time.nanos), precision);
    }
    const nanos = parseTimestamp(text);
    return nanos === null ? null : timestampOfNanos(nanos, 3);
  };
}

const toTimestamp: ScalarFunction = define({
  name: 'TO_TIMESTAMP',
  summary: 'The local time in a text, by a pattern, yyyy-MM-dd HH:mm:ss by default. NULL if the text is no time.',
  resolve: signature([textParameter, textParameter], timestamp(3), { optional: 1, mayBeNull: true }),
  kernelFor: () => localReader(3),
});

const toTimestampLtz: ScalarFunction = {
  name: 'TO_TIMESTAMP_LTZ',
  summary:
    'The moment that is `number` seconds (precision 0) or milliseconds (precision 3, the default) after 1970, or the moment of a local time in a text, in UTC by default. NULL if a text does not fit the pattern.',
  resolve(infos) {
    const first = infos[0]?.type;
    if (first === undefined || infos.length > 3) return { mismatch: `expects 1 to 3 arguments, got ${infos.length}` };
    const nullable = true;
    if (isText(first)) {
      for (const [i, info] of infos.entries()) {
        if (!isText(info.type)) return { mismatch: `expects a text as argument ${i + 1}, got ${typeName(info.type)}` };
      }
      const pattern = infos[1]?.literal?.value;
      if (typeof pattern === 'string') {
        const parts = readPattern(pattern, 'formatter');
        if (typeof parts === 'string') return { mismatch: `expects a pattern as argument 2: ${parts}` };
      }
      return { args: infos.map((info) => info.type), result: timestampLtz(patternPrecision(pattern), nullable) };
    }
    if (!isNumeric(first) && first.kind !== 'null')
      return { mismatch: `expects a number or a text, got ${typeName(first)}` };
    if (infos.length > 2) return { mismatch: 'expects a number and a precision' };
    const precision = infos[1];
    if (precision !== undefined && precision.type.kind !== 'int') {
      return { mismatch: `expects an INT as argument 2, got ${typeName(precision.type)}` };
    }
    const digits = precision?.literal?.value;
    if (digits !== undefined && (Number(digits) < 0 || Number(digits) > 9)) {
      return { mismatch: `expects a precision from 0 to 9, got ${String(digits)}` };
    }
    const isFloating = first.kind === 'float' || first.kind === 'double';
    const number = withNullable(isFloating ? { kind: 'double' as const, nullable: true } : BIGINT, first.nullable);
    const args = precision === undefined ? [number] : [number, withNullable(INT, precision.type.nullable)];
    return { args, result: timestampLtz(3, nullable) };
  },
  scalar([first], result) {
    if (!isText(first!)) {
      return (value: number | bigint, precision = 3) => epochMilliseconds(value, precision);
    }
    const read = localReader(result.kind === 'timestamp-ltz' ? result.precision : 3);
    // Without a zone the time is in UTC, not in the session's zone (measured).
    return (text: string, pattern?: string, zone = 'UTC') => {
      const local = read(text, pattern);
      if (local !== null) return shiftTimestamp(local, (ms) => zoneNamed(zone).toInstant(ms));
      if (pattern !== undefined) return null;
      throw new EngineError('EXPRESSION_FAILED', `TO_TIMESTAMP_LTZ cannot read '${text}' as a time`);
    };
  },
};

/** Flink: TO_TIMESTAMP_LTZ has as many digits as the pattern has letters S, at least 3. */
function patternPrecision(pattern: unknown): number {
  const fraction = typeof pattern === 'string' ? (/S+/.exec(pattern)?.[0].length ?? 0) : 0;
  return Math.min(9, Math.max(3, fraction));
}

/**
 * Converts a count of 10^-precision seconds to milliseconds. Cuts fractions of a millisecond
 * towards the past. A DOUBLE is multiplied before it is cut, as in Flink.
 */
function epochMilliseconds(value: number | bigint, precision: number): number {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return Math.floor(Math.trunc(value * 10 ** (9 - precision)) / 1e6);
  }
  const whole = Number(value);
  return precision <= 3 ? whole * 10 ** (3 - precision) + 0 : Math.floor(whole / 10 ** (precision - 3));
}

function zoneNamed(name: string) {
  const zone = findTimeZone(name);
  if (zone === null) throw new EngineError('EXPRESSION_FAILED', `unknown time zone '${name}'`, { zone: name });
  return zone;
}

/**
 * Returns the later of two instants that have the same local time, as Java's SimpleDateFormat does
 * (measured).
 */
function laterInstant(zone: TimeZone, local: number): number {
  const earlier = zone.toInstant(local);
  const offset = zone.offsetAt(earlier + MS_PER_DAY);
  const later = local - offset;
  return later > earlier && zone.offsetAt(later) === offset ? later : earlier;
}

const simpleWriter = () => rememberLast((pattern: string) => dateWriter(pattern, 'simple'));
/** An invalid pattern fails the job, as in Flink. */
const simpleReader = () =>
  rememberLast((pattern: string) => {
    const parts = readPattern(pattern, 'simple');
    if (typeof parts === 'string') throw new EngineError('EXPRESSION_FAILED', parts, { pattern });
    return dateReader(pattern, 'simple');
  });

const fromUnixtime: ScalarFunction = define({
  name: 'FROM_UNIXTIME',
  summary:
    'The local time of a number of seconds since 1970, written by a pattern, yyyy-MM-dd HH:mm:ss by default. Its type allows NULL.',
  resolve: signature([longParameter, textParameter], STRING, { optional: 1, mayBeNull: true }),
  kernelFor: (_args, _result, environment) => {
    const zone = timeZone(environment.zone);
    const writer = simpleWriter();
    return (seconds: number | bigint, pattern = DEFAULT_PATTERN) =>
      writer(pattern)(zone.toLocal(Number(seconds) * 1000));
  },
});

const unixTimestamp: ScalarFunction = {
  ...define({
    name: 'UNIX_TIMESTAMP',
    deterministic: false,
    summary: 'The seconds since 1970, now or of a local time in a text, by a pattern, yyyy-MM-dd HH:mm:ss by default.',
    resolve: signature([textParameter, textParameter], BIGINT, { optional: 2 }),
    kernelFor: (_args, _result, environment: FunctionEnvironment) => {
      const zone = timeZone(environment.zone);
      const reader = simpleReader();
      return (text?: string, pattern = DEFAULT_PATTERN) => {
        if (text === undefined) return Math.floor(environment.now() / 1000);
        const time = reader(pattern)?.(text) ?? null;
        if (time === null) return NO_EPOCH;
        const instant = time.offset === null ? laterInstant(zone, time.ms) : time.ms - time.offset;
        return Math.trunc(instant / 1000) + 0;
      };
    },
  }),
};

const convertZone: ScalarFunction = define({
  name: 'CONVERT_TZ',
  summary:
    'The local time in a text (yyyy-MM-dd HH:mm:ss) of one zone as the local time of another. NULL if the text is no time.',
  resolve: signature([textParameter, textParameter, textParameter], STRING, { mayBeNull: true }),
  kernelFor: () => {
    const read = dateReader(DEFAULT_PATTERN, 'simple')!;
    const write = dateWriter(DEFAULT_PATTERN, 'simple');
    return (text: string, from: string, to: string) => {
      const time = read(text);
      if (time === null) return null;
      return write(zoneNamed(to).toLocal(laterInstant(zoneNamed(from), time.ms)));
    };
  },
});

export const TIME_CONVERSION: readonly ScalarFunction[] = [
  dateFormat,
  toDate,
  toTimestamp,
  toTimestampLtz,
  fromUnixtime,
  unixTimestamp,
  convertZone,
];
