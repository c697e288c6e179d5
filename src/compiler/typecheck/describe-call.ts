import { typeName, withNullable } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst } from '../ast/expression.ts';

/** "`a + b` with BOOLEAN and INT: …" for operators, "SUBSTRING(…): …" for functions. */
export function describeCall(ast: CallAst, args: readonly Expression[], mismatch: string): string {
  const types = args.map((arg) => typeName(withNullable(arg.type, true)));
  const name = ast.name === 'NEGATE' ? '-' : ast.name;
  if (ast.operator && args.length === 2) return `cannot apply \`${name}\` to ${types[0]} and ${types[1]}: ${mismatch}`;
  if (ast.operator && args.length === 1) return `cannot apply \`${name}\` to ${types[0]}: ${mismatch}`;
  return `${name}(${types.join(', ')}): ${mismatch}`;
}
