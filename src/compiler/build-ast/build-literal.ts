import type { IToken } from '../../../grammar/chevrotain.ts';
import type { IntervalLiteralCstNode, IntervalQualifierCstNode, LiteralCstNode } from '../../../grammar/cst-types.ts';
import type { DataType } from '../../core/data-type.ts';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INT,
  INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH,
  NULL_TYPE,
  timestamp,
  withNullable,
} from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { LiteralJson } from '../../plan/expression.ts';
import type { LiteralAst } from '../ast/expression.ts';
import { parseDate, parseInterval, parseTime, parseTimestamp } from '../time-literal.ts';
import type { BuildContext } from './build-context.ts';
import { spanOf, stringValue, tokenSpan } from './build-context.ts';

const UNIT = /^(YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?$/;

export function literal(value: LiteralJson, type: DataType, span: SourceSpan): LiteralAst {
  return { kind: 'literal', value, type: type.kind === 'null' ? type : withNullable(type, value === null), span };
}

export function textLiteral(value: string, span: SourceSpan): LiteralAst {
  return literal(value, { kind: 'char', length: [...value].length, nullable: false }, span);
}

/**
 * Converts literals by Flink's rules. Whole numbers are INT, BIGINT or DECIMAL, depending on their
 * size. `1.5` is DECIMAL(2, 1). `1E0` is DOUBLE. Texts are CHAR(n).
 */
export function buildLiteral(node: LiteralCstNode, context: BuildContext): LiteralAst {
  const c = node.children;
  const span = spanOf(node);
  if (c.intervalLiteral) return buildInterval(c.intervalLiteral[0]!, context);
  if (c.temporal) return buildTemporal(c.temporal[0]!, c.StringLiteral![0]!, span, context);
  if (c.StringLiteral) return textLiteral(stringValue(c.StringLiteral[0]!), span);
  if (c.TRUE) return literal(true, BOOLEAN, span);
  if (c.FALSE) return literal(false, BOOLEAN, span);
  if (c.UNKNOWN) return literal(null, BOOLEAN, span);
  if (c.NULL) return literal(null, NULL_TYPE, span);
  if (c.IntegerLiteral) return wholeNumber(c.IntegerLiteral[0]!.image, span, context);
  if (c.DecimalLiteral) return decimalNumber(c.DecimalLiteral[0]!.image, span, context);
  if (c.BinaryLiteral) return binary(c.BinaryLiteral[0]!, span, context);
  return literal(Number(c.ApproximateLiteral![0]!.image), DOUBLE, span);
}

export function wholeNumber(image: string, span: SourceSpan, context: BuildContext): LiteralAst {
  const value = BigInt(image);
  if (value <= 2147483647n) return literal(Number(value), INT, span);
  if (value <= 9223372036854775807n) return literal(value.toString(), BIGINT, span);
  // The smallest BIGINT is read as a minus sign and this number.
  if (value > 9223372036854775808n)
    context.notPortable(span, 'Flink SQL has no integer literal of this size', `write ${value}.0, or CAST a text`);
  const digits = value.toString();
  if (digits.length > 38) {
    context.error('SQL_INVALID_LITERAL', span, 'the number has more than 38 digits');
    return literal('0', decimal(38, 0), span);
  }
  return literal(digits, decimal(digits.length, 0), span);
}

function decimalNumber(image: string, span: SourceSpan, context: BuildContext): LiteralAst {
  const [whole = '', fraction = ''] = image.split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const scale = fraction.length;
  // Flink counts the zero before the point of 0.05, but not that of 0.5.
  const precision = digits.length < scale ? scale + 1 : Math.max(digits.length, 1);
  if (precision > 38) {
    context.error('SQL_INVALID_LITERAL', span, 'the number has more than 38 digits');
    return literal('0', decimal(38, 0), span);
  }
  return literal(`${whole === '' ? '0' : whole}${scale > 0 ? `.${fraction}` : ''}`, decimal(precision, scale), span);
}

function binary(token: IToken, span: SourceSpan, context: BuildContext): LiteralAst {
  const hex = token.image.slice(2, -1);
  if (hex.length % 2 === 1 || !/^[0-9A-Fa-f]*$/.test(hex)) {
    context.error(
      'SQL_INVALID_LITERAL',
      span,
      'a binary literal has an even number of hexadecimal digits',
      "for example x'CAFE'",
    );
    return literal('', { kind: 'binary', length: 1, nullable: false }, span);
  }
  const length = Math.max(1, hex.length / 2);
  return literal(Buffer.from(hex, 'hex').toString('base64'), { kind: 'binary', length, nullable: false }, span);
}

function buildTemporal(word: IToken, token: IToken, span: SourceSpan, context: BuildContext): LiteralAst {
  const text = stringValue(token);
  const name = word.image.toUpperCase();
  const bad = (form: string, type: DataType): LiteralAst => {
    context.error(
      'SQL_INVALID_LITERAL',
      tokenSpan(token),
      `'${text}' is not a ${name}`,
      `write it as ${name} '${form}'`,
    );
    return literal(null, type, span);
  };
  if (name === 'DATE') {
    const days = parseDate(text);
    return days === null ? bad('2024-02-29', DATE) : literal(days, DATE, span);
  }
  if (name === 'TIME') {
    const time = parseTime(text);
    const type = (precision: number): DataType => ({ kind: 'time', precision, nullable: false });
    return time === null ? bad('13:45:00', type(0)) : literal(time.ms, type(time.precision), span);
  }
  const stamp = parseTimestamp(text);
  if (stamp === null) return bad('2024-02-29 13:45:00', timestamp(3));
  const value = stamp.precision <= 3 ? Number(stamp.nanos / 1000000n) : stamp.nanos.toString();
  return literal(value, timestamp(stamp.precision, false), span);
}

export interface IntervalUnits {
  readonly from: string;
  readonly to: string;
  readonly leading: number | null;
}

/** Returns the unit or units of an interval in the singular. Returns null after a diagnostic. */
export function intervalUnits(node: IntervalQualifierCstNode, context: BuildContext): IntervalUnits | null {
  const c = node.children;
  const unit = (token: IToken): string | null => {
    const found = UNIT.exec(token.image.toUpperCase());
    if (found === null) {
      context.error(
        'SQL_INVALID_LITERAL',
        tokenSpan(token),
        `\`${token.image}\` is not a unit of time`,
        'use YEAR, MONTH, DAY, HOUR, MINUTE or SECOND',
      );
      return null;
    }
    return found[1]!;
  };
  const from = unit(c.from[0]!);
  const to = c.to ? unit(c.to[0]!) : from;
  return from === null || to === null
    ? null
    : { from, to, leading: c.precision ? Number(c.precision[0]!.image) : null };
}

export const isYearMonth = (unit: string): boolean => unit === 'YEAR' || unit === 'MONTH' || unit === 'QUARTER';

export function buildInterval(node: IntervalLiteralCstNode, context: BuildContext): LiteralAst {
  const c = node.children;
  const span = spanOf(node);
  const token = c.StringLiteral[0]!;
  const units = intervalUnits(c.intervalQualifier[0]!, context);
  if (units === null) return literal(null, INTERVAL_DAY_TIME, span);
  const text = stringValue(token);
  const type = isYearMonth(units.from) ? INTERVAL_YEAR_MONTH : INTERVAL_DAY_TIME;
  const parsed = parseInterval(text, units.from, units.to);
  if (parsed === null) {
    const written = units.from === units.to ? units.from : `${units.from} TO ${units.to}`;
    context.error(
      'SQL_INVALID_LITERAL',
      tokenSpan(token),
      `'${text}' is not an interval of ${written}`,
      intervalHint(units.from, units.to),
    );
    return literal(null, type, span);
  }
  const digits = units.leading ?? 2;
  if (context.portable && parsed.leadingDigits > digits) {
    context.error(
      'SQL_NOT_PORTABLE',
      tokenSpan(token),
      `Flink reads at most ${digits} digits in front of ${units.from} here`,
      `write ${units.from}(${parsed.leadingDigits})`,
    );
  }
  const negated = c.sign?.[0]?.image === '-';
  const built = literal((negated ? -1 : 1) * parsed.value, type, span);
  return negated ? { ...built, negated } : built;
}

function intervalHint(from: string, to: string): string | undefined {
  if (from === to) return `write INTERVAL '10' ${from}`;
  if (from === 'DAY' && to === 'SECOND') return "write INTERVAL '1 02:03:04.5' DAY TO SECOND";
  if (from === 'YEAR' && to === 'MONTH') return "write INTERVAL '1-2' YEAR TO MONTH";
  return undefined;
}
