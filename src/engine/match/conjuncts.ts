import { BOOLEAN } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';

/** A condition is TRUE when all of its conjuncts are, in any order of evaluation. */
export function conjuncts(condition: Expression): Expression[] {
  return condition.kind === 'and' ? condition.args.flatMap(conjuncts) : [condition];
}

export function conjunction(parts: readonly Expression[]): Expression {
  return parts.length === 1 ? parts[0]! : { kind: 'and', args: parts, type: BOOLEAN };
}
