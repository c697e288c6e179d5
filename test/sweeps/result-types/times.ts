import type { TypeQuestion } from './questions.ts';

/** Tables with a time attribute of each type. */
const TIMES: Readonly<Record<string, string>> = {
  ts0: 'rt TIMESTAMP(0), WATERMARK FOR rt AS rt',
  ts1: 'rt TIMESTAMP(1), WATERMARK FOR rt AS rt',
  ts3: 'rt TIMESTAMP(3), WATERMARK FOR rt AS rt',
  ts3n: 'rt TIMESTAMP(3) NOT NULL, WATERMARK FOR rt AS rt',
  l0: 'rt TIMESTAMP_LTZ(0), WATERMARK FOR rt AS rt',
  l3: 'rt TIMESTAMP_LTZ(3), WATERMARK FOR rt AS rt',
  made: 'ms BIGINT, rt AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR rt AS rt',
  proc: 'rt AS PROCTIME()',
};

const tableOf = (name: string): string =>
  `CREATE TABLE time_${name} (k STRING, i INT, ${TIMES[name]!}) ` +
  `WITH ('connector' = 'filesystem', 'path' = 'input/${/^l/.test(name) ? 'local' : 'time'}.jsonl', 'format' = 'json');\n`;

/** A view of a pattern whose time attribute a window reads. */
const viewOf = (name: string): string =>
  `CREATE VIEW matches_${name} AS SELECT x FROM time_${name} MATCH_RECOGNIZE (ORDER BY rt ` +
  `MEASURES ${name === 'proc' ? 'MATCH_PROCTIME' : 'MATCH_ROWTIME'}() AS x PATTERN (A B) DEFINE B AS B.i > 0);\n`;

/** Returns the definition of the tables that a query reads; undefined if it reads others. */
export function timeTablesOf(from: string): string | undefined {
  const found = /\b(time|matches)_(\w+)/.exec(from);
  if (found === null) return undefined;
  const [, kind, name] = found;
  return tableOf(name!) + (kind === 'matches' ? viewOf(name!) : '');
}

const minutes = (n: number): string => `INTERVAL '${n}' MINUTE`;

/** Questions whose type depends on that of a time attribute. */
export const timeQueries = (): readonly TypeQuestion[] => Object.keys(TIMES).flatMap(questionsOf);

/** Windows of processing time have no row at the end of the input, so none is asked. */
function questionsOf(name: string): readonly TypeQuestion[] {
  const table = `time_${name}`;
  const ask = (from: string, expressions: readonly string[]): readonly TypeQuestion[] =>
    expressions.map((expression) => ({ expression, from: `FROM ${from}` }));
  return [
    ...ask(table, ['rt', 'CAST(rt AS STRING)', "rt + INTERVAL '1' DAY", 'CURRENT_WATERMARK(rt)', 'FLOOR(rt TO HOUR)']),
    ...ask(`${table} GROUP BY k`, ['MIN(rt)', 'MAX(rt)', 'LAST_VALUE(rt)', 'COUNT(rt)', 'ARRAY_AGG(rt)']),
    ...(name === 'proc'
      ? []
      : windows(table).flatMap((window) => [
          ...ask(window, [...WINDOW_COLUMNS, 'rt']),
          ...ask(`${window} GROUP BY ${WINDOW_COLUMNS.join(', ')}`, WINDOW_COLUMNS),
          ...ask(`${window} GROUP BY window_start, window_end`, ['MAX(window_time)']),
        ])),
    ...(name === 'proc'
      ? []
      : GROUPED.flatMap((window) =>
          ask(
            `${table} GROUP BY ${window}`,
            ['START', 'END', 'ROWTIME', 'PROCTIME'].map((what) => window.replace('(', `_${what}(`)),
          ),
        )),
    ...ask(
      `${table} MATCH_RECOGNIZE (PARTITION BY k ORDER BY rt MEASURES ? AS x PATTERN (A B) DEFINE B AS B.i > 0)`,
      MEASURES,
    ),
    ...(name === 'proc' ? [] : ask(`TUMBLE(TABLE matches_${name}, DESCRIPTOR(x), ${minutes(1)})`, WINDOW_COLUMNS)),
  ];
}

const WINDOW_COLUMNS = ['window_start', 'window_end', 'window_time'];
const windows = (table: string): readonly string[] => [
  `TUMBLE(TABLE ${table}, DESCRIPTOR(rt), ${minutes(1)})`,
  `HOP(TABLE ${table}, DESCRIPTOR(rt), ${minutes(1)}, ${minutes(2)})`,
  `CUMULATE(TABLE ${table}, DESCRIPTOR(rt), ${minutes(1)}, ${minutes(2)})`,
  `SESSION(TABLE ${table} PARTITION BY k, DESCRIPTOR(rt), ${minutes(1)})`,
];
const GROUPED = [`TUMBLE(rt, ${minutes(1)})`, `HOP(rt, ${minutes(1)}, ${minutes(2)})`, `SESSION(rt, ${minutes(1)})`];
const MEASURES = [
  'MATCH_ROWTIME()',
  'MATCH_ROWTIME(rt)',
  'MATCH_PROCTIME()',
  'CAST(MATCH_ROWTIME() AS STRING)',
  'CAST(MATCH_ROWTIME() AS TIMESTAMP(3))',
  "MATCH_ROWTIME() + INTERVAL '1' DAY",
  'A.rt',
  'LAST(B.rt)',
  'MAX(B.rt)',
  'TIMESTAMPDIFF(SECOND, A.rt, B.rt)',
];

/** The rows of a table. A TIMESTAMP_LTZ ends with `Z`. */
const rowsOf = (end: string): string =>
  ['00', '01']
    .map((second) => {
      const rt = `2026-01-01 00:00:${second}`;
      return `${JSON.stringify({ k: 'x', i: 1, rt: `${rt}${end}`, ms: Date.parse(`${rt}Z`) })}\n`;
    })
    .join('');

export const TIME_FILES: Readonly<Record<string, string>> = { 'time.jsonl': rowsOf(''), 'local.jsonl': rowsOf('Z') };
