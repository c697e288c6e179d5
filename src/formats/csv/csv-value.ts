import type { DataType } from '../../core/data-type.ts';
import { isText } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { readJsonValue } from '../json-value.ts';
import { plainText, type ValueWriter } from '../value-text.ts';
import type { CsvOptions } from './csv-options.ts';

/**
 * Converts a cell to an internal value. Reads the cell like a JSON text with the same content.
 * Numbers and times may have blanks around them. The element delimiter separates the elements of
 * arrays and rows. Throws if the cell does not fit. With `ignoreErrors` such a cell is NULL.
 */
export function readCsvCell(type: DataType, options: CsvOptions): (cell: string) => unknown {
  const read = readNotNull(type, options);
  return (cell) => {
    if (cell === options.nullLiteral) return null;
    if (!options.ignoreErrors) return read(cell);
    try {
      return read(cell);
    } catch {
      return null;
    }
  };
}

function readNotNull(type: DataType, options: CsvOptions): (cell: string) => unknown {
  switch (type.kind) {
    case 'array': {
      const element = readCsvCell(type.element, options);
      return (cell) => (cell === '' ? [] : cell.split(options.elementDelimiter).map(element));
    }
    case 'row': {
      const fields = type.fields.map((field) => readCsvCell(field.type, options));
      return (cell) => {
        const parts = cell.split(options.elementDelimiter);
        if (parts.length !== fields.length) {
          throw new EngineError(
            'FORMAT_MALFORMED',
            `'${cell}' has ${parts.length} parts, the ROW ${fields.length} fields`,
          );
        }
        return fields.map((read, i) => read(parts[i]!));
      };
    }
    case 'map':
    case 'multiset':
      throw new EngineError('FORMAT_MALFORMED', `the csv format has no ${type.kind.toUpperCase()}`);
    default: {
      const read = readJsonValue(type);
      return isText(type) ? read : (cell) => read(cell.trim());
    }
  }
}

/**
 * Converts an internal value to a cell without quotes. NULL becomes the null literal, or an empty
 * cell.
 */
export function writeCsvCell(type: DataType, options: CsvOptions): ValueWriter {
  const write = writeNotNull(type, options);
  const none = options.nullLiteral ?? '';
  return (value) => (value === null || value === undefined ? none : write(value));
}

function writeNotNull(type: DataType, options: CsvOptions): ValueWriter {
  switch (type.kind) {
    case 'array': {
      const element = writeCsvCell(type.element, options);
      return (value) => (value as readonly unknown[]).map(element).join(options.elementDelimiter);
    }
    case 'row': {
      const fields = type.fields.map((field) => writeCsvCell(field.type, options));
      return (value) =>
        fields.map((write, i) => write((value as readonly unknown[])[i])).join(options.elementDelimiter);
    }
    case 'map':
    case 'multiset':
      throw new EngineError('FORMAT_MALFORMED', `the csv format has no ${type.kind.toUpperCase()}`);
    default:
      return plainText(type);
  }
}
