import type { SweepQuestion } from '../sweep-case.ts';
import { EXPRESSIONS } from './expressions.ts';
import { MATCHES } from './matches.ts';
import { STATEMENTS } from './statements.ts';

const T = `CREATE TABLE t (id INT, who STRING, v INT, w INT, d DOUBLE, b BOOLEAN, ts TIMESTAMP(3), js STRING,
  p ROW<ch STRING, amt INT>, arr ARRAY<INT>, m MAP<STRING, INT>, WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
`;
const U = `CREATE TABLE u (n INT, g STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'input/u.jsonl', 'format' = 'json');
CREATE TABLE k (n INT, x STRING, kt TIMESTAMP(3), WATERMARK FOR kt AS kt, PRIMARY KEY (n) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = 'input/k.jsonl', 'format' = 'json');
`;

const row = (id: number, v: number): string =>
  JSON.stringify({
    id,
    who: v === 1 ? 'ab' : 'ba',
    v,
    w: 2,
    d: v / 2,
    b: v > 1,
    ts: `2026-01-02 03:0${id}:00`,
    js: '{"a":1,"l":["x"]}',
    p: { ch: v === 1 ? 'web' : 'app', amt: v },
    arr: [v, 7],
    m: { a: v },
  });
const lines = (...rows: readonly string[]): string => rows.map((text) => `${text}\n`).join('');

const FILES_T = { 't.jsonl': lines(row(1, 1), row(2, 2), row(3, 3), row(4, 1), row(5, 2)) };
const FILES = {
  ...FILES_T,
  'u.jsonl': lines(
    '{"n":1,"g":"a","ts":"2026-01-02 03:00:00"}',
    '{"n":2,"g":"b","ts":"2026-01-02 03:00:20"}',
    '{"n":3,"g":"a","ts":"2026-01-02 03:05:00"}',
  ),
  'k.jsonl': lines('{"n":1,"x":"one","kt":"2026-01-02 02:00:00"}', '{"n":2,"x":"two","kt":"2026-01-02 02:00:00"}'),
};

const shown = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * One question per construct of the language. The level `portable` must accept what Flink accepts,
 * and refuse what Flink refuses.
 */
export const portableQuestions = (): readonly SweepQuestion[] => [
  ...EXPRESSIONS.map((text) => ({ name: shown(text), sql: `${T}SELECT id, ${text} AS x FROM t;\n`, files: FILES_T })),
  ...STATEMENTS.map((text): SweepQuestion => {
    const sql = `${T}${U}${text.replace(/;$/, '')};\n`;
    return { name: shown(text), sql, files: FILES, compare: 'final' };
  }),
  ...[...new Set(MATCHES)].map((text) => ({
    name: `match ${shown(text)}`,
    sql: `${T}${U}SELECT * FROM t MATCH_RECOGNIZE (${text}) AS m;\n`,
    files: FILES,
  })),
  ...[') m', ')', ') AS m (x)', ') m (x)', ') AS m WHERE a > 0', ') AS m JOIN u ON m.a = u.n'].map((end) => ({
    name: `after a match: ${end}`,
    sql: `${T}${U}SELECT ${end.includes('u') ? 'm.a' : '*'} FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS a PATTERN (A B) DEFINE A AS A.v = 1, B AS B.v > 1${end};\n`,
    files: FILES,
  })),
];
