import { type DataType, type Field, typeName, withNullable } from '../../core/data-type.ts';

/** The parsed `raw.` options of a table. Their meaning and defaults are those of Flink. */
export interface RawOptions {
  readonly charset: 'UTF-8' | 'ISO-8859-1' | 'US-ASCII';
  readonly isLittleEndian: boolean;
}

export const RAW_OPTIONS = [
  {
    key: 'raw.charset',
    type: ['UTF-8', 'ISO-8859-1', 'US-ASCII'],
    use: 'both',
    default: 'UTF-8',
    summary: 'the encoding of text',
  },
  {
    key: 'raw.endianness',
    type: ['big-endian', 'little-endian'],
    use: 'both',
    default: 'big-endian',
    summary: 'the order of the bytes of a number',
  },
] as const;

/** Reads options that were checked before. */
export function rawOptions(options: Readonly<Record<string, string>>): RawOptions {
  return {
    charset: (options['raw.charset'] ?? 'UTF-8') as RawOptions['charset'],
    isLittleEndian: options['raw.endianness'] === 'little-endian',
  };
}

/** The bytes of a value; null: any number. Other types have no raw form. */
const SIZES: Partial<Readonly<Record<DataType['kind'], number | null>>> = {
  char: null,
  varchar: null,
  binary: null,
  varbinary: null,
  boolean: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
};

export const rawSize = (type: DataType): number | null => SIZES[type.kind] ?? null;

/** Returns why the format cannot have the columns; null: it can. */
export function rawProblem(fields: readonly Field[]): string | null {
  const [column, second] = fields;
  if (column === undefined || second !== undefined)
    return `the format 'raw' has one physical column, and the table has ${fields.length}`;
  if (column.type.kind in SIZES) return null;
  return `the format 'raw' cannot hold the column \`${column.name}\` ${typeName(withNullable(column.type, true))}`;
}
