import type { DataType } from '../../core/data-type.ts';
import { isInteger, isText, isTimestamp, MAX_TEXT_LENGTH, sameType, withNullable } from '../../core/data-type.ts';
import { castScalar } from '../../functions/cast/cast.ts';
import type { Expression, LiteralExpression, LiteralJson } from '../../plan/expression.ts';
import { encodeLiteral } from '../../plan/literal.ts';

/** Returns the type without its time attribute. Only a bare column keeps the attribute. */
export function withoutAttribute<T extends DataType>(type: T): T {
  if (!isTimestamp(type) || type.attribute === undefined) return type;
  const { attribute: _, ...rest } = type;
  return rest as T;
}

export const literalOf = (value: LiteralJson, type: DataType): LiteralExpression => ({
  kind: 'literal',
  value,
  type: type.kind === 'null' ? type : withNullable(type, value === null),
});

export const TRUE_LITERAL = literalOf(true, { kind: 'boolean', nullable: false });

/**
 * Converts the expression to the type `to`. Returns the expression itself, a rewritten literal, or
 * a cast.
 */
export function convert(expression: Expression, to: DataType, onError: 'fail' | 'null' = 'fail'): Expression {
  const from = expression.type;
  if (sameType(from, to)) {
    return expression.kind === 'literal' && expression.value === null ? literalOf(null, to) : expression;
  }
  if (expression.kind === 'literal') {
    const value = rewriteLiteral(expression.value, from, to);
    if (value !== undefined) return literalOf(value, to);
  }
  const nullable = expression.type.nullable || from.kind === 'null' || onError === 'null';
  return { kind: 'cast', input: expression, onError, type: withoutAttribute(withNullable(to, nullable)) };
}

/**
 * The compiler converts a text literal to these types. If the text does not fit, the expression
 * stays a cast.
 */
const FOLDED: ReadonlySet<DataType['kind']> = new Set([
  'date',
  'time',
  'timestamp',
  'decimal',
  'double',
  'int',
  'bigint',
]);

/** The environment for these conversions. None of them reads it. */
const NO_ENVIRONMENT = { zone: 'UTC', now: () => 0, random: () => 0 };

/**
 * Returns the literal's value in the form of the type `to`. Returns undefined if a cast is needed.
 */
function rewriteLiteral(value: LiteralJson, from: DataType, to: DataType): LiteralJson | undefined {
  if (value === null) return null;
  if (from.kind === 'char' && to.kind === 'varchar' && (to.length === MAX_TEXT_LENGTH || to.length >= from.length))
    return value;
  if (isInteger(from)) {
    if (to.kind === 'bigint') return String(value);
    if (to.kind === 'double') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
    if (to.kind === 'int' && from.kind !== 'bigint') return value;
    if (to.kind === 'decimal' && String(value).replace('-', '').length <= to.precision - to.scale) {
      return to.scale === 0 ? String(value) : `${value}.${'0'.repeat(to.scale)}`;
    }
  }
  if (isText(from) && FOLDED.has(to.kind)) {
    const folded = castScalar(from, to, 'null', NO_ENVIRONMENT)(value);
    return folded === null ? undefined : encodeLiteral(folded, to);
  }
  if (from.kind === 'decimal') {
    if (to.kind === 'double') return Number(value);
    if (to.kind === 'decimal' && to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale) {
      const [whole, fraction = ''] = String(value).split('.');
      return to.scale === 0 ? whole! : `${whole}.${fraction.padEnd(to.scale, '0')}`;
    }
  }
  return undefined;
}
