import { BOOLEAN, withNullable } from '../../core/data-type.ts';
import type { ArgumentInfo } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import { TRUE_LITERAL } from './convert.ts';

export function argumentInfo(expression: Expression): ArgumentInfo {
  return expression.kind === 'literal'
    ? { type: expression.type, literal: { value: expression.value } }
    : { type: expression.type };
}

/** Returns AND, OR or NOT. Merges nested expressions of the same kind into one flat list. */
export function logicOf(kind: 'and' | 'or' | 'not', args: readonly Expression[]): Expression {
  const flat = kind === 'not' ? args : args.flatMap((arg) => (arg.kind === kind ? arg.args : [arg]));
  if (flat.length === 0) return TRUE_LITERAL;
  if (flat.length === 1 && kind !== 'not') return flat[0]!;
  return {
    kind,
    args: flat,
    type: withNullable(
      BOOLEAN,
      flat.some((arg) => arg.type.nullable),
    ),
  };
}

/** Returns whether both expressions have the same value in every row. */
export const sameExpression = (a: Expression, b: Expression): boolean => JSON.stringify(a) === JSON.stringify(b);
