import { BooleanVector, ConstantVector, type Vector } from '../batch/vector.ts';
import type { DataType } from '../core/data-type.ts';
import { physicalOf } from '../core/data-type.ts';
import { comparatorOf } from './compare-values.ts';
import { eitherNull, type LongOperand, longOperand, type NumberOperand, numberOperand } from './number-operand.ts';
import type { VectorKernel } from './scalar-function.ts';

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Returns the operator as a condition on the sign of an order. */
export function orderHolds(operator: ComparisonOperator): (order: number) => boolean {
  switch (operator) {
    case '=':
      return (order) => order === 0;
    case '<>':
      return (order) => order !== 0;
    case '<':
      return (order) => order < 0;
    case '<=':
      return (order) => order <= 0;
    case '>':
      return (order) => order > 0;
    case '>=':
      return (order) => order >= 0;
  }
}

/**
 * Returns a comparison of columns of numbers, including both forms of BIGINT. Returns null if
 * values have to be compared one by one.
 */
export function comparisonKernel(operator: ComparisonOperator, a: DataType, b: DataType): VectorKernel | null {
  if (a.kind === 'decimal' && b.kind === 'decimal' && a.scale !== b.scale) return null;
  const physical = physicalOf(a);
  if (physical !== physicalOf(b)) return null;
  if (physical !== 'number' && physical !== 'long') return null;
  return ([left, right], rows, count, size) => {
    if (isNullConstant(left!) || isNullConstant(right!)) return new ConstantVector(null);
    const out = new Uint8Array(size);
    const x = numberOperand(left!);
    const y = numberOperand(right!);
    if (x !== null && y !== null) {
      compareNumbers(operator, x, y, rows, count, out);
      return new BooleanVector(out, eitherNull(x.nulls, y.nulls, size));
    }
    const p = longOperand(left!, rows, count, size);
    const q = longOperand(right!, rows, count, size);
    compareLongs(operator, p, q, rows, count, out);
    return new BooleanVector(out, eitherNull(p.nulls, q.nulls, size));
  };
}

const isNullConstant = (vector: Vector): boolean => vector.kind === 'constant' && vector.value === null;

/**
 * Compares numbers. `a > b` is computed as `b < a`, so four loops are enough. NaN compares as in
 * Java: only `<>` is true.
 */
function compareNumbers(
  operator: ComparisonOperator,
  a: NumberOperand,
  b: NumberOperand,
  rows: Int32Array | null,
  count: number,
  out: Uint8Array,
): void {
  const swap = operator === '>' || operator === '>=';
  const left = swap ? b.values : a.values;
  const right = swap ? a.values : b.values;
  const maskL = swap ? b.mask : a.mask;
  const maskR = swap ? a.mask : b.mask;
  switch (operator) {
    case '=':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        out[i] = left[i & maskL] === right[i & maskR] ? 1 : 0;
      }
      break;
    case '<>':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        out[i] = left[i & maskL] !== right[i & maskR] ? 1 : 0;
      }
      break;
    case '<':
    case '>':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        out[i] = left[i & maskL]! < right[i & maskR]! ? 1 : 0;
      }
      break;
    default:
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        out[i] = left[i & maskL]! <= right[i & maskR]! ? 1 : 0;
      }
  }
}

function compareLongs(
  operator: ComparisonOperator,
  a: LongOperand,
  b: LongOperand,
  rows: Int32Array | null,
  count: number,
  out: Uint8Array,
): void {
  const holds = orderHolds(operator);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const x = a.values[i & a.mask]!;
    const y = b.values[i & b.mask]!;
    out[i] = holds(x < y ? -1 : x > y ? 1 : 0) ? 1 : 0;
  }
}

/** Compares one pair of values. NaN compares as in Java. */
export function comparisonScalar(
  operator: ComparisonOperator,
  a: DataType,
  b: DataType,
): (x: never, y: never) => boolean {
  const physical = physicalOf(a);
  const sameScale = a.kind !== 'decimal' || b.kind !== 'decimal' || a.scale === b.scale;
  if (
    sameScale &&
    physical === physicalOf(b) &&
    (physical === 'number' || physical === 'long' || physical === 'boolean')
  ) {
    // JS compares a number and a bigint by value with < and >, so BIGINT needs no special case. A
    // value is always stored in the same form, so === is right, too.
    switch (operator) {
      case '=':
        return (x, y) => x === y;
      case '<>':
        return (x, y) => x !== y;
      case '<':
        return (x, y) => x < y;
      case '<=':
        return (x, y) => x <= y;
      case '>':
        return (x, y) => x > y;
      case '>=':
        return (x, y) => x >= y;
    }
  }
  if (physical === 'text' && operator === '=') return (x, y) => x === y;
  if (physical === 'text' && operator === '<>') return (x, y) => x !== y;
  const compare = comparatorOf(a, b);
  const holds = orderHolds(operator);
  return (x, y) => holds(compare(x, y));
}
