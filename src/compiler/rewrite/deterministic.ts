import { findFunction } from '../../functions/registry.ts';
import type { Expression } from '../../plan/expression.ts';
import { walk } from '../../plan/walk-expression.ts';

/** Returns whether an expression has the same value whenever it is evaluated for a row. */
export function isDeterministic(expression: Expression): boolean {
  let deterministic = true;
  walk(expression, (part) => {
    if (part.kind === 'call' && findFunction(part.function)?.deterministic === false) deterministic = false;
  });
  return deterministic;
}
