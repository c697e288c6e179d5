import { INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, typeName } from '../../../src/core/data-type.ts';

/** One row of the tables of types in docs/types.md. */
export interface TypeEntry {
  /** The type as the page shows it. */
  readonly type: string;
  /** The type of a column that shows the forms in JSON and CSV. Default: `type`. */
  readonly column?: string;
  readonly values: string;
  /** A literal, or another expression, of the type. */
  readonly example: string;
  /** The internal value of the example if the example is no expression of one row. */
  readonly internal?: unknown;
  /** The least and the greatest value. A test checks that the next ones do not fit. */
  readonly range?: readonly [least: bigint, greatest: bigint];
}

export interface TypeGroup {
  readonly title: string;
  readonly intro?: string;
  readonly entries: readonly TypeEntry[];
}

/** Writes the least and the greatest integer of some bits, and their row of the table. */
function integer(type: string, bits: number, example: string): TypeEntry {
  const greatest = 2n ** BigInt(bits - 1) - 1n;
  const range = [-greatest - 1n, greatest] as const;
  return { type, values: `whole numbers from ${range[0]} to ${range[1]}`, range, example };
}

const NUMBERS: TypeGroup = {
  title: 'Numbers and BOOLEAN',
  entries: [
    { type: 'BOOLEAN', values: 'TRUE and FALSE', example: 'TRUE' },
    integer('TINYINT', 8, 'CAST(7 AS TINYINT)'),
    integer('SMALLINT', 16, 'CAST(7 AS SMALLINT)'),
    integer('INT', 32, '7'),
    integer('BIGINT', 64, '3000000000'),
    {
      type: 'DECIMAL(p, s)',
      column: 'DECIMAL(10, 2)',
      values: 'exact numbers of `p` digits, `s` of them after the point',
      example: '1.50',
    },
    { type: 'FLOAT', values: 'approximate numbers of 32 bits (IEEE 754)', example: 'CAST(1.5 AS FLOAT)' },
    { type: 'DOUBLE', values: 'approximate numbers of 64 bits (IEEE 754)', example: '1.5E0' },
  ],
};

const TEXTS: TypeGroup = {
  title: 'Text and bytes',
  entries: [
    { type: 'STRING', values: 'text of any length, the same as VARCHAR(2147483647)', example: "CAST('a' AS STRING)" },
    {
      type: 'VARCHAR(n)',
      column: 'VARCHAR(3)',
      values: 'text of up to `n` characters',
      example: "CAST('ab' AS VARCHAR(3))",
    },
    { type: 'CHAR(n)', column: 'CHAR(2)', values: 'text of `n` characters', example: "'ab'" },
    { type: 'BYTES', values: 'bytes, the same as VARBINARY(2147483647)', example: "CAST(x'CAFE' AS BYTES)" },
    {
      type: 'VARBINARY(n)',
      column: 'VARBINARY(3)',
      values: 'up to `n` bytes',
      example: "CAST(x'CAFE' AS VARBINARY(3))",
    },
    { type: 'BINARY(n)', column: 'BINARY(2)', values: '`n` bytes', example: "x'CAFE'" },
  ],
};

const TIMES: TypeGroup = {
  title: 'Times',
  intro: `A TIMESTAMP is a local time without a zone. A TIMESTAMP_LTZ is a moment, which is shown in the time zone of the
setting \`table.local-time-zone\`. The event time of a table is a TIMESTAMP(3) or TIMESTAMP_LTZ(3). \`p\` is the number of
digits of the second. The long names are TIMESTAMP WITHOUT TIME ZONE and TIMESTAMP WITH LOCAL TIME ZONE.`,
  entries: [
    { type: 'DATE', values: 'a day', example: "DATE '2026-03-01'" },
    {
      type: 'TIME(p)',
      column: 'TIME(0)',
      values: 'a time of day, with at most milliseconds',
      example: "TIME '12:30:45'",
    },
    {
      type: 'TIMESTAMP(p)',
      column: 'TIMESTAMP(3)',
      values: 'a local time',
      example: "TIMESTAMP '2026-03-01 12:30:45.250'",
    },
    {
      type: 'TIMESTAMP_LTZ(p)',
      column: 'TIMESTAMP_LTZ(3)',
      values: 'a moment',
      example: 'TO_TIMESTAMP_LTZ(1772368245250, 3)',
    },
  ],
};

const NESTED: TypeGroup = {
  title: 'Nested types',
  intro: 'The elements, keys, values and fields have any type. They may have NOT NULL.',
  entries: [
    { type: 'ARRAY<t>', column: 'ARRAY<INT>', values: 'a list', example: 'ARRAY[1, 2]' },
    {
      type: 'MAP<k, v>',
      column: 'MAP<STRING, INT>',
      values: 'keys with values',
      example: "MAP[CAST('a' AS STRING), 1]",
    },
    {
      type: 'MULTISET<t>',
      column: 'MULTISET<STRING>',
      values: 'values with the number of each',
      example: 'COLLECT(x)',
      internal: new Map([['a', 2]]),
    },
    {
      type: 'ROW<a t, …>',
      column: 'ROW<a INT, b STRING>',
      values: 'named fields',
      example: "ROW(1, CAST('x' AS STRING))",
    },
  ],
};

const INTERVALS: TypeGroup = {
  title: 'Intervals',
  intro: 'A column of a table cannot have these types. CAST cannot have them as its result.',
  entries: [
    { type: typeName(INTERVAL_DAY_TIME), values: 'a length of time in milliseconds', example: "INTERVAL '90' MINUTE" },
    { type: typeName(INTERVAL_YEAR_MONTH), values: 'a number of months', example: "INTERVAL '1-6' YEAR TO MONTH" },
  ],
};

export const TYPE_GROUPS: readonly TypeGroup[] = [NUMBERS, TEXTS, TIMES, NESTED, INTERVALS];
