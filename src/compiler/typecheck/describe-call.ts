import type { DataType } from '../../core/data-type.ts';
import { typeName, withNullable } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { LiteralPlace } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst } from '../ast/expression.ts';
import { withoutAttribute } from './convert.ts';

/**
 * Returns the name of a type for a message. Omits NOT NULL and the time attribute, because they
 * rarely matter in messages.
 */
export const plainName = (type: DataType): string => typeName(withNullable(withoutAttribute(type), true));

/**
 * Describes a call that no signature accepts: "`=` cannot compare STRING with INT",
 * "SUBSTRING(BIGINT): expects …".
 */
export function describeCall(ast: CallAst, args: readonly Expression[], mismatch: string): string {
  const text = mismatch.replaceAll(/ NOT NULL| \*(ROWTIME|PROCTIME)\*/g, '');
  const types = args.map((arg) => plainName(arg.type));
  const name = ast.name === 'NEGATE' ? '-' : ast.name;
  if (ast.operator && text.startsWith('cannot')) return `\`${name}\` ${text}`;
  if (ast.operator && args.length === 2) return `cannot apply \`${name}\` to ${types[0]} and ${types[1]}: ${text}`;
  if (ast.operator && args.length === 1) return `cannot apply \`${name}\` to ${types[0]}: ${text}`;
  return `${name}(${types.join(', ')}): ${text}`;
}

/**
 * Returns the place in the SQL text of a place inside of a text literal; null if it is no plain
 * literal.
 */
export function literalSpan(
  ast: CallAst,
  args: readonly Expression[],
  at: LiteralPlace | undefined,
): SourceSpan | null {
  const arg = at && args[at.argument];
  const literal = at && ast.args[at.argument];
  if (arg?.kind !== 'literal' || literal === undefined || typeof arg.value !== 'string') return null;
  // A quote in the text is written as two.
  const quotes = arg.value.split("'").length - 1;
  if (literal.span.end - literal.span.start !== arg.value.length + quotes + 2) return null;
  const before = arg.value.slice(0, at!.offset);
  const start = literal.span.start + 1 + before.length + before.split("'").length - 1;
  return { start, end: start + 1 };
}
