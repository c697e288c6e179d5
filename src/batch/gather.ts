import type { DataType } from '../core/data-type.ts';
import {
  BooleanVector,
  BytesVector,
  ConstantVector,
  type Nulls,
  NumberVector,
  type Vector,
  VectorBuilder,
} from './vector.ts';

/**
 * Rows of several batches, in any order: row `rows[i]` of batch `parts[i]`, for i below `count`.
 */
export interface PickedRows {
  readonly parts: Int32Array;
  readonly rows: Int32Array;
  readonly count: number;
}

/** Returns a column of the picked rows; `vectors`: the column in each batch. */
export function gather(type: DataType, vectors: readonly Vector[], picked: PickedRows): Vector {
  const first = vectors[0]!;
  if (vectors.every((v) => v.kind === 'number')) return gatherNumbers(vectors, picked);
  if (vectors.every((v) => v.kind === 'bytes' && first.kind === 'bytes' && v.buffer === first.buffer)) {
    return gatherBytes(vectors as readonly BytesVector[], picked);
  }
  if (vectors.every((v) => v.kind === 'boolean')) return gatherBooleans(vectors, picked);
  if (vectors.every((v) => v.kind === 'constant' && first.kind === 'constant' && Object.is(v.value, first.value))) {
    return new ConstantVector((first as ConstantVector).value);
  }
  const builder = new VectorBuilder(type, picked.count);
  for (let i = 0; i < picked.count; i++) builder.set(i, vectors[picked.parts[i]!]!.get(picked.rows[i]!));
  return builder.finish();
}

function gatherNumbers(vectors: readonly NumberVector[], picked: PickedRows): NumberVector {
  const { parts, rows, count } = picked;
  const from = vectors.map((v) => v.values);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = from[parts[i]!]![rows[i]!]!;
  return new NumberVector(values, gatherNulls(vectors, picked));
}

function gatherBooleans(vectors: readonly BooleanVector[], picked: PickedRows): BooleanVector {
  const { parts, rows, count } = picked;
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) values[i] = vectors[parts[i]!]!.values[rows[i]!]!;
  return new BooleanVector(values, gatherNulls(vectors, picked));
}

/** Gathers texts. Does not copy texts that are all in one buffer. */
function gatherBytes(vectors: readonly BytesVector[], picked: PickedRows): BytesVector {
  const { parts, rows, count } = picked;
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const vector = vectors[parts[i]!]!;
    const row = rows[i]!;
    starts[i] = vector.starts[row]!;
    ends[i] = vector.ends[row]!;
  }
  return new BytesVector(vectors[0]!.buffer, starts, ends, gatherNulls(vectors, picked));
}

function gatherNulls(vectors: readonly { readonly nulls: Nulls }[], { parts, rows, count }: PickedRows): Nulls {
  if (vectors.every(({ nulls }) => nulls === null)) return null;
  const nulls = new Uint8Array(count);
  for (let i = 0; i < count; i++) nulls[i] = vectors[parts[i]!]!.nulls?.[rows[i]!] ?? 0;
  return nulls;
}
