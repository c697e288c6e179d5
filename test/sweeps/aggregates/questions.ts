import type { SweepQuestion } from '../sweep-case.ts';

/** The values of a column of each type. A row without a value has NULL. */
const NUMBERS: Readonly<Record<string, readonly unknown[]>> = {
  TINYINT: [100, 100, null, -7, 3, 100, 1],
  SMALLINT: [30000, 30000, null, -7, 3, 200, 1],
  INT: [2000000000, 2000000000, null, -7, 3, 10, 1],
  BIGINT: [3, 3, null, -7, 4000000000, 10, 1],
  FLOAT: [0.5, 0.5, null, -7.25, 3, 0.1, 1],
  DOUBLE: [0.5, 0.5, null, -7.25, 3, 0.1, 1],
  'DECIMAL(6, 2)': [10.25, 10.25, null, -7.1, 3, 0.01, 1],
  'DECIMAL(20, 8)': [1.5, 1.5, null, -7.12345678, 3, 0.01, 1],
};

const OTHERS: Readonly<Record<string, readonly unknown[]>> = {
  STRING: ['b', 'b', null, 'a', '', 'é', 'B'],
  'VARCHAR(3)': ['b', 'b', null, 'a', '', 'é', 'B'],
  BOOLEAN: [true, true, null, false, true, false, true],
  DATE: ['2026-01-02', '2026-01-02', null, '2025-12-31', '2026-03-01', '1969-01-01', '2026-01-01'],
  'TIME(0)': ['10:00:00', '10:00:00', null, '09:00:00', '23:59:59', '00:00:00', '01:00:00'],
  'TIMESTAMP(3)': [
    '2026-01-02 03:04:05.678',
    '2026-01-02 03:04:05.678',
    null,
    '2025-01-02 00:00:00',
    '2026-01-02 03:04:06',
    '2026-05-01 00:00:00',
    '1969-01-01 00:00:00.001',
  ],
  'TIMESTAMP_LTZ(3)': [
    '2026-01-02 03:04:05.678Z',
    '2026-01-02 03:04:05.678Z',
    null,
    '2025-01-02 00:00:00Z',
    '2026-01-02 03:04:06Z',
    '2026-05-01 00:00:00Z',
    '1969-01-01 00:00:00.001Z',
  ],
  BYTES: ['YQ==', 'YQ==', null, 'Yg==', '', 'YWI=', 'YQ=='],
  'ARRAY<INT>': [[1, 2], [1, 2], null, [0], [], [3], [1]],
  'MAP<STRING, INT>': [{ a: 1 }, { a: 1 }, null, { b: 2 }, {}, { a: 2 }, { c: 1 }],
  'ROW<p INT>': [{ p: 1 }, { p: 1 }, null, { p: 0 }, { p: 7 }, { p: 2 }, { p: 1 }],
};

const VARIANCES = ['VAR_POP', 'VAR_SAMP', 'VARIANCE', 'STDDEV_POP', 'STDDEV_SAMP', 'STDDEV'];
const COMMON = ['COUNT', 'MIN', 'MAX', 'FIRST_VALUE', 'LAST_VALUE', 'COLLECT'];
const OF_NUMBERS = ['SUM', 'AVG', ...VARIANCES, ...COMMON, 'LISTAGG'];
const OF_OTHERS = [...COMMON, 'LISTAGG', 'SUM', 'AVG', 'STDDEV'];
/** The types that are also tried with DISTINCT and over a changelog. */
const CHANGED = ['INT', 'BIGINT', 'DOUBLE', 'DECIMAL(6, 2)', 'STRING', 'TIMESTAMP(3)', 'BOOLEAN'];

/** Every aggregate × every type: plain, with DISTINCT, and with FILTER over a changelog. */
export function aggregateQuestions(): readonly SweepQuestion[] {
  const questions: SweepQuestion[] = [];
  const ask = (type: string, values: readonly unknown[], aggregates: readonly string[]): void => {
    for (const aggregate of aggregates) {
      // The oracle writes JSON, which has only texts as the keys of a MULTISET.
      if (aggregate === 'COLLECT' && !/^(STRING|VARCHAR.*)$/.test(type)) continue;
      questions.push(question(`${aggregate} ${type}`, type, values, [call(aggregate, 'v')]));
      if (!CHANGED.includes(type)) continue;
      questions.push(question(`${aggregate} DISTINCT ${type}`, type, values, [call(aggregate, 'DISTINCT v')]));
      const changed = `CREATE VIEW c AS SELECT k, id, LAST_VALUE(v) AS v, MAX(n) AS n FROM t GROUP BY k, id;\n`;
      const filtered = `${aggregate}(v) FILTER (WHERE n > 1)`;
      questions.push(question(`${aggregate} changed ${type}`, type, values, [call(aggregate, 'v'), filtered], changed));
    }
  };
  for (const [type, values] of Object.entries(NUMBERS)) ask(type, values, OF_NUMBERS);
  for (const [type, values] of Object.entries(OTHERS)) ask(type, values, OF_OTHERS);
  return [...questions, ...windowQuestions(), ...wideQuestions(), ...mixedQuestions()];
}

