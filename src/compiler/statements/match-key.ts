import {
  type DataType,
  isApproximate,
  isNumeric,
  isText,
  isTimestamp,
  STRING,
  timestamp,
  timestampLtz,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import { canCast, castScalar } from '../../functions/cast/cast.ts';
import { parseExact } from '../../functions/decimal.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import { decodeLiteral } from '../../plan/literal.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { Session } from '../session.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';

/** The value of a literal, or a mistake that was reported. */
export type Constant = { readonly value: unknown } | null;

/**
 * Converts a literal to a value of `to`, or to NULL. The value must be equal to the literal: 5.5 is
 * no INT and 300 is no TINYINT. `what` names the value in messages. Returns null after reporting a
 * mistake.
 */
export function constantOf(ast: ExpressionAst, to: DataType, what: string, session: Session): Constant {
  const { diagnostics, environment, extension } = session;
  const typed = new ExpressionTyper({ diagnostics, environment, extension, scope: Scope.of(null, []) }).type(ast);
  if (typed === null) return null;
  if (typed.kind !== 'literal') {
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, `${what} must be a literal`, "for example 'a' or 5");
  }
  const from = typed.type;
  const value = decodeLiteral(typed.value, from);
  if (value === null) return { value: null };
  const nullable = withNullable(to, true);
  const converted = canCast(from, to) === 'no' ? null : castScalar(from, nullable, 'null', environment)(value);
  if (converted !== null && isEqual(value, from, converted, nullable, environment)) return { value: converted };
  const text = textOf(value, from, environment);
  const shown = isText(from) ? `'${text}'` : text;
  const type = typeName(nullable);
  return diagnostics.error(
    'SQL_INVALID_ARGUMENT',
    ast.span,
    `${what} must be ${type}: ${converted === null ? `${shown} cannot be converted` : `none is equal to ${shown}`}`,
    exampleOf(to),
  );
}

/** Returns the text of a value, as CAST to STRING writes it. */
export function textOf(value: unknown, type: DataType, environment: FunctionEnvironment): string {
  return canCast(type, STRING) === 'no' ? String(value) : String(castScalar(type, STRING, 'null', environment)(value));
}

/** Returns whether a conversion kept the value: all its digits, letters and time. */
function isEqual(
  value: unknown,
  from: DataType,
  converted: unknown,
  to: DataType,
  environment: FunctionEnvironment,
): boolean {
  const before = textOf(value, from, environment).trim();
  if (isText(to)) return before === textOf(converted, to, environment).trim();
  if (isNumeric(to) && !isApproximate(to)) {
    const [a, b] = [parseExact(before), parseExact(textOf(converted, to, environment))];
    return a !== null && b !== null && a.unscaled * 10n ** BigInt(b.scale) === b.unscaled * 10n ** BigInt(a.scale);
  }
  const widest = widestTime(to);
  if (widest === null || canCast(from, widest) === 'no') return true;
  const exact = castScalar(from, widest, 'null', environment)(value);
  return exact === null || exact === castScalar(to, widest, 'null', environment)(converted);
}

/** Times are compared with all their digits. */
function widestTime(type: DataType): DataType | null {
  if (type.kind === 'time') return { ...type, precision: 9 };
  if (isTimestamp(type)) return type.kind === 'timestamp-ltz' ? timestampLtz(9) : timestamp(9);
  return type.kind === 'date' ? timestamp(9) : null;
}

/** Returns a hint with a value of the type, for types whose values need a certain form. */
function exampleOf(type: DataType): string | undefined {
  if (type.kind === 'date') return "for example '2026-01-31'";
  if (type.kind === 'time') return "for example '09:30:00'";
  if (isTimestamp(type)) return "for example '2026-01-31 09:30:00'";
  return type.kind === 'boolean' ? 'TRUE or FALSE' : undefined;
}
