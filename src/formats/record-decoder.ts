import { Batch } from '../batch/batch.ts';
import { ObjectVector, type Vector, VectorBuilder } from '../batch/vector.ts';
import type { Field } from '../core/data-type.ts';
import type { ByteRanges } from './byte-ranges.ts';
import type { DecodedValues, RowDecoder } from './row-decoder.ts';

/** Records of a connector with messages. Record i is row i of the values, keys and metadata. */
export interface SourceRecords {
  readonly values: ByteRanges;
  /** Null: no column of the table comes from the key. */
  readonly keys: ByteRanges | null;
  /**
   * Returns a metadata column by its key (`partition`, `timestamp`, `headers`). The column has one
   * value for each record.
   */
  metadata(key: string): Vector;
}

/** The part of a record from which a column of the table is read. */
export type RecordColumn =
  | { readonly from: 'value' | 'key'; readonly column: number }
  | { readonly from: 'metadata'; readonly key: string };

export interface DecodedRecords {
  readonly batch: Batch;
  /** First record that was not consumed. */
  readonly next: number;
  /** Rows of the record `next` that were returned, in this call and before. */
  readonly taken: number;
}

/**
 * Reads the rows of a table from records. Separate decoders read the columns of the value, of the
 * key and of the metadata. A record with a malformed value or key gives no row, unless the handler
 * throws. The next call reuses the batch's memory.
 */
export class RecordDecoder {
  readonly #fields: readonly Field[];
  readonly #columns: readonly RecordColumn[];
  readonly #value: RowDecoder;
  readonly #key: RowDecoder | null;

  constructor(options: {
    readonly fields: readonly Field[];
    /** By field. */
    readonly columns: readonly RecordColumn[];
    readonly value: RowDecoder;
    readonly key: RowDecoder | null;
  }) {
    this.#fields = options.fields;
    this.#columns = options.columns;
    this.#value = options.value;
    this.#key = options.key;
  }

  /**
   * Reads records `from..`, at most `maxRows` rows. `taken` rows of the first were returned before.
   */
  decode(records: SourceRecords, from: number, maxRows: number, taken = 0): DecodedRecords {
    const values = this.#value.decodeValues(records.values, from, maxRows, taken);
    const key = this.#key === null || records.keys === null ? null : readKeys(this.#key, records.keys, values, from);
    const rows = key === null ? null : key.rows;
    const ranges = rows === null ? values.ranges : Int32Array.from(rows, (row) => values.ranges[row]!);
    const count = rows === null ? values.batch.size : rows.length;
    const columns = this.#fields.map((field, i): Vector => {
      const column = this.#columns[i]!;
      if (column.from === 'metadata') return picked(field, records.metadata(column.key), ranges, count);
      if (column.from === 'value') {
        const vector = values.batch.columns[column.column]!;
        return rows === null ? vector : picked(field, vector, rows, count);
      }
      if (key === null) return picked(field, NO_KEY, new Int32Array(count).fill(-1), count);
      return picked(field, key.batch.columns[column.column]!, key.keyRows, count);
    });
    return { batch: new Batch(count, columns), next: values.next, taken: values.taken ?? 0 };
  }
}

interface Keys {
  readonly batch: Batch;
  /** Rows of the values whose record has no malformed key. */
  readonly rows: Int32Array;
  /** The row of the key of each of these rows. -1: the record has no key. */
  readonly keyRows: Int32Array;
}

/** Reads the keys of the records that have a row. A record may have several rows. */
function readKeys(decoder: RowDecoder, keys: ByteRanges, values: DecodedValues, from: number): Keys {
  const { size } = values.batch;
  const count = values.next + (values.taken === undefined || values.taken === 0 ? 0 : 1);
  const starts = new Int32Array(count).fill(-1);
  for (let row = 0; row < size; row++) starts[values.ranges[row]!] = keys.starts[values.ranges[row]!]!;
  const read = decoder.decodeValues({ ...keys, starts, count }, from, size);
  const keyRowOf = new Int32Array(count).fill(-1);
  for (let keyRow = 0; keyRow < read.batch.size; keyRow++) keyRowOf[read.ranges[keyRow]!] = keyRow;
  const rows = new Int32Array(size);
  const keyRows = new Int32Array(size);
  let kept = 0;
  for (let row = 0; row < size; row++) {
    const range = values.ranges[row]!;
    if (keyRowOf[range]! < 0 && starts[range]! >= 0) continue;
    rows[kept] = row;
    keyRows[kept++] = keyRowOf[range]!;
  }
  return { batch: read.batch, rows: rows.subarray(0, kept), keyRows: keyRows.subarray(0, kept) };
}

const NO_KEY = new ObjectVector([]);

/** Returns the values at the positions. The value is NULL if the position is -1. */
function picked(field: Field, vector: Vector, positions: Int32Array, count: number): Vector {
  const builder = new VectorBuilder(field.type, count);
  for (let i = 0; i < count; i++) builder.set(i, positions[i]! < 0 ? null : vector.get(positions[i]!));
  return builder.finish();
}