const call = (aggregate: string, argument: string): string => `${aggregate}(${argument})`;

/** Casts a result to STRING where the text of the result tells its scale. */
function pinned(expression: string, type: string): string {
  const aggregate = expression.slice(0, expression.indexOf('('));
  const isText = ['COLLECT', 'LISTAGG', 'COUNT'].includes(aggregate);
  return isText || NUMBERS[type] === undefined ? expression : `CAST(${expression} AS STRING)`;
}

function question(
  name: string,
  type: string,
  values: readonly unknown[],
  expressions: readonly string[],
  view = '',
): SweepQuestion {
  const columns = expressions.map((expression, i) => `${pinned(expression, type)} AS r${i}`);
  const first = expressions[0]!;
  const sql =
    `${table(type)}${view}SELECT k, ${columns.join(', ')}, TYPEOF(${first}) AS ty ` +
    `FROM ${view === '' ? 't' : 'c'} GROUP BY k;\n`;
  return { name, sql, files: { 't.jsonl': rows(values) }, compare: view === '' ? 'multiset' : 'final' };
}

function table(type: string): string {
  return (
    `CREATE TABLE t (k STRING, id INT, n INT, ts TIMESTAMP(3), v ${type}, WATERMARK FOR ts AS ts) ` +
    `WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');\n`
  );
}

const KEYS = ['x', 'x', 'x', 'x', 'y', 'x', 'z'];
const IDS = [1, 2, 3, 1, 4, 2, 5];

function rows(values: readonly unknown[]): string {
  const lines = values.map((v, i) => {
    const row = { k: KEYS[i % KEYS.length], id: IDS[i % IDS.length], n: i, ts: `2026-01-01 00:00:0${i}`, v };
    return `${JSON.stringify(row)}\n`;
  });
  return lines.join('');
}

/** Aggregates in windows: here the accumulators of panes are merged. */
function windowQuestions(): readonly SweepQuestion[] {
  const kinds: readonly (readonly [string, string])[] = [
    ['tumble', "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '3' SECOND)"],
    ['hop', "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '4' SECOND)"],
  ];
  const types = ['INT', 'BIGINT', 'DOUBLE', 'DECIMAL(6, 2)'];
  return kinds.flatMap(([kind, from]) =>
    types.flatMap((type) =>
      ['VAR_SAMP', 'STDDEV_POP', 'AVG', 'SUM'].map((aggregate) => ({
        name: `${aggregate} ${kind} ${type}`,
        sql:
          `${table(type)}SELECT window_end, CAST(${aggregate}(v) AS STRING) AS r, ` +
          // Flink cannot plan SUM and SUM(DISTINCT) of one HOP window.
          `${kind === 'hop' ? '' : `CAST(${aggregate}(DISTINCT v) AS STRING) AS d, `}TYPEOF(${aggregate}(v)) AS ty ` +
          `FROM ${from} GROUP BY window_start, window_end;\n`,
        files: { 't.jsonl': rows(NUMBERS[type]!) },
      })),
    ),
  );
}

/** Sums and squares that pass the limits of the type. */
function wideQuestions(): readonly SweepQuestion[] {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    TINYINT: [127, 126, 127, -128],
    INT: [2147483647, 2147483647, -2147483648],
    BIGINT: ['9223372036854775807', '9223372036854775806', '-9223372036854775808', 5],
    'DECIMAL(38, 0)': ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999', 1],
    'DECIMAL(20, 10)': ['9999999999.9999999999', '-1.0000000001', 3],
    'DECIMAL(38, 20)': ['99999999999999.99999999999999999999', '-1.0000000001', 3],
    DOUBLE: [1e200, 1e200, -1e200],
  };
  return Object.entries(values).flatMap(([type, of]) =>
    ['SUM', 'AVG', 'VAR_POP', 'STDDEV_SAMP'].map((aggregate) => ({
      name: `${aggregate} wide ${type}`,
      sql:
        `${table('STRING')}SELECT CAST(${aggregate}(CAST(v AS ${type})) AS STRING) AS r, ` +
        `TYPEOF(${aggregate}(CAST(v AS ${type}))) AS ty FROM t;\n`,
      files: { 't.jsonl': rows(of.map(String)) },
    })),
  );
}

/** Calls with another form, and several aggregates of one column. */
function mixedQuestions(): readonly SweepQuestion[] {
  const forms: readonly string[] = [
    "LISTAGG(v, '; ')",
    "LISTAGG(DISTINCT v, '; ')",
    'LISTAGG(v, k)',
    "FIRST_VALUE(v) FILTER (WHERE v <> 'b')",
    'COUNT(DISTINCT v) FILTER (WHERE n > 1), COUNT(DISTINCT v), COUNT(v), COUNT(*)',
    'COUNT(v, n)',
    'COUNT(DISTINCT v, n)',
    'MIN(DISTINCT v), MAX(DISTINCT v)',
    'SINGLE_VALUE(v)',
  ];
  return forms.map((form) => ({
    name: `form ${form}`,
    sql: `${table('STRING')}SELECT k, ${form} FROM t GROUP BY k;\n`,
    files: { 't.jsonl': rows(OTHERS.STRING!) },
  }));
}
