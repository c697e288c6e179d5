import { createRequire } from 'node:module';
import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import type { CsvOptions } from './csv-options.ts';
import { readCsvCell } from './csv-value.ts';

/** Loads the library for the first CSV table. Programs without CSV tables start without it. */
function csvParse(): typeof import('csv-parse/sync') {
  return createRequire(import.meta.url)('csv-parse/sync') as typeof import('csv-parse/sync');
}

/** A wanted column: its place in the record, counted from 0. */
export interface CsvColumn {
  readonly name: string;
  readonly type: DataType;
  readonly position: number;
}

interface ParsedRecord {
  readonly record: readonly string[];
  /** Bytes read when the record was complete. */
  readonly info: { readonly bytes: number };
}

/**
 * Decodes CSV records into columns. A record must have as many cells as the table has physical
 * columns (`width`). Any other number of cells makes the record malformed. Records may contain line
 * breaks inside quotes. If a record continues after the block, the next call decodes the record.
 */
export class CsvDecoder implements RowDecoder {
  readonly #columns: readonly CsvColumn[];
  readonly #readers: readonly ((cell: string) => unknown)[];
  readonly #width: number;
  readonly #options: CsvOptions;
  readonly #malformed: MalformedHandler;

  constructor(columns: readonly CsvColumn[], width: number, options: CsvOptions, malformed: MalformedHandler) {
    this.#columns = columns;
    this.#readers = columns.map((column) => readCsvCell(column.type, options));
    this.#width = width;
    this.#options = options;
    this.#malformed = malformed;
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number): Decoded {
    const end = this.#endOfRecords(buffer, from, to, maxRows);
    const rows = new CsvRows(this.#columns);
    let start = from;
    for (const { record, info } of this.#parse(buffer, from, end, -1)) {
      const next = from + info.bytes;
      rows.add(this.#readRecord(record, buffer, start, next, -1));
      start = next;
    }
    return { batch: rows.finish(), next: end };
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
      const start = starts[range]!;
      const end = ends[range]!;
      const [first] = start < 0 ? [] : this.#parse(buffer, start, end, range);
      if (first === undefined) continue;
      if (rows.add(this.#readRecord(first.record, buffer, start, end, range))) ranges[rows.count - 1] = range;
    }
    return { batch: rows.finish(), ranges, next: range };
  }

  /** Reads a record. Returns null if the record is malformed and skipped. */
  #readRecord(record: readonly string[], buffer: Buffer, start: number, end: number, range: number): unknown[] | null {
    if (record.length !== this.#width) {
      const reason = `the record has ${record.length} cells, the table ${this.#width} columns`;
      this.#malformed(reason, buffer, start, end, range);
      return null;
    }
    let i = 0;
    try {
      const values: unknown[] = [];
      for (; i < this.#columns.length; i++) values.push(this.#readers[i]!(record[this.#columns[i]!.position]!));
      return values;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#malformed(`column ${this.#columns[i]!.name}: ${reason}`, buffer, start, end, range);
      return null;
    }
  }

  #parse(buffer: Buffer, from: number, end: number, range: number): readonly ParsedRecord[] {
    const { delimiter, quote, escape: escapeCharacter, comments } = this.#options;
    try {
      return csvParse().parse(buffer.subarray(from, end), {
        delimiter,
        quote: quote ?? false,
        escape: escapeCharacter ?? quote ?? null,
        ...(comments && { comment: '#', comment_no_infix: true }),
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        info: true,
      }) as unknown as readonly ParsedRecord[];
    } catch (error) {
      if (!(error instanceof csvParse().CsvError)) throw error;
      this.#malformed(error.message, buffer, from, end, range);
      return [];
    }
  }

  /**
   * Returns the position after at most `maxRows` records, or `to`. A line break ends a record if no
   * quote is open.
   */
  #endOfRecords(buffer: Buffer, from: number, to: number, maxRows: number): number {
    const quote = this.#options.quote?.charCodeAt(0) ?? -1;
    const escapeByte = this.#options.escape?.charCodeAt(0) ?? -1;
    let open = false;
    let rows = 0;
    let end = from;
    for (let i = from; i < to && rows < maxRows; i++) {
      const byte = buffer[i]!;
      if (byte === escapeByte && escapeByte !== quote) i++;
      else if (byte === quote) open = !open;
      else if (byte === 10 && !open) {
        rows++;
        end = i + 1;
      }
    }
    return end;
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
