import path from 'node:path';
import { type DataType, type Field, typeName, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { csvOptions } from '../../formats/csv/csv-options.ts';
import { readCsvCell } from '../../formats/csv/csv-value.ts';
import { plainText } from '../../formats/value-text.ts';

/** The folder of rows whose partition value is NULL or empty, unless `partition.default-name`. */
export const DEFAULT_PARTITION = '__DEFAULT_PARTITION__';

const KINDS: ReadonlySet<DataType['kind']> = new Set([
  'char',
  'varchar',
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'date',
  'timestamp',
]);

/** Returns why a column cannot be a partition column; null: it can. Flink has the same types. */
export function partitionProblem({ name, type }: Field): string | null {
  if (KINDS.has(type.kind)) return null;
  return `the column \`${name}\` is ${typeName(withNullable(type, true))}, which cannot be the name of a folder`;
}

/** Characters that a name of a folder has as `%` and two digits (Flink: PartitionPathUtils). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are escaped, too
const ESCAPED = /[\u0001-\u001f\u007f"#%'*/:=?\\{[\]^]/g;
const escapeName = (name: string): string =>
  name.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const unescapeName = (name: string): string =>
  name.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Returns the text of a partition value, as Java writes it. */
function valueText(type: DataType): (value: unknown) => string {
  const text = plainText(type);
  if (type.kind !== 'timestamp') return text;
  return (value) => {
    const [date, time] = text(value).split(' ');
    const [clock, fraction = ''] = time!.split('.');
    const digits = fraction === '' ? '' : `.${fraction.padEnd(Math.ceil(fraction.length / 3) * 3, '0')}`;
    return `${date}T${digits === '' ? clock!.replace(/:00$/, '') : clock}${digits}`;
  };
}

/** Reads the text of a partition value. A timestamp is written as in ISO 8601. */
function readValue(type: DataType): (text: string) => unknown {
  const read = readCsvCell(type, csvOptions({}));
  if (type.kind !== 'timestamp') return read;
  return (text) => {
    const found = /^([\d-]+)T(\d\d:\d\d)(:[\d.]+)?$/.exec(text);
    if (found === null) throw new Error(`'${text}' is not a time such as 2026-01-01T10:00`);
    return read(`${found[1]} ${found[2]}${found[3] ?? ':00'}`);
  };
}

/** Writes the folders of a row's partition: `day=2026-01-01/hour=7`. */
export function partitionWriter(
  columns: readonly Field[],
  defaultName: string,
): (values: readonly unknown[]) => string {
  const writers = columns.map(({ name, type }) => ({ prefix: `${escapeName(name)}=`, text: valueText(type) }));
  return (values) =>
    values
      .map((value, i) => {
        const text = value === null ? '' : writers[i]!.text(value);
        return writers[i]!.prefix + escapeName(text === '' ? defaultName : text);
      })
      .join('/');
}

/** Reads the values of the partition columns from the path of a file. */
export class PartitionReader {
  readonly #root: string;
  readonly #names: readonly string[];
  readonly #defaultName: string;

  /** `names`: all partition columns, in the order of the folders. */
  constructor(root: string, names: readonly string[], defaultName: string) {
    this.#root = root;
    this.#names = names;
    this.#defaultName = defaultName;
  }

  /** Returns a column's value. Throws CONNECTOR_READ if the file is in no folder of the column. */
  read(file: string, { name, type }: Field): unknown {
    const level = this.#names.indexOf(name);
    const folder = path.relative(this.#root, path.dirname(file)).split(path.sep)[level] ?? '';
    const text = folder.startsWith(`${escapeName(name)}=`) ? folder.slice(escapeName(name).length + 1) : null;
    if (text === null) {
      const folders = this.#names.map((each) => `${escapeName(each)}=…`).join('/');
      const message = `${file} has no value of the partition column ${name}; files must be in folders ${folders}`;
      throw new EngineError('CONNECTOR_READ', message, { file });
    }
    const value = unescapeName(text);
    if (value === this.#defaultName) return null;
    try {
      return readValue(type)(value);
    } catch (cause) {
      const message = `the folder ${folder} of ${file} is no value of ${name} ${typeName(type)}: ${(cause as Error).message}`;
      throw new EngineError('CONNECTOR_READ', message, { file }, cause);
    }
  }
}
