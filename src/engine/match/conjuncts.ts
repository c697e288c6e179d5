import { BOOLEAN } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';

/**
 * Returns the conjuncts of a condition. The condition is TRUE if all conjuncts are TRUE, in any
 * order of evaluation.
 */
export function conjuncts(condition: Expression): Expression[] {
  return condition.kind === 'and' ? condition.args.flatMap(conjuncts) : [condition];
}

export function conjunction(parts: readonly Expression[]): Expression {
  return parts.length === 1 ? parts[0]! : { kind: 'and', args: parts, type: BOOLEAN };
}
