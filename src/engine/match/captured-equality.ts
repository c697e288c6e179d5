import { type DataType, physicalOf } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';

/**
 * A conjunct `B.x = A.y` in the condition of B: the parts that read the row under test and the rows
 * taken before.
 */
export interface CapturedEquality {
  readonly row: Expression;
  readonly path: Expression;
}

/**
 * Finds the first conjunct of a variable's condition that compares a column of the row under test
 * with a column of a row taken before. The second value is fixed while the path does not change.
 * Accepts only types whose equal values are identical. `names` are the names that include the row
 * under test: the variable and its subsets.
 */
export function capturedEquality(
  conjuncts: readonly Expression[],
  names: ReadonlySet<string>,
): CapturedEquality | null {
  for (const conjunct of conjuncts) {
    if (conjunct.kind !== 'call' || conjunct.function !== '=' || conjunct.args.length !== 2) continue;
    const [left, right] = conjunct.args as [Expression, Expression];
    if (!sameKindOfValue(left.type, right.type)) continue;
    if (isOfRow(left) && isOfPath(right, names)) return { row: left, path: right };
    if (isOfRow(right) && isOfPath(left, names)) return { row: right, path: left };
  }
  return null;
}

function isOfRow(expression: Expression): boolean {
  return expression.kind === 'column' || (expression.kind === 'cast' && isOfRow(expression.input));
}

function isOfPath(expression: Expression, names: ReadonlySet<string>): boolean {
  if (expression.kind === 'cast') return isOfPath(expression.input, names);
  return (
    expression.kind === 'match-navigation' &&
    expression.variable !== null &&
    !names.has(expression.variable) &&
    expression.physical === undefined &&
    isOfRow(expression.expression)
  );
}

function sameKindOfValue(a: DataType, b: DataType): boolean {
  switch (physicalOf(a)) {
    case 'number':
    case 'long':
      if (a.kind === 'decimal' || b.kind === 'decimal') {
        return a.kind === 'decimal' && b.kind === 'decimal' && a.scale === b.scale && physicalOf(b) === physicalOf(a);
      }
      return a.kind === b.kind && physicalOf(a) === physicalOf(b);
    case 'text':
      return a.kind === 'varchar' && b.kind === 'varchar';
    default:
      return false;
  }
}
