import { ConstantVector, LongVector, type Nulls, NumberVector } from '../batch/vector.ts';
import { EngineError } from '../core/engine-error.ts';
import { eitherNull, longOperand, numberOperand } from './number-operand.ts';
import type { VectorKernel } from './scalar-function.ts';

/**
 * Loops for `+ - * / %` over columns. Float loops return whether every result stayed within
 * ±(2^53-1): for BIGINT that proves that they are exact; otherwise the batch is done again with
 * 64-bit integers, whose arrays wrap as Java does. Only division checks NULLs: the undefined number
 * at the position of a NULL must not fail the job.
 */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const SAFE = Number.MAX_SAFE_INTEGER;

export const divisionByZero = (): EngineError =>
  new EngineError('EXPRESSION_FAILED', 'division by zero: the divisor of an integer or DECIMAL division is 0', {
    operator: '/',
  });

type FloatLoop = (
  a: Float64Array,
  maskA: number,
  b: Float64Array,
  maskB: number,
  nulls: Nulls,
  rows: Int32Array | null,
  count: number,
  out: Float64Array,
) => boolean;

const addFloats: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  let exact = true;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const r = a[i & maskA]! + b[i & maskB]!;
    if (!(r <= SAFE && r >= -SAFE)) exact = false;
    out[i] = r;
  }
  return exact;
};

const subtractFloats: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  let exact = true;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const r = a[i & maskA]! - b[i & maskB]!;
    if (!(r <= SAFE && r >= -SAFE)) exact = false;
    out[i] = r;
  }
  return exact;
};

const multiplyFloats: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  let exact = true;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const r = a[i & maskA]! * b[i & maskB]!;
    if (!(r <= SAFE && r >= -SAFE)) exact = false;
    out[i] = r;
  }
  return exact;
};

/** Works like the loop above. It also turns -0 into 0, because integers have no -0. */
const multiplyIntegers: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  let exact = true;
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const r = a[i & maskA]! * b[i & maskB]! + 0;
    if (!(r <= SAFE && r >= -SAFE)) exact = false;
    out[i] = r;
  }
  return exact;
};

const divideFloats: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    out[i] = a[i & maskA]! / b[i & maskB]!;
  }
  return true;
};

const divideIntegers: FloatLoop = (a, maskA, b, maskB, nulls, rows, count, out) => {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const divisor = b[i & maskB]!;
    if (divisor === 0) {
      if (nulls !== null && nulls[i] === 1) continue;
      throw divisionByZero();
    }
    out[i] = Math.trunc(a[i & maskA]! / divisor) + 0;
  }
  return true;
};

const remainderFloats: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    out[i] = a[i & maskA]! % b[i & maskB]!;
  }
  return true;
};

const remainderIntegers: FloatLoop = (a, maskA, b, maskB, nulls, rows, count, out) => {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const divisor = b[i & maskB]!;
    if (divisor === 0) {
      if (nulls !== null && nulls[i] === 1) continue;
      throw divisionByZero();
    }
    out[i] = (a[i & maskA]! % divisor) + 0;
  }
  return true;
};

/** The product of two 32-bit integers does not fit a double, so `imul` computes its low 32 bits. */
const multiplyInts: FloatLoop = (a, maskA, b, maskB, _nulls, rows, count, out) => {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    out[i] = Math.imul(a[i & maskA]!, b[i & maskB]!);
  }
  return true;
};

/** Wraps to the low 32, 16 or 8 bits: `shift` is 0, 16 or 24. */
function wrapIntegers(shift: number, rows: Int32Array | null, count: number, out: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    out[i] = (out[i]! << shift) >> shift;
  }
}

function roundFloats(rows: Int32Array | null, count: number, out: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    out[i] = Math.fround(out[i]!);
  }
}

const FLOAT_LOOPS = {
  '+': addFloats,
  '-': subtractFloats,
  '*': multiplyFloats,
  '/': divideFloats,
  '%': remainderFloats,
};
const INTEGER_LOOPS = { '+': addFloats, '-': subtractFloats, '/': divideIntegers, '%': remainderIntegers };

/** Creates the kernel of DOUBLE, and of FLOAT, whose results are rounded to FLOAT. */
export function floatKernel(operator: ArithmeticOperator, single: boolean): VectorKernel {
  const loop = FLOAT_LOOPS[operator];
  return numberKernel(loop, single ? roundFloats : null);
}

export const INTEGER_SHIFT: Readonly<Record<string, number>> = { int: 0, smallint: 16, tinyint: 24 };

/** Creates the kernel of INT, SMALLINT and TINYINT. */
export function integerKernel(operator: ArithmeticOperator, kind: string): VectorKernel {
  const shift = INTEGER_SHIFT[kind]!;
  const loop = operator === '*' ? multiplyInts : INTEGER_LOOPS[operator];
  return numberKernel(loop, (rows, count, out) => wrapIntegers(shift, rows, count, out));
}

function numberKernel(
  loop: FloatLoop,
  finish: ((rows: Int32Array | null, count: number, out: Float64Array) => void) | null,
): VectorKernel {
  return ([left, right], rows, count, size) => {
    const a = numberOperand(left!);
    const b = numberOperand(right!);
    // The only constant without a number is NULL.
    if (a === null || b === null) return new ConstantVector(null);
    const out = new Float64Array(size);
    const nulls = eitherNull(a.nulls, b.nulls, size);
    loop(a.values, a.mask, b.values, b.mask, nulls, rows, count, out);
    finish?.(rows, count, out);
    return new NumberVector(out, nulls);
  };
}

/** Creates the kernel of BIGINT in both of its forms. */
export function longKernel(operator: ArithmeticOperator): VectorKernel {
  const loop = operator === '*' ? multiplyIntegers : INTEGER_LOOPS[operator];
  return ([left, right], rows, count, size) => {
    const a = numberOperand(left!);
    const b = numberOperand(right!);
    if (a !== null && b !== null) {
      const out = new Float64Array(size);
      const nulls = eitherNull(a.nulls, b.nulls, size);
      if (loop(a.values, a.mask, b.values, b.mask, nulls, rows, count, out)) return new NumberVector(out, nulls);
    }
    if ((left!.kind === 'constant' && left!.value === null) || (right!.kind === 'constant' && right!.value === null)) {
      return new ConstantVector(null);
    }
    const x = longOperand(left!, rows, count, size);
    const y = longOperand(right!, rows, count, size);
    const nulls = eitherNull(x.nulls, y.nulls, size);
    const out = new BigInt64Array(size);
    longLoop(operator, x.values, x.mask, y.values, y.mask, nulls, rows, count, out);
    return new LongVector(out, nulls);
  };
}

/** Creates a loop over 64-bit integers. Storing into the array keeps the low 64 bits. */
function longLoop(
  operator: ArithmeticOperator,
  a: BigInt64Array,
  maskA: number,
  b: BigInt64Array,
  maskB: number,
  nulls: Nulls,
  rows: Int32Array | null,
  count: number,
  out: BigInt64Array,
): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (nulls !== null && nulls[i] === 1) continue;
    const x = a[i & maskA]!;
    const y = b[i & maskB]!;
    switch (operator) {
      case '+':
        out[i] = x + y;
        break;
      case '-':
        out[i] = x - y;
        break;
      case '*':
        out[i] = x * y;
        break;
      default:
        if (y === 0n) throw divisionByZero();
        out[i] = operator === '/' ? x / y : x % y;
    }
  }
}
