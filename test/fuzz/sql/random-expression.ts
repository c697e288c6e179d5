import type { SeededRandom } from '../seeded-random.ts';

/** The types of random expressions. Other SQL types appear only inside of these expressions. */
export type SqlType = 'INT' | 'BIGINT' | 'DECIMAL' | 'DOUBLE' | 'STRING' | 'BOOLEAN' | 'TIMESTAMP' | 'DATE';

export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
}

export const SQL_TYPES: readonly SqlType[] = [
  'INT',
  'BIGINT',
  'DECIMAL',
  'DOUBLE',
  'STRING',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
];

/** The declaration of a column of the type. */
export const declaration = (type: SqlType): string =>
  type === 'DECIMAL' ? 'DECIMAL(10, 2)' : type === 'TIMESTAMP' ? 'TIMESTAMP(3)' : type;

const TEXTS = ["''", "'a'", "'Abc'", "' b '", "'a,b,c'", "'ä€'", "'2026-01-05'", "'12'", "'x_%'"];
const LITERALS: Readonly<Record<SqlType, readonly string[]>> = {
  INT: ['0', '1', '2', '-3', '7', '100'],
  BIGINT: ['CAST(0 AS BIGINT)', 'CAST(5 AS BIGINT)', '3000000000', '-9007199254740993'],
  DECIMAL: ['0.00', '1.50', '-2.25', '99.99'],
  DOUBLE: ['0.5E0', '-1.25E0', '2E0', '1E3'],
  STRING: TEXTS,
  BOOLEAN: ['TRUE', 'FALSE'],
  TIMESTAMP: ["TIMESTAMP '2026-01-05 10:00:00'", "TIMESTAMP '2025-12-31 23:59:59.999'"],
  DATE: ["DATE '2026-01-05'", "DATE '2024-02-29'"],
};

type Make = (of: (type: SqlType) => string, random: SeededRandom) => string;

