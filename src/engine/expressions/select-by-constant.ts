import type { Batch } from '../../batch/batch.ts';
import type { BytesVector, LongVector, NumberVector, Vector } from '../../batch/vector.ts';
import { physicalOf } from '../../core/data-type.ts';
import { compareText } from '../../functions/compare-values.ts';
import { type ComparisonOperator, orderHolds } from '../../functions/comparison-kernels.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import { compileScalar } from './compile-scalar.ts';
import { compileVector } from './compile-vector.ts';
import { isConstant } from './fold-constant.ts';

/**
 * Writes the rows for which a condition is TRUE to `out`, in ascending order. Returns their number.
 * `out` has at least `count` elements, and may be `rows` itself.
 */
export type Select = (batch: Batch, rows: Int32Array | null, count: number, out: Int32Array) => number;

const MIRRORED: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/**
 * Returns a loop for `<number or text> <op> <constant>`, with the operands in either order. Returns
 * null if the condition has another form.
 */
export function compareWithConstant(expression: Expression, environment: FunctionEnvironment): Select | null {
  if (expression.kind !== 'call' || expression.args.length !== 2 || !(expression.function in MIRRORED)) return null;
  const [left, right] = expression.args as [Expression, Expression];
  const mirrored = isConstant(left);
  if (mirrored === isConstant(right)) return null;
  const operator = mirrored ? MIRRORED[expression.function]! : (expression.function as ComparisonOperator);
  const variable = mirrored ? right : left;
  const fixed = mirrored ? left : right;
  const physical = physicalOf(variable.type);
  if (physical !== physicalOf(fixed.type)) return null;
  if (variable.type.kind === 'decimal' && fixed.type.kind === 'decimal' && variable.type.scale !== fixed.type.scale) {
    return null;
  }
  if (physical !== 'number' && physical !== 'long' && physical !== 'text') return null;
  const evaluate = compileVector(variable, environment);
  const constant = compileScalar<null>(fixed, () => null, environment);
  return physical === 'text'
    ? selectTexts(operator, evaluate, () => constant(null) as string | null)
    : selectNumbers(operator, evaluate, () => constant(null) as number | bigint | null);
}

type Evaluate = ReturnType<typeof compileVector>;

function selectNumbers(operator: ComparisonOperator, evaluate: Evaluate, read: () => number | bigint | null): Select {
  let constant: number | bigint | null | undefined;
  return (batch, rows, count, out) => {
    if (count === 0) return 0;
    const vector = evaluate(batch, { rows, count });
    if (constant === undefined) constant = read();
    if (constant === null) return 0;
    // A float column holds nothing beyond 2^53-1, so a larger constant compares the same after
    // rounding.
    if (vector.kind === 'number') return selectFloats(operator, vector, Number(constant), rows, count, out);
    if (vector.kind === 'long') return selectLongs(operator, vector, BigInt(constant), rows, count, out);
    return selectBoxed(operator, vector, constant, rows, count, out);
  };
}

function selectFloats(
  operator: ComparisonOperator,
  vector: NumberVector,
  constant: number,
  rows: Int32Array | null,
  count: number,
  out: Int32Array,
): number {
  const { values, nulls } = vector;
  let n = 0;
  switch (operator) {
    case '=':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i] === constant) out[n++] = i;
      }
      break;
    case '<>':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i] !== constant) out[n++] = i;
      }
      break;
    case '<':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i]! < constant) out[n++] = i;
      }
      break;
    case '<=':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i]! <= constant) out[n++] = i;
      }
      break;
    case '>':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i]! > constant) out[n++] = i;
      }
      break;
    case '>=':
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        if (values[i]! >= constant) out[n++] = i;
      }
      break;
  }
  return nulls === null ? n : dropNulls(nulls, out, n);
}

/** Removes rows that were selected by the undefined number of a NULL. */
function dropNulls(nulls: Uint8Array, out: Int32Array, count: number): number {
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = out[k]!;
    if (nulls[i] === 0) out[n++] = i;
  }
  return n;
}

function selectLongs(
  operator: ComparisonOperator,
  vector: LongVector,
  constant: bigint,
  rows: Int32Array | null,
  count: number,
  out: Int32Array,
): number {
  const { values, nulls } = vector;
  const holds = orderHolds(operator);
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (nulls !== null && nulls[i] === 1) continue;
    const value = values[i]!;
    if (holds(value < constant ? -1 : value > constant ? 1 : 0)) out[n++] = i;
  }
  return n;
}

function selectBoxed(
  operator: ComparisonOperator,
  vector: Vector,
  constant: number | bigint | string,
  rows: Int32Array | null,
  count: number,
  out: Int32Array,
): number {
  const holds = orderHolds(operator);
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const value = vector.get(i);
    if (value !== null && holds(orderOf(value, constant))) out[n++] = i;
  }
  return n;
}

function orderOf(value: unknown, constant: number | bigint | string): number {
  if (typeof constant === 'string') return compareText(value as string, constant);
  const number = value as number | bigint;
  return number < constant ? -1 : number > constant ? 1 : 0;
}

function selectTexts(operator: ComparisonOperator, evaluate: Evaluate, read: () => string | null): Select {
  let text: string | null | undefined;
  let bytes = Buffer.alloc(0);
  return (batch, rows, count, out) => {
    if (count === 0) return 0;
    const vector = evaluate(batch, { rows, count });
    if (text === undefined) {
      text = read();
      if (text !== null) bytes = Buffer.from(text);
    }
    if (text === null) return 0;
    if (vector.kind !== 'bytes') return selectBoxed(operator, vector, text, rows, count, out);
    if (operator === '=' || operator === '<>')
      return selectEqualBytes(operator === '=', vector, bytes, rows, count, out);
    return selectOrderedBytes(operator, vector, bytes, rows, count, out);
  };
}

/** Compares lengths, then bytes; creates no string. */
function selectEqualBytes(
  wanted: boolean,
  vector: BytesVector,
  constant: Uint8Array,
  rows: Int32Array | null,
  count: number,
  out: Int32Array,
): number {
  const { buffer, starts, ends, nulls } = vector;
  const length = constant.length;
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const start = starts[i]!;
    let equal = ends[i]! - start === length;
    if (equal) {
      for (let b = 0; b < length; b++) {
        if (buffer[start + b] !== constant[b]) {
          equal = false;
          break;
        }
      }
    }
    if (equal === wanted) out[n++] = i;
  }
  return nulls === null ? n : dropNulls(nulls, out, n);
}

function selectOrderedBytes(
  operator: ComparisonOperator,
  vector: BytesVector,
  constant: Uint8Array,
  rows: Int32Array | null,
  count: number,
  out: Int32Array,
): number {
  const { buffer, starts, ends, nulls } = vector;
  const holds = orderHolds(operator);
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (nulls !== null && nulls[i] === 1) continue;
    const order = buffer.compare(constant, 0, constant.length, starts[i]!, ends[i]!);
    if (holds(order)) out[n++] = i;
  }
  return n;
}
