import type { Batch } from '../../batch/batch.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ScalarKernel } from '../../functions/scalar-function.ts';
import type { Rows } from './evaluate.ts';

/** Calls the scalar kernel once per row. This is the general way. */
export function applyScalar(
  kernel: ScalarKernel,
  strict: boolean,
  type: DataType,
  args: readonly Vector[],
  batch: Batch,
  { rows, count }: Rows,
): Vector {
  const builder = new VectorBuilder(type, batch.size);
  if (args.length === 1) applyUnary(kernel, strict, args[0]!, builder, rows, count);
  else if (args.length === 2) applyBinary(kernel, strict, args[0]!, args[1]!, builder, rows, count);
  else applyMany(kernel, strict, args, builder, rows, count);
  return builder.finish();
}

function applyUnary(
  kernel: ScalarKernel,
  strict: boolean,
  arg: Vector,
  builder: VectorBuilder,
  rows: Int32Array | null,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const a = arg.get(i);
    builder.set(i, a === null && strict ? null : kernel(a));
  }
}

function applyBinary(
  kernel: ScalarKernel,
  strict: boolean,
  left: Vector,
  right: Vector,
  builder: VectorBuilder,
  rows: Int32Array | null,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const a = left.get(i);
    const b = right.get(i);
    builder.set(i, strict && (a === null || b === null) ? null : kernel(a, b));
  }
}

function applyMany(
  kernel: ScalarKernel,
  strict: boolean,
  args: readonly Vector[],
  builder: VectorBuilder,
  rows: Int32Array | null,
  count: number,
): void {
  const values: unknown[] = new Array(args.length).fill(null);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    let missing = false;
    for (let a = 0; a < args.length; a++) {
      const value = args[a]!.get(i);
      if (value === null) missing = true;
      values[a] = value;
    }
    builder.set(i, missing && strict ? null : kernel(...values));
  }
}
