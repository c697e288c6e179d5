import { type DataType, physicalOf } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';

/**
 * A conjunct `B.x > f(A.y)` of numbers in the condition of B. The conjunct holds only if
 * `sign * row >= sign * path`. `row` is computed from the row under test, and `path` from the rows
 * taken before.
 */
export interface CapturedComparison {
  readonly row: Expression;
  readonly path: Expression;
  readonly sign: 1 | -1;
}

const SIGNS: Readonly<Record<string, 1 | -1>> = { '>': 1, '>=': 1, '<': -1, '<=': -1 };
const ARITHMETIC = new Set(['+', '-', '*', '/']);

/**
 * Finds the first such conjunct. `names` are the names that include the row under test: the
 * variable and its subsets.
 */
export function capturedComparison(
  conjuncts: readonly Expression[],
  names: ReadonlySet<string>,
): CapturedComparison | null {
  for (const conjunct of conjuncts) {
    if (conjunct.kind !== 'call' || conjunct.args.length !== 2) continue;
    const sign = SIGNS[conjunct.function];
    const [left, right] = conjunct.args as [Expression, Expression];
    if (sign === undefined || !comparable(left.type, right.type)) continue;
    if (isOfRow(left) && isOfPath(right, names)) return { row: left, path: right, sign };
    if (isOfRow(right) && isOfPath(left, names)) return { row: right, path: left, sign: sign === 1 ? -1 : 1 };
  }
  return null;
}

/**
 * Returns whether values of the two types can be compared as numbers in memory. Two decimals must
 * have the same scale.
 */
function comparable(a: DataType, b: DataType): boolean {
  if (physicalOf(a) !== 'number' || physicalOf(b) !== 'number') return false;
  if (a.kind !== 'decimal' && b.kind !== 'decimal') return true;
  return a.kind === 'decimal' && b.kind === 'decimal' && a.scale === b.scale;
}

function isOfRow(expression: Expression): boolean {
  return expression.kind === 'column' || isComputed(expression, isOfRow);
}

function isOfPath(expression: Expression, names: ReadonlySet<string>): boolean {
  if (expression.kind === 'match-navigation') {
    const { variable, physical } = expression;
    return variable !== null && !names.has(variable) && physical === undefined && isOfRow(expression.expression);
  }
  return isComputed(expression, (part) => isOfPath(part, names));
}

/**
 * Returns whether an expression consists of such parts, constants and plain arithmetic. Each
 * evaluation gives the same value.
 */
function isComputed(expression: Expression, isPart: (part: Expression) => boolean): boolean {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'cast':
      return isPart(expression.input);
    case 'call':
      return ARITHMETIC.has(expression.function) && expression.args.every(isPart);
    default:
      return false;
  }
}
