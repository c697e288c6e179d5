import { unescapeJava } from '../../core/java-text.ts';

/** The parsed `csv.` options of a table. Their meaning and defaults are those of Flink. */
export interface CsvOptions {
  /** `csv.field-delimiter`, one character, `,`. */
  readonly delimiter: string;
  /** `csv.quote-character`, `"`; null with `csv.disable-quote-character`. */
  readonly quote: string | null;
  /** `csv.escape-character`; null: a quote in a value is doubled. */
  readonly escape: string | null;
  /** `csv.allow-comments`: lines that start with `#` are skipped. */
  readonly comments: boolean;
  /** `csv.null-literal`: the cell that means NULL. Null: no cell means NULL. */
  readonly nullLiteral: string | null;
  /**
   * `csv.ignore-parse-errors`: a cell that does not fit becomes NULL. A record that cannot be read
   * is skipped.
   */
  readonly ignoreErrors: boolean;
  /** `csv.header`: the first record of a file has the names of the columns. Not in Flink. */
  readonly header: boolean;
  /** `csv.array-element-delimiter`, `;`. */
  readonly elementDelimiter: string;
}

/** Keys of the options with one line each, for checking and documentation. */
export const CSV_OPTIONS = [
  {
    key: 'csv.field-delimiter',
    type: 'escaped-character',
    use: 'both',
    default: ',',
    summary: 'character between cells',
  },
  { key: 'csv.quote-character', type: 'character', use: 'both', default: '"', summary: 'character around cells' },
  {
    key: 'csv.disable-quote-character',
    type: 'boolean',
    use: 'both',
    default: 'false',
    summary: 'no character quotes a cell',
  },
  {
    key: 'csv.escape-character',
    type: 'character',
    use: 'both',
    summary: 'character that takes the next one literally; without it a quote in a cell is doubled',
  },
  {
    key: 'csv.null-literal',
    type: 'text',
    use: 'both',
    summary: 'the cell that means NULL; without it no cell is NULL, and NULL is written as an empty cell',
  },
  {
    key: 'csv.array-element-delimiter',
    type: 'string',
    use: 'both',
    default: ';',
    summary: 'text between the elements of an ARRAY and the fields of a ROW',
  },
  {
    key: 'csv.header',
    type: 'boolean',
    use: 'source',
    default: 'false',
    summary: 'leave out the first record of each file: it has the names of the columns',
  },
  {
    key: 'csv.allow-comments',
    type: 'boolean',
    use: 'source',
    default: 'false',
    summary: "leave out lines that start with '#'",
  },
  {
    key: 'csv.ignore-parse-errors',
    type: 'boolean',
    use: 'source',
    default: 'false',
    summary: 'read a cell that does not fit as NULL and leave out records that cannot be read (they are counted)',
  },
] as const;

/** Reads options that were checked before. */
export function csvOptions(options: Readonly<Record<string, string>>): CsvOptions {
  const flag = (key: string) => options[key]?.toLowerCase() === 'true';
  return {
    delimiter: unescapeJava(options['csv.field-delimiter'] ?? ','),
    quote: flag('csv.disable-quote-character') ? null : (options['csv.quote-character'] ?? '"'),
    escape: options['csv.escape-character'] ?? null,
    comments: flag('csv.allow-comments'),
    nullLiteral: options['csv.null-literal'] ?? null,
    ignoreErrors: flag('csv.ignore-parse-errors'),
    header: flag('csv.header'),
    elementDelimiter: options['csv.array-element-delimiter'] ?? ';',
  };
}
