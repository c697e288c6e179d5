import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import type { CsvOptions } from './csv-options.ts';
import { CsvRecord, INCOMPLETE } from './csv-record.ts';
import { readCsvCell } from './csv-value.ts';

const LF = 10;
const CR = 13;

/** A wanted column: its place in the record, counted from 0. */
export interface CsvColumn {
  readonly name: string;
  readonly type: DataType;
  readonly position: number;
}

/**
 * Decodes CSV records into columns. Missing cells are NULL, but a record with fewer cells than
 * columns are read is malformed unless `csv.ignore-parse-errors` is set (Flink:
 * CsvToRowDataConverters, which compares with the columns that the query reads). Records may
 * contain line breaks inside quotes. If a record continues after the block, the next call decodes
 * the record.
 */
export class CsvDecoder implements RowDecoder {
  readonly #columns: readonly CsvColumn[];
  readonly #readers: readonly ((cell: string) => unknown)[];
  readonly #width: number;
  readonly #options: CsvOptions;
  readonly #malformed: MalformedHandler;
  readonly #record: CsvRecord;

  constructor(columns: readonly CsvColumn[], width: number, options: CsvOptions, malformed: MalformedHandler) {
    this.#columns = columns;
    this.#readers = columns.map((column) => readCsvCell(column.type, options));
    this.#width = width;
    this.#options = options;
    this.#malformed = malformed;
    this.#record = new CsvRecord(width, options);
  }

  /** A line break is LF or CR. A CR at the end of the bytes may belong to a CR LF. */
  endOfLines(buffer: Buffer, from: number, to: number): number {
    for (let at = to - 1; at >= from; at--) {
      if (buffer[at] === LF || (buffer[at] === CR && at < to - 1)) return at + 1;
    }
    return from;
  }

  /** The header is one record, which may be longer than those of the table. */
  headerEnd(buffer: Buffer, from: number, to: number): number {
    const next = this.#record.read(buffer, from, to, false);
    return next === INCOMPLETE ? from : next;
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number): Decoded {
    const rows = new CsvRows(this.#columns);
    let at = from;
    while (at < to && rows.count < maxRows) {
      const next = this.#record.read(buffer, at, to, false);
      if (next === INCOMPLETE) break;
      rows.add(this.#readRecord(buffer, next, -1));
      at = next;
    }
    return { batch: rows.finish(), next: at };
  }

  /**
   * Decodes one record from each value. Ignores text after the record (Flink:
   * CsvRowDataDeserializationSchema).
   */
  decodeValues({ buffer, count, starts, ends }: ByteRanges, from: number, maxRows: number): DecodedValues {
    const rows = new CsvRows(this.#columns);
    const ranges = new Int32Array(Math.min(maxRows, count - from));
    let range = from;
    for (; range < count && rows.count < maxRows; range++) {
      if (starts[range]! < 0) continue;
      this.#record.read(buffer, starts[range]!, ends[range]!, true);
      if (rows.add(this.#readRecord(buffer, ends[range]!, range))) ranges[rows.count - 1] = range;
    }
    return { batch: rows.finish(), ranges, next: range };
  }

  /** Returns the values of a record. Null: there is none, or it is malformed and skipped. */
  #readRecord(buffer: Buffer, end: number, range: number): unknown[] | null {
    const record = this.#record;
    if (record.problem !== null) {
      this.#malformed(record.problem, buffer, record.start, end, range);
      return null;
    }
    if (record.count === 0) return null;
    if (record.count < this.#columns.length && !this.#options.ignoreErrors) {
      const reason = `the record has ${record.count} cells, the table ${this.#width} columns`;
      this.#malformed(reason, buffer, record.start, end, range);
      return null;
    }
    let i = 0;
    try {
      const values: unknown[] = [];
      for (; i < this.#columns.length; i++) {
        const { position } = this.#columns[i]!;
        values.push(position < record.count ? this.#readers[i]!(record.text(buffer, position)) : null);
      }
      return values;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#malformed(`column ${this.#columns[i]!.name}: ${reason}`, buffer, record.start, end, range);
      return null;
    }
  }
}

/** The rows of a batch while they are read. */
class CsvRows {
  count = 0;
  readonly #columns: readonly CsvColumn[];
  readonly #rows: (readonly unknown[])[] = [];

  constructor(columns: readonly CsvColumn[]) {
    this.#columns = columns;
  }

  /** Adds a row. Returns false if there is no row. */
  add(values: readonly unknown[] | null): boolean {
    if (values === null) return false;
    this.#rows.push(values);
    this.count++;
    return true;
  }

  finish(): Batch {
    const vectors = this.#columns.map((column, c) => {
      const builder = new VectorBuilder(column.type, this.count);
      for (const [row, values] of this.#rows.entries()) builder.set(row, values[c]);
      return builder.finish();
    });
    return new Batch(this.count, vectors);
  }
}
