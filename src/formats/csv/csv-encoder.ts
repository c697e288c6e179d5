import type { Batch } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { ByteOutput } from '../byte-output.ts';
import type { RowEncoder } from '../row-encoder.ts';
import type { ValueWriter } from '../value-text.ts';
import type { CsvOptions } from './csv-options.ts';
import { writeCsvCell } from './csv-value.ts';

/** Encodes rows as CSV records. Quotes a cell if a reader would otherwise misread the cell. */
export class CsvEncoder implements RowEncoder {
  readonly #writers: readonly ValueWriter[];
  readonly #options: CsvOptions;

  constructor(fields: readonly Field[], options: CsvOptions) {
    this.#writers = fields.map((field) => writeCsvCell(field.type, options));
    this.#options = options;
  }

  encodeRow({ columns }: Batch, row: number, output: ByteOutput): void {
    output.text(this.record(columns.map((column) => column.get(row))));
  }

  /** Returns one record from internal values. */
  record(values: readonly unknown[]): string {
    const cells = this.#writers.map((write, i) => {
      const value = values[i];
      const cell = write(value);
      return value === null || value === undefined ? cell : this.#quoted(cell);
    });
    return cells.join(this.#options.delimiter);
  }

  #quoted(cell: string): string {
    const { quote, escape: escapeCharacter, delimiter, nullLiteral } = this.#options;
    if (quote === null) return cell;
    const special =
      cell.includes(delimiter) ||
      cell.includes(quote) ||
      /[\r\n]|^#|^\s|\s$/.test(cell) ||
      (escapeCharacter !== null && cell.includes(escapeCharacter)) ||
      cell === nullLiteral;
    if (!special) return cell;
    const mark = escapeCharacter ?? quote;
    let escaped = escapeCharacter === null ? cell : cell.replaceAll(escapeCharacter, mark + escapeCharacter);
    escaped = escaped.replaceAll(quote, mark + quote);
    return quote + escaped + quote;
  }
}
