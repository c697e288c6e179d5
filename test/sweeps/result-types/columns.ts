/** The types of the arguments, each with the name of its column and a value in JSON. */
export const COLUMNS: readonly (readonly [name: string, type: string, value: unknown])[] = [
  ['ti', 'TINYINT', 1],
  ['si', 'SMALLINT', 1],
  ['i', 'INT', 1],
  ['bi', 'BIGINT', 1],
  ['f', 'FLOAT', 1],
  ['d', 'DOUBLE', 1],
  ['d5', 'DECIMAL(5, 2)', 1],
  ['d10', 'DECIMAL(10, 0)', 1],
  ['d20', 'DECIMAL(20, 10)', 1],
  ['d38', 'DECIMAL(38, 18)', 1],
  ['c', 'CHAR(3)', '111'],
  ['v', 'VARCHAR(5)', '1'],
  ['s', 'STRING', '1'],
  ['b', 'BOOLEAN', true],
  ['bn', 'BINARY(3)', 'YWFh'],
  ['vb', 'VARBINARY(5)', 'YQ=='],
  ['bv', 'BYTES', 'YQ=='],
  ['da', 'DATE', '2026-01-02'],
  ['t0', 'TIME(0)', '03:04:05'],
  ['ts0', 'TIMESTAMP(0)', '2026-01-02 03:04:05'],
  ['ts3', 'TIMESTAMP(3)', '2026-01-02 03:04:05'],
  ['ts6', 'TIMESTAMP(6)', '2026-01-02 03:04:05'],
  ['ts9', 'TIMESTAMP(9)', '2026-01-02 03:04:05'],
  ['l0', 'TIMESTAMP_LTZ(0)', '2026-01-02 03:04:05Z'],
  ['l3', 'TIMESTAMP_LTZ(3)', '2026-01-02 03:04:05Z'],
  ['l6', 'TIMESTAMP_LTZ(6)', '2026-01-02 03:04:05Z'],
  ['l9', 'TIMESTAMP_LTZ(9)', '2026-01-02 03:04:05Z'],
  ['ai', 'ARRAY<INT>', [1]],
  ['ax', 'ARRAY<STRING>', ['1']],
  ['an', 'ARRAY<INT NOT NULL>', [1]],
  ['m', 'MAP<STRING, INT>', { a: 1 }],
  ['r', 'ROW<x INT, y STRING>', { x: 1, y: '1' }],
];

/** Arguments that are no columns. */
export const INTERVALS = ["INTERVAL '1' DAY", "INTERVAL '1' MONTH"];

export const NUMBERS: readonly string[] = ['ti', 'si', 'i', 'bi', 'f', 'd', 'd5', 'd10', 'd20', 'd38'];
export const TEXTS: readonly string[] = ['c', 'v', 's'];
export const TIMES: readonly string[] = ['da', 't0', 'ts0', 'ts3', 'ts6', 'ts9', 'l0', 'l3', 'l6', 'l9'];

/** One type of each kind. A call is tried with these in each place. */
export const KINDS: readonly string[] = [
  ...['ti', 'i', 'bi', 'f', 'd', 'd5', 'c', 'v', 's', 'b', 'vb', 'da', 't0', 'ts3', 'l3', 'ai', 'm', 'r'],
  ...INTERVALS,
  'NULL',
];

/** A nullable column of each type, and a NOT NULL column whose name ends with `_n`. */
export const TABLE = `CREATE TABLE t (k STRING, rt TIMESTAMP(3),
${COLUMNS.map(([name, type]) => `  \`${name}\` ${type}, \`${name}_n\` ${type} NOT NULL`).join(',\n')},
  WATERMARK FOR rt AS rt
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
`;

/** Only NOT NULL columns and `i` have values, because casts of some values fail. */
const values = Object.fromEntries(
  COLUMNS.flatMap(([name, , value]) => [
    [name, name === 'i' ? value : null],
    [`${name}_n`, value],
  ]),
);
/** Two rows, so that a pattern of two variables matches. */
export const ROWS = ['00', '01']
  .map((second) => `${JSON.stringify({ k: 'x', rt: `2026-01-01 00:00:${second}`, ...values })}\n`)
  .join('');
