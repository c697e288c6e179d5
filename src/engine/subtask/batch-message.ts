import { Batch, type WatermarkMarks } from '../../batch/batch.ts';
import {
  BooleanVector,
  BytesVector,
  ConstantVector,
  LongVector,
  type Nulls,
  NumberVector,
  type Vector,
} from '../../batch/vector.ts';
import { invariant } from '../../core/invariant.ts';
import { TextWriter } from './text-writer.ts';

/**
 * A batch as plain data for another thread. All rows are inserts. The buffers of its arrays are
 * transferred.
 */
export interface BatchMessage {
  readonly size: number;
  /** Null: no operator of the receiver reads the column. */
  readonly columns: readonly (ColumnMessage | null)[];
  readonly marks: WatermarkMarks | null;
}

type ColumnMessage =
  | { readonly kind: 'number'; readonly values: Float64Array; readonly nulls: Nulls }
  | { readonly kind: 'long'; readonly values: BigInt64Array; readonly nulls: Nulls }
  | { readonly kind: 'boolean'; readonly values: Uint8Array; readonly nulls: Nulls }
  | {
      readonly kind: 'text';
      readonly bytes: Uint8Array;
      readonly starts: Int32Array;
      readonly ends: Int32Array;
      readonly nulls: Nulls;
    };

/**
 * Copies rows of a batch into a message. `reads`: the columns that the receiver needs; null: all.
 * Columns are numbers, BIGINT, BOOLEAN or text. Of several marks without a row between them, the
 * message has the last.
 */
export function batchMessage(
  batch: Batch,
  rows: Int32Array,
  count: number,
  reads: ReadonlySet<number> | null,
): BatchMessage {
  const columns = batch.columns.map((vector, column) =>
    reads === null || reads.has(column) ? copyColumn(vector, rows, count) : null,
  );
  return { size: count, columns, marks: marksBetween(batch.marks, rows, count, true) };
}

/** Returns the buffers of a message, which its sender does not need any more. */
export function buffersOf({ columns, marks }: BatchMessage): ArrayBuffer[] {
  const buffers: ArrayBufferLike[] = marks === null ? [] : [marks.positions.buffer, marks.values.buffer];
  for (const column of columns) {
    if (column === null) continue;
    if (column.nulls !== null) buffers.push(column.nulls.buffer);
    if (column.kind === 'text') buffers.push(column.bytes.buffer, column.starts.buffer, column.ends.buffer);
    else buffers.push(column.values.buffer);
  }
  return buffers as ArrayBuffer[];
}

export function batchOf({ size, columns, marks }: BatchMessage): Batch {
  return new Batch(size, columns.map(vectorOf), null, null, size, marks);
}

function vectorOf(column: ColumnMessage | null): Vector {
  if (column === null) return new ConstantVector(null);
  switch (column.kind) {
    case 'number':
      return new NumberVector(column.values, column.nulls);
    case 'long':
      return new LongVector(column.values, column.nulls);
    case 'boolean':
      return new BooleanVector(column.values, column.nulls);
    case 'text': {
      const { buffer, byteOffset, byteLength } = column.bytes;
      return new BytesVector(Buffer.from(buffer, byteOffset, byteLength), column.starts, column.ends, column.nulls);
    }
  }
}

function copyColumn(vector: Vector, rows: Int32Array, count: number): ColumnMessage {
  const nulls = nullsOf(vector, rows, count);
  switch (vector.kind) {
    case 'number': {
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) values[i] = vector.values[rows[i]!]!;
      return { kind: 'number', values, nulls };
    }
    case 'long': {
      const values = new BigInt64Array(count);
      for (let i = 0; i < count; i++) values[i] = vector.values[rows[i]!]!;
      return { kind: 'long', values, nulls };
    }
    case 'boolean': {
      const values = new Uint8Array(count);
      for (let i = 0; i < count; i++) values[i] = vector.values[rows[i]!]!;
      return { kind: 'boolean', values, nulls };
    }
    case 'bytes':
      return { kind: 'text', ...copyTexts(vector, rows, count), nulls };
    default:
      return copyBoxed(vector, rows, count, nulls);
  }
}

/** The values of a row may be boxed: JS strings, or a constant. */
function copyBoxed(vector: Vector, rows: Int32Array, count: number, nulls: Nulls): ColumnMessage {
  let sample: unknown = null;
  for (let i = 0; i < count && sample === null; i++) sample = vector.get(rows[i]!);
  if (sample === null || typeof sample === 'string') {
    const writer = new TextWriter(count);
    for (let i = 0; i < count; i++) writer.add(vector.get(rows[i]!) as string | null);
    return { kind: 'text', ...writer.finish(), nulls };
  }
  if (typeof sample === 'boolean') {
    return {
      kind: 'boolean',
      values: Uint8Array.from({ length: count }, (_, i) => Number(vector.get(rows[i]!))),
      nulls,
    };
  }
  const values = Array.from({ length: count }, (_, i) => vector.get(rows[i]!) ?? 0) as (number | bigint)[];
  if (values.some((value) => typeof value === 'bigint')) {
    return { kind: 'long', values: BigInt64Array.from(values.map(BigInt)), nulls };
  }
  invariant(typeof sample === 'number', 'the column has plain values');
  return { kind: 'number', values: Float64Array.from(values as number[]), nulls };
}

function nullsOf(vector: Vector, rows: Int32Array, count: number): Nulls {
  if ('nulls' in vector && vector.nulls === null) return null;
  let nulls: Uint8Array | null = null;
  for (let i = 0; i < count; i++) {
    if (!vector.isNull(rows[i]!)) continue;
    nulls ??= new Uint8Array(count);
    nulls[i] = 1;
  }
  return nulls;
}

function copyTexts({ buffer, starts, ends }: BytesVector, rows: Int32Array, count: number) {
  let length = 0;
  for (let i = 0; i < count; i++) length += ends[rows[i]!]! - starts[rows[i]!]!;
  const bytes = new Uint8Array(length);
  const newStarts = new Int32Array(count);
  const newEnds = new Int32Array(count);
  let to = 0;
  for (let i = 0; i < count; i++) {
    const end = ends[rows[i]!]!;
    newStarts[i] = to;
    for (let at = starts[rows[i]!]!; at < end; at++) bytes[to++] = buffer[at]!;
    newEnds[i] = to;
  }
  return { bytes, starts: newStarts, ends: newEnds };
}

/**
 * Returns the marks that some rows of a batch need: of the marks between two of them, the last.
 * `renumbered`: the rows are the only rows of the new batch.
 */
export function marksBetween(
  marks: WatermarkMarks | null,
  rows: Int32Array,
  count: number,
  renumbered: boolean,
): WatermarkMarks | null {
  if (marks === null) return null;
  const positions = new Int32Array(Math.min(marks.count, count + 1));
  const values = new Float64Array(positions.length);
  let kept = 0;
  let before = 0;
  let last = -1;
  for (let mark = 0; mark < marks.count; mark++) {
    const position = marks.positions[mark]!;
    while (before < count && rows[before]! < position) before++;
    if (before !== last) kept++;
    last = before;
    positions[kept - 1] = renumbered ? before : position;
    values[kept - 1] = marks.values[mark]!;
  }
  return { count: kept, positions, values };
}