const small = (random: SeededRandom): string => String(random.between(-3, 4));
const comparable: readonly SqlType[] = ['INT', 'BIGINT', 'DECIMAL', 'DOUBLE', 'STRING', 'TIMESTAMP', 'DATE'];
const compared: Make = (of, random) => {
  const type = random.oneOf(comparable);
  return `${of(type)} ${random.oneOf(['=', '<>', '<', '<=', '>', '>='])} ${of(type)}`;
};
const conditional = (type: SqlType): readonly Make[] => [
  (of) => `CASE WHEN ${of('BOOLEAN')} THEN ${of(type)} ELSE ${of(type)} END`,
  (of) => `CASE WHEN ${of('BOOLEAN')} THEN ${of(type)} WHEN ${of('BOOLEAN')} THEN ${of(type)} END`,
  (of) => `COALESCE(${of(type)}, ${of(type)})`,
  (of) => `NULLIF(${of(type)}, ${of(type)})`,
  (of) => `IF(${of('BOOLEAN')}, ${of(type)}, ${of(type)})`,
];
const arithmetic = (type: SqlType): readonly Make[] => [
  (of, random) => `(${of(type)} ${random.oneOf(['+', '-', '*'])} ${of(type)})`,
  (of) => `-(${of(type)})`,
  (of) => `ABS(${of(type)})`,
];
const units = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** Operators and functions by the type of their result. */
const OPERATIONS: Readonly<Record<SqlType, readonly Make[]>> = {
  INT: [
    ...arithmetic('INT'),
    (of) => `MOD(${of('INT')}, 7)`,
    (of) => `(${of('INT')} / 3)`,
    (of) => `CHAR_LENGTH(${of('STRING')})`,
    (of) => `POSITION(${of('STRING')} IN ${of('STRING')})`,
    (of) => `ASCII(${of('STRING')})`,
    (of) => `SIGN(${of('INT')})`,
    (of) => `CAST(${of('BOOLEAN')} AS INT)`,
    (of) => `CAST(${of('BIGINT')} AS INT)`,
    (of, random) => `TIMESTAMPDIFF(${random.oneOf(['DAY', 'HOUR', 'SECOND'])}, ${of('TIMESTAMP')}, ${of('TIMESTAMP')})`,
    (of) => `TRY_CAST(${of('STRING')} AS INT)`,
  ],
  BIGINT: [
    ...arithmetic('BIGINT'),
    (of) => `(${of('INT')} + ${of('BIGINT')})`,
    (of) => `CAST(${of('INT')} AS BIGINT)`,
    (of) => `MOD(${of('BIGINT')}, CAST(11 AS BIGINT))`,
    (of, random) => `EXTRACT(${random.oneOf([...units, 'QUARTER', 'DOY', 'DOW'])} FROM ${of('TIMESTAMP')})`,
    (of, random) => `EXTRACT(${random.oneOf(['YEAR', 'MONTH', 'DAY', 'WEEK'])} FROM ${of('DATE')})`,
    (of) => `TRY_CAST(${of('STRING')} AS BIGINT)`,
  ],
  DECIMAL: [
    (of, random) => `CAST(${of('DECIMAL')} ${random.oneOf(['+', '-', '*'])} ${of('DECIMAL')} AS DECIMAL(10, 2))`,
    (of) => `CAST(${of('INT')} AS DECIMAL(10, 2))`,
    (of) => `CAST(${of('DECIMAL')} / 3 AS DECIMAL(10, 2))`,
    (of) => `CAST(${of('DOUBLE')} AS DECIMAL(10, 2))`,
    (of) => `ABS(${of('DECIMAL')})`,
    (of) => `CAST(ROUND(${of('DECIMAL')}, 1) AS DECIMAL(10, 2))`,
  ],
  DOUBLE: [
    ...arithmetic('DOUBLE'),
    (of) => `CAST(${of('INT')} AS DOUBLE)`,
    (of) => `CAST(${of('DECIMAL')} AS DOUBLE)`,
    (of) => `(${of('DOUBLE')} / 4)`,
    (of) => `FLOOR(${of('DOUBLE')})`,
    (of) => `CEIL(${of('DOUBLE')})`,
    (of) => `SQRT(ABS(${of('DOUBLE')}))`,
    (of) => `POWER(${of('INT')}, 2)`,
  ],
  STRING: [
    (of) => `(${of('STRING')} || ${of('STRING')})`,
    (of, random) =>
      `${random.oneOf(['UPPER', 'LOWER', 'TRIM', 'LTRIM', 'RTRIM', 'INITCAP', 'REVERSE'])}(${of('STRING')})`,
    (of, random) => `SUBSTRING(${of('STRING')}, ${small(random)})`,
    (of, random) => `SUBSTRING(${of('STRING')}, ${small(random)}, ${random.between(0, 4)})`,
    (of) => `REPLACE(${of('STRING')}, 'a', ${of('STRING')})`,
    (of, random) => `${random.oneOf(['LPAD', 'RPAD'])}(${of('STRING')}, ${random.between(0, 6)}, '*')`,
    (of, random) => `${random.oneOf(['LEFT', 'RIGHT'])}(${of('STRING')}, ${random.between(0, 3)})`,
    (of, random) => `REPEAT(${of('STRING')}, ${random.between(0, 3)})`,
    (of, random) => `SPLIT_INDEX(${of('STRING')}, ',', ${random.between(0, 2)})`,
    (of) => `CONCAT(${of('STRING')}, ${of('STRING')})`,
    (of) => `CONCAT_WS('-', ${of('STRING')}, ${of('STRING')})`,
    (of) => `REGEXP_REPLACE(${of('STRING')}, '[ab]+', '#')`,
    (of) => `REGEXP_EXTRACT(${of('STRING')}, '([a-z])', 1)`,
    (of, random) => `CAST(${of(random.oneOf(SQL_TYPES))} AS STRING)`,
    (of, random) => `DATE_FORMAT(${of('TIMESTAMP')}, '${random.oneOf(['yyyy-MM-dd', 'HH:mm:ss.SSS', 'yyMMdd', 'D'])}')`,
  ],
  BOOLEAN: [
    compared,
    compared,
    (of) => `(${of('BOOLEAN')} AND ${of('BOOLEAN')})`,
    (of) => `(${of('BOOLEAN')} OR ${of('BOOLEAN')})`,
    (of) => `NOT (${of('BOOLEAN')})`,
    (of, random) => `${of(random.oneOf(SQL_TYPES))} IS ${random.oneOf(['NULL', 'NOT NULL'])}`,
    (of) => `${of('BOOLEAN')} IS ${'NOT TRUE'}`,
    (of) => `${of('INT')} IN (0, 1, 7)`,
    (of) => `${of('STRING')} NOT IN ('a', 'Abc')`,
    (of) => `${of('INT')} BETWEEN ${of('INT')} AND ${of('INT')}`,
    (of) => `${of('DATE')} BETWEEN ${of('DATE')} AND ${of('DATE')}`,
    (of, random) => `${of('STRING')} LIKE '${random.oneOf(['a%', '%b', '_', '%', 'A_c', ''])}'`,
    (of) => `REGEXP(${of('STRING')}, '^[a-z ]+$')`,
    (of) => `${of('INT')} IS DISTINCT FROM ${of('INT')}`,
    (of) => `${of('STRING')} IS NOT DISTINCT FROM ${of('STRING')}`,
  ],
  TIMESTAMP: [
    (of, random) =>
      `(${of('TIMESTAMP')} + INTERVAL '${random.between(1, 90)}' ${random.oneOf(units)}${'(2)'})`.replace(
        'SECOND(2)',
        'SECOND',
      ),
    (of, random) =>
      `(${of('TIMESTAMP')} - INTERVAL '${random.between(1, 9)}' ${random.oneOf(['DAY', 'HOUR', 'MONTH'])})`,
    (of, random) => `FLOOR(${of('TIMESTAMP')} TO ${random.oneOf(units)})`,
    (of, random) => `CEIL(${of('TIMESTAMP')} TO ${random.oneOf(['DAY', 'HOUR', 'MINUTE'])})`,
    (of, random) =>
      `TIMESTAMPADD(${random.oneOf(['DAY', 'HOUR', 'SECOND'])}, ${random.between(-9, 9)}, ${of('TIMESTAMP')})`,
    (of) => `CAST(${of('DATE')} AS TIMESTAMP(3))`,
  ],
  DATE: [
    (of) => `CAST(${of('TIMESTAMP')} AS DATE)`,
    (of, random) => `(${of('DATE')} + INTERVAL '${random.between(1, 40)}' DAY)`,
    (of, random) => `(${of('DATE')} - INTERVAL '${random.between(1, 3)}' MONTH)`,
    (of) => `TRY_CAST(${of('STRING')} AS DATE)`,
  ],
};

/** Returns a random expression of the type over the columns. */
export function randomExpression(
  random: SeededRandom,
  type: SqlType,
  columns: readonly SqlColumn[],
  depth: number,
): string {
  const own = columns.filter((column) => column.type === type);
  if (depth === 0 || random.chance(0.15)) {
    if (own.length > 0 && random.chance(0.95)) return random.oneOf(own).name;
    // Flink folds a condition without columns, with other types, and empties the relations above.
    if (type === 'BOOLEAN' && columns.length > 0) return `${random.oneOf(columns).name} IS NOT NULL`;
    return random.oneOf(LITERALS[type]);
  }
  const make = random.chance(0.25) ? random.oneOf(conditional(type)) : random.oneOf(OPERATIONS[type]);
  return make((each) => randomExpression(random, each, columns, depth - 1), random);
}
