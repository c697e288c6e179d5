/** The parsed `json.` options of a source. Their meaning and defaults are those of Flink. */
export interface JsonOptions {
  /**
   * `json.ignore-parse-errors`: a value that does not fit becomes NULL. A record that is not JSON
   * is skipped.
   */
  readonly ignoreErrors: boolean;
  /** `json.fail-on-missing-field`: an object without a column that is read is malformed. */
  readonly failOnMissing: boolean;
  /** `json.timestamp-format.standard`: timestamps have a `T` instead of a blank. */
  readonly iso: boolean;
}

export const STRICT_JSON: JsonOptions = { ignoreErrors: false, failOnMissing: false, iso: false };

/** Keys of the options with one line each, for checking and documentation. */
export const JSON_OPTIONS = [
  {
    key: 'json.ignore-parse-errors',
    type: 'boolean',
    use: 'source',
    default: 'false',
    summary: 'read a value that does not fit as NULL and leave out lines that are not JSON (they are counted)',
  },
  {
    key: 'json.fail-on-missing-field',
    type: 'boolean',
    use: 'source',
    default: 'false',
    summary: 'an object without a column that the query reads is malformed',
  },
  {
    key: 'json.timestamp-format.standard',
    type: ['SQL', 'ISO-8601'],
    use: 'both',
    default: 'SQL',
    summary: 'form of timestamps: `SQL` (2026-01-01 00:00:00) or `ISO-8601` (2026-01-01T00:00:00)',
  },
] as const;

/** Reads options that were checked before. */
export function jsonOptions(options: Readonly<Record<string, string>>): JsonOptions {
  const flag = (key: string) => options[key]?.toLowerCase() === 'true';
  return {
    ignoreErrors: flag('json.ignore-parse-errors'),
    failOnMissing: flag('json.fail-on-missing-field'),
    iso: options['json.timestamp-format.standard'] === 'ISO-8601',
  };
}
