import type { SweepQuestion } from '../sweep-case.ts';

/** Queries over the time column `{t}` whose windows or matches are open when the input ends. */
const QUERIES: Readonly<Record<string, string>> = {
  tumble:
    "SELECT k, COUNT(*) AS n FROM TUMBLE(TABLE t, DESCRIPTOR({t}), INTERVAL '1' DAY) GROUP BY k, window_start, window_end",
  hop: "SELECT k, COUNT(*) AS n FROM HOP(TABLE t, DESCRIPTOR({t}), INTERVAL '1' DAY, INTERVAL '2' DAY) GROUP BY k, window_start, window_end",
  cumulate:
    "SELECT k, COUNT(*) AS n FROM CUMULATE(TABLE t, DESCRIPTOR({t}), INTERVAL '1' DAY, INTERVAL '2' DAY) GROUP BY k, window_start, window_end",
  session:
    "SELECT k, COUNT(*) AS n FROM SESSION(TABLE t PARTITION BY k, DESCRIPTOR({t}), INTERVAL '1' DAY) GROUP BY k, window_start, window_end",
  'old tumble': "SELECT k, COUNT(*) AS n FROM t GROUP BY k, TUMBLE({t}, INTERVAL '1' DAY)",
  'rows of tumble': "SELECT id, k FROM TUMBLE(TABLE t, DESCRIPTOR({t}), INTERVAL '1' DAY)",
  'rows of session': "SELECT id, k FROM SESSION(TABLE t PARTITION BY k, DESCRIPTOR({t}), INTERVAL '1' DAY)",
  group: 'SELECT k, COUNT(*) AS n FROM t GROUP BY k',
  'open match':
    'SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY {t} MEASURES A.id AS a, C.id AS c ' +
    "PATTERN (A B* C) WITHIN INTERVAL '1' DAY DEFINE A AS id = 1, C AS id = 9) AS m",
  'greedy match':
    'SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY {t} MEASURES A.id AS a, LAST(B.id) AS b ' +
    "PATTERN (A B+ C?) WITHIN INTERVAL '1' DAY DEFINE A AS id = 1, C AS id = 9) AS m",
  'whole match':
    'SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY {t} MEASURES A.id AS a, B.id AS b ' +
    "PATTERN (A B) WITHIN INTERVAL '1' DAY DEFINE A AS id = 1) AS m",
};

/** Asks what each operator sends at the end of a bounded input, for both kinds of time. */
export function inputEndQuestions(): readonly SweepQuestion[] {
  const lines = [1, 2, 3].map((id) => JSON.stringify({ id, k: 'a', ts: `2026-01-01 00:00:0${id}` }));
  return Object.entries(QUERIES).flatMap(([name, select]) =>
    ['ts', 'pt'].map((time) => ({
      name: `${name} ${time}`,
      sql:
        'CREATE TABLE t (id INT, k STRING, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) ' +
        "WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');\n" +
        `${select.replaceAll('{t}', time)};\n`,
      files: { 't.jsonl': `${lines.join('\n')}\n` },
    })),
  );
}
