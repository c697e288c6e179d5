import { nearest } from '../core/did-you-mean.ts';
import { unescapeJava } from '../core/java-text.ts';
import { referencesIn } from '../core/option-reference.ts';
import { parseDuration, parseSize } from '../core/quantity.ts';
import type { TableOptions } from '../plan/table-options.ts';

/**
 * The type of an option's value. `text` may be empty. `character` is one character, and
 * `escaped-character` may also be written as an escape of Java.
 */
export type OptionType =
  | 'string'
  | 'text'
  | 'character'
  | 'escaped-character'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'duration'
  | 'size'
  | readonly string[];

/** One key of WITH (…): its type, and whether it applies to sources, sinks or both. */
export interface OptionSpec {
  /** `fields.<column>.min` stands for one key for each column. */
  readonly key: string;
  readonly type: OptionType;
  /** Where the option has an effect; `both` by default. */
  readonly use?: 'source' | 'sink' | 'both';
  readonly required?: boolean;
  /** Bounds of a number. */
  readonly least?: number;
  readonly most?: number;
  /** The value if the text does not give the option. Absent: the summary says what happens then. */
  readonly default?: string;
  /** The compiler needs the value, so it cannot be a reference. */
  readonly literal?: boolean;
  /** The value is a secret, such as a password. It is never shown, and should be a reference. */
  readonly secret?: boolean;
  /** How a text for Flink does the same. Set if Flink does not have the option. */
  readonly portable?: string;
  readonly summary: string;
}

export interface OptionMistake {
  readonly key: string | null;
  readonly code: 'CONFIG_UNKNOWN_OPTION' | 'CONFIG_INVALID_OPTION';
  readonly message: string;
  readonly hint?: string;
}

/**
 * Returns the mistakes in `options`. `columns`: the names that `<column>` in a key may stand for.
 * Absent: any name.
 */
export function checkOptions(
  what: string,
  options: TableOptions,
  specs: readonly OptionSpec[],
  columns?: readonly string[],
): OptionMistake[] {
  const mistakes: OptionMistake[] = [];
  const known = new Map(specs.map((s) => [s.key, s]));
  for (const [key, value] of Object.entries(options)) {
    const ofColumn = known.has(key) ? null : columnOption(key, specs);
    if (ofColumn !== null && columns?.includes(ofColumn.column) === false) {
      mistakes.push(unknownColumn(key, ofColumn.column, columns));
      continue;
    }
    const spec = known.get(key) ?? ofColumn?.spec;
    if (spec === undefined) {
      const near = nearest(key, [...known.keys()]);
      mistakes.push({
        key,
        code: 'CONFIG_UNKNOWN_OPTION',
        message: `${what} has no option '${key}'`,
        hint: near === undefined ? `options: ${[...known.keys()].join(', ')}` : `did you mean '${near}'?`,
      });
      continue;
    }
    const wrong = wrongReference(spec, value) ?? wrongValue(spec, value);
    if (wrong !== null) {
      const shown = spec.secret === true ? '' : `, not '${value}'`;
      mistakes.push({ key, code: 'CONFIG_INVALID_OPTION', message: `option '${key}' ${wrong}${shown}` });
    }
  }
  for (const spec of specs) {
    if (spec.required && options[spec.key] === undefined) {
      mistakes.push({
        key: null,
        code: 'CONFIG_INVALID_OPTION',
        message: `${what} needs the option '${spec.key}'`,
        hint: spec.summary,
      });
    }
  }
  return mistakes;
}

/** Returns the option of a column that the key is, and the name of the column. */
function columnOption(
  key: string,
  specs: readonly OptionSpec[],
): { readonly spec: OptionSpec; readonly column: string } | null {
  for (const spec of specs) {
    const [before, after] = spec.key.split('<column>');
    if (after === undefined || !key.startsWith(before!) || !key.endsWith(after)) continue;
    const column = key.slice(before!.length, key.length - after.length);
    if (/^[^.]+$/.test(column)) return { spec, column };
  }
  return null;
}

function unknownColumn(key: string, column: string, columns: readonly string[]): OptionMistake {
  const near = nearest(column, columns);
  return {
    key,
    code: 'CONFIG_INVALID_OPTION',
    message: `option '${key}': the table has no column \`${column}\``,
    hint: near === undefined ? `columns: ${columns.join(', ')}` : `did you mean \`${near}\`?`,
  };
}

function wrongReference(spec: OptionSpec, value: string): string | null {
  const references = referencesIn(value);
  if (references.length === 0) return null;
  if (spec.literal === true) return 'must not be a reference: it decides which options the table has';
  return references.some(({ name }) => name === '') ? 'has a reference without a name' : null;
}

/** Returns the error in a literal. The value of a reference is checked when the job starts. */
function wrongValue(spec: OptionSpec, value: string): string | null {
  if (referencesIn(value).length > 0) return null;
  if (typeof spec.type !== 'string')
    return spec.type.includes(value) ? null : `is one of ${spec.type.map((v) => `'${v}'`).join(', ')}`;
  switch (spec.type) {
    case 'string':
      return value === '' ? 'must not be empty' : null;
    case 'text':
      return null;
    case 'character':
      return value.length === 1 ? null : 'is one character';
    case 'escaped-character':
      return unescapeJava(value).length === 1 ? null : "is one character, or an escape such as '\\t' or '\\u0001'";
    case 'boolean':
      return /^(true|false)$/i.test(value) ? null : "is 'true' or 'false'";
    case 'integer':
      return /^-?\d{1,15}$/.test(value) ? outOfBounds(spec, Number(value)) : 'is a whole number';
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? outOfBounds(spec, Number(value)) : 'is a number';
    case 'duration':
      return parseDuration(value) === null ? "is a duration such as '10 s' or '500 ms'" : null;
    case 'size':
      return parseSize(value) === null ? "is a size such as '128 mb'" : null;
  }
}

function outOfBounds({ least, most }: OptionSpec, value: number): string | null {
  if (least !== undefined && value < least) return `is at least ${least}`;
  return most !== undefined && value > most ? `is at most ${most}` : null;
}
