import { findFunction } from '../../functions/registry.ts';
import type { Expression } from '../../plan/expression.ts';

/**
 * Returns whether the expression has one value for all rows: it has no column, no match expression
 * and no function whose result differs between calls.
 */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'call':
      return findFunction(expression.function)?.deterministic !== false && expression.args.every(isConstant);
    case 'cast':
    case 'field':
      return isConstant(expression.input);
    case 'and':
    case 'or':
    case 'not':
      return expression.args.every(isConstant);
    case 'case':
      return (
        expression.branches.every((b) => isConstant(b.when) && isConstant(b.then)) && isConstant(expression.otherwise)
      );
    default:
      return false;
  }
}
