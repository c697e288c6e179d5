import { type DataType, type Field, isText } from '../core/data-type.ts';
import { CsvDecoder } from './csv/csv-decoder.ts';
import { CsvEncoder } from './csv/csv-encoder.ts';
import { CSV_OPTIONS, csvOptions } from './csv/csv-options.ts';
import { JsonDecoder } from './json/json-decoder.ts';
import { DebeziumJsonEncoder, JsonEncoder } from './json/json-encoder.ts';
import { JSON_OPTIONS, jsonOptions } from './json/json-options.ts';
import { RawDecoder } from './raw/raw-decoder.ts';
import { RawEncoder } from './raw/raw-encoder.ts';
import { RAW_OPTIONS, rawOptions, rawProblem } from './raw/raw-options.ts';
import type { MalformedHandler, RowDecoder } from './row-decoder.ts';
import type { RowEncoder } from './row-encoder.ts';

/**
 * A format in the registry: its abilities, its options, and the functions that create its readers
 * and writers.
 */
export interface Format {
  readonly name: string;
  readonly summary: string;
  readonly uses: readonly ('source' | 'sink')[];
  readonly acceptsChangelog: boolean;
  readonly suffix: string;
  readonly options: readonly {
    readonly key: string;
    readonly type: 'string' | 'text' | 'character' | 'escaped-character' | 'boolean' | readonly string[];
    readonly use?: 'source' | 'sink' | 'both';
    readonly default?: string;
    readonly summary: string;
  }[];
  /** Returns why a table with these columns cannot have the format; null: it can. */
  problem?(fields: readonly Field[]): string | null;
  /** Returns why two options contradict each other, or null. */
  conflict?(options: FormatOptions): string | null;
  /**
   * Returns the options, or the columns under the key `format`, that Flink does not have, and how a
   * text for Flink does the same.
   */
  extensions?(
    options: FormatOptions,
    fields: readonly Field[],
  ): readonly { key: string; what: string; portable: string }[];
  decoder?(options: FormatOptions, scan: ScannedColumns, capacity: number, malformed: MalformedHandler): RowDecoder;
  encoder?(options: FormatOptions, fields: readonly Field[]): RowEncoder;
}

/**
 * The fields to read, under their names in the data, and the names of all columns of the data.
 */
export interface ScannedColumns {
  readonly fields: readonly Field[];
  readonly physical: readonly string[];
}

export type FormatOptions = Readonly<Record<string, string>>;

const json: Format = {
  name: 'json',
  summary: 'A JSON object in each line, with a key for each column.',
  uses: ['source', 'sink'],
  acceptsChangelog: false,
  suffix: '.jsonl',
  options: JSON_OPTIONS,
  conflict(options) {
    const { ignoreErrors, failOnMissing } = jsonOptions(options);
    return ignoreErrors && failOnMissing
      ? "'json.ignore-parse-errors' and 'json.fail-on-missing-field' cannot both be 'true'"
      : null;
  },
  extensions(_options, fields) {
    const field = fields.find(({ type }) => hasKeysOtherThanTexts(type));
    if (field === undefined) return [];
    const portable = 'make the keys STRING';
    return [{ key: 'format', what: `a JSON column with keys that are not texts (\`${field.name}\`)`, portable }];
  },
  decoder: (options, { fields }, capacity, malformed) =>
    new JsonDecoder(fields, capacity, malformed, jsonOptions(options)),
  encoder: (options, fields) => new JsonEncoder(fields, jsonOptions(options)),
};

const debeziumJson: Format = {
  name: 'debezium-json',
  summary: 'The changes of a table in the envelope of Debezium: `before`, `after` and `op`.',
  uses: ['sink'],
  acceptsChangelog: true,
  suffix: '.jsonl',
  options: [],
  encoder: (_options, fields) => new DebeziumJsonEncoder(fields),
};

const csv: Format = {
  name: 'csv',
  summary: 'A record in each line, with a cell for each column.',
  uses: ['source', 'sink'],
  acceptsChangelog: false,
  suffix: '.csv',
  options: CSV_OPTIONS,
  decoder(options, { fields, physical }, _capacity, malformed) {
    const columns = fields.map((f) => ({ ...f, position: physical.indexOf(f.name) }));
    return new CsvDecoder(columns, physical.length, csvOptions(options), malformed);
  },
  extensions(options) {
    if (!csvOptions(options).header) return [];
    const portable = "remove the first line before, or begin it with # and set 'csv.allow-comments' = 'true'";
    return [{ key: 'csv.header', what: "option 'csv.header'", portable }];
  },
  encoder: (options, fields) => new CsvEncoder(fields, csvOptions(options)),
};

const raw: Format = {
  name: 'raw',
  summary: 'The value of one column in each line: text, bytes or a number in binary.',
  uses: ['source', 'sink'],
  acceptsChangelog: false,
  suffix: '.txt',
  options: RAW_OPTIONS,
  problem: rawProblem,
  decoder: (options, { fields }, _capacity, malformed) => new RawDecoder(fields, rawOptions(options), malformed),
  encoder: (options, fields) => new RawEncoder(fields, rawOptions(options)),
};

/** Returns whether a type contains a MAP or MULTISET whose keys are not texts. */
function hasKeysOtherThanTexts(type: DataType): boolean {
  switch (type.kind) {
    case 'map':
      return !isText(type.key) || hasKeysOtherThanTexts(type.value);
    case 'multiset':
      return !isText(type.element);
    case 'array':
      return hasKeysOtherThanTexts(type.element);
    case 'row':
      return type.fields.some((field) => hasKeysOtherThanTexts(field.type));
    default:
      return false;
  }
}

export const FORMATS: ReadonlyMap<string, Format> = new Map([json, csv, raw, debeziumJson].map((f) => [f.name, f]));

export function findFormat(name: string): Format | undefined {
  return FORMATS.get(name);
}

export function formatNames(use: 'source' | 'sink' | 'declare'): readonly string[] {
  return [...FORMATS.values()].filter((f) => use === 'declare' || f.uses.includes(use)).map((f) => f.name);
}

/**
 * Creates the reader of a table's `format`. The compiler has checked the options. `fields` have the
 * names in the data.
 */
export function createDecoder(
  options: FormatOptions,
  scan: {
    readonly fields: readonly Field[];
    readonly columns: readonly { readonly key: string }[];
    readonly physical: readonly string[];
  },
  capacity: number,
  malformed: MalformedHandler,
): RowDecoder {
  const fields = scan.fields.map((f, i) => ({ name: scan.columns[i]!.key, type: f.type }));
  return FORMATS.get(options['format']!)!.decoder!(options, { fields, physical: scan.physical }, capacity, malformed);
}

export function createEncoder(options: FormatOptions, fields: readonly Field[]): RowEncoder {
  return FORMATS.get(options['format']!)!.encoder!(options, fields);
}

export const fileSuffix = (options: FormatOptions): string => FORMATS.get(options['format']!)!.suffix;
