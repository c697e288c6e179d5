import type { SweepQuestion } from '../sweep-case.ts';

/** Texts that are read as times, most of them by at least one pattern. */
const TEXTS: readonly string[] = [
  '2026-01-02 03:04:05',
  '2026-01-02 03:04:05.6',
  '2026-01-02 03:04:05.678',
  '2026-01-02 03:04:05.6789',
  '2026-01-02 03:04:05.123456789',
  '2026-01-02 03:04:05.1234567891',
  '2026-01-02 03:04',
  '2026-01-02 03',
  '2026-01-02',
  '2026-01',
  '2026',
  '2026-1-2 3:4:5',
  ' 2026-01-02 03:04:05 ',
  '2026-01-02 03:04:05 ',
  '2026-01-02T03:04:05',
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.678Z',
  '2026-01-02T03:04:05+02:00',
  '2026-01-02T03:04:05.678+0200',
  '2026-01-02 03:04:05Z',
  '2026-01-02 03:04:05 +0000',
  '2026-02-29 00:00:00',
  '2024-02-29 00:00:00',
  '2026-02-30 00:00:00',
  '2026-13-01 00:00:00',
  '2026-00-10 00:00:00',
  '2026-01-00 00:00:00',
  '2026-01-02 24:00:00',
  '2026-01-02 25:00:00',
  '2026-01-02 23:59:60',
  '2026-01-02 23:60:00',
  '0001-01-01 00:00:00',
  '0000-01-01 00:00:00',
  '9999-12-31 23:59:59.999',
  '12026-01-02 03:04:05',
  '-0001-01-02 03:04:05',
  '1969-12-31 23:59:59.999',
  '02.01.2026 03:04',
  '02/01/2026 03:04:05',
  '1/2/2026',
  '01/02/26',
  '20260102030405',
  '20260102',
  '20260102T030405',
  '2026/01/02 03:04:05',
  '2 Jan 2026',
  '02-Jan-2026 03:04:05',
  'Jan 2, 2026 3:04:05 AM',
  'Fri Jan 02 03:04:05 2026',
  '03:04:05',
  '03:04',
  '3:04 PM',
  '1767323045',
  '1767323045678',
  '2026-W01-5',
  '2026-002',
  '',
  ' ',
  'abc',
  'NULL',
];

const PATTERNS: readonly string[] = [
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm:ss.SSS',
  'yyyy-MM-dd HH:mm:ss.S',
  'yyyy-MM-dd HH:mm:ss.SSSSSS',
  'yyyy-MM-dd HH:mm:ss.SSSSSSSSS',
  'yyyy-MM-dd HH:mm',
  'yyyy-MM-dd HH',
  'yyyy-MM-dd',
  'yyyy-MM',
  'yyyy',
  'yyyy-M-d H:m:s',
  "yyyy-MM-dd''T''HH:mm:ss",
  "yyyy-MM-dd''T''HH:mm:ss''Z''",
  "yyyy-MM-dd''T''HH:mm:ss.SSS''Z''",
  "yyyy-MM-dd''T''HH:mm:ssXXX",
  "yyyy-MM-dd''T''HH:mm:ss.SSSZ",
  "yyyy-MM-dd''T''HH:mm:ssX",
  'dd.MM.yyyy HH:mm',
  'dd/MM/yyyy HH:mm:ss',
  'M/d/yyyy',
  'MM/dd/yy',
  'yyyyMMddHHmmss',
  'yyyyMMdd',
  "yyyyMMdd''T''HHmmss",
  'yyyy/MM/dd HH:mm:ss',
  'd MMM yyyy',
  'dd-MMM-yyyy HH:mm:ss',
  'MMM d, yyyy h:mm:ss a',
  'EEE MMM dd HH:mm:ss yyyy',
  'HH:mm:ss',
  'h:mm a',
  'uuuu-MM-dd HH:mm:ss',
  'YYYY-MM-dd',
  'yyyy-DDD',
  'yyyy-MM-dd kk:mm:ss',
  'yyyy-MM-dd hh:mm:ss',
  'yy-MM-dd',
  'y-M-d',
  '[yyyy-MM-dd][ HH:mm:ss]',
  'yyyy-MM-dd HH:mm:ss z',
  'yyyy-MM-dd HH:mm:ss VV',
  'G yyyy',
  'Q yyyy',
  "yyyy-MM-dd ''",
  '{',
  '',
];

/**
 * Functions of a text, and of a text and a pattern. Results are texts, so that all digits count.
 */
const OF_TEXT: readonly string[] = [
  'TO_TIMESTAMP(s)',
  'TO_TIMESTAMP_LTZ(s)',
  'TO_DATE(s)',
  'UNIX_TIMESTAMP(s)',
  'TRY_CAST(s AS TIMESTAMP(0))',
  'TRY_CAST(s AS TIMESTAMP(3))',
  'TRY_CAST(s AS TIMESTAMP(6))',
  'TRY_CAST(s AS TIMESTAMP(9))',
  'TRY_CAST(s AS TIMESTAMP_LTZ(3))',
  'TRY_CAST(s AS TIMESTAMP_LTZ(9))',
  'TRY_CAST(s AS DATE)',
  'TRY_CAST(s AS TIME)',
  'TRY_CAST(s AS TIME(3))',
];
const OF_PATTERN: readonly string[] = ['TO_TIMESTAMP', 'TO_TIMESTAMP_LTZ', 'TO_DATE', 'UNIX_TIMESTAMP'];
const ZONES: readonly string[] = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'];
/** Before 1582 SimpleDateFormat counts in the Julian calendar. */
const MODERN = TEXTS.filter((text) => !/^-?000|^12026/.test(text));

const FORMATTED: readonly string[] = [
  'yyyy-MM-dd HH:mm:ss.SSSSSS',
  'y-M-d H:m:s.S',
  'yyyyMMdd',
  'EEE, d MMM yyyy',
  'EEEE MMMM',
  'e c E',
  'YYYY ww W',
  'DDD D',
  'h:mm a K k',
  'Q q QQQ',
  'G',
  "''at'' HH",
  'n N A',
  'XXX Z z VV',
  '',
];

/** Functions × texts, functions × patterns × texts, casts of single texts, and DATE_FORMAT. */
export function timeQuestions(): readonly SweepQuestion[] {
  const questions: SweepQuestion[] = [];
  const all = TEXTS.map((s, i) => JSON.stringify({ i, s }));
  const modern = MODERN.map((s, i) => JSON.stringify({ i, s }));
  const rowsOf = (f: string) => (/^(TO_DATE|UNIX)/.test(f) ? modern : all);
  for (const f of OF_TEXT) {
    for (const zone of f.includes('LTZ') || f.startsWith('UNIX') ? ZONES : ['UTC']) {
      if (f === 'TO_TIMESTAMP_LTZ(s)' || f === 'TO_DATE(s)') continue;
      questions.push(question(`${f} ${zone}`, `CAST(${f} AS STRING)`, rowsOf(f), zone));
    }
  }
  for (const f of OF_PATTERN) {
    for (const pattern of PATTERNS) {
      questions.push(question(`${f} '${pattern}'`, `CAST(${f}(s, '${pattern}') AS STRING)`, rowsOf(f)));
    }
  }
  for (const zone of ZONES) {
    for (const pattern of PATTERNS.slice(0, 2)) {
      const f = `TO_TIMESTAMP_LTZ(s, '${pattern}', '${zone}')`;
      questions.push(question(f, `CAST(${f} AS STRING)`, all));
    }
  }
  for (const [i, text] of TEXTS.entries()) {
    for (const f of ['TO_TIMESTAMP_LTZ(s)', 'TO_DATE(s)']) {
      questions.push(
        question(`${f} text ${i}`, `CAST(${f} AS STRING)`, [JSON.stringify({ i, s: text })], 'Asia/Kolkata'),
      );
    }
    for (const type of ['TIMESTAMP(3)', 'DATE', 'TIME(0)']) {
      questions.push(
        question(`CAST text ${i} AS ${type}`, `CAST(CAST(s AS ${type}) AS STRING)`, [JSON.stringify({ i, s: text })]),
      );
    }
  }
  for (const type of ['DOUBLE', 'FLOAT', 'DECIMAL(16, 6)', 'BIGINT', 'INT']) {
    for (const precision of [0, 3]) {
      questions.push(numbers(type, precision));
    }
  }
  for (const pattern of FORMATTED) {
    const read = 'CAST(s AS TIMESTAMP(3))';
    const times = ['2026-01-02 03:04:05.678', '2023-12-31 23:59:59', '0999-07-04 12:00:00.001', '2024-12-30 00:30:00'];
    const given = times.map((s, i) => JSON.stringify({ i, s }));
    questions.push(question(`DATE_FORMAT '${pattern}'`, `DATE_FORMAT(${read}, '${pattern}')`, given));
    const local = `DATE_FORMAT(CAST(${read} AS TIMESTAMP_LTZ(3)), '${pattern}')`;
    questions.push(question(`DATE_FORMAT LTZ '${pattern}'`, local, given, 'Europe/Berlin'));
  }
  return questions;
}

function question(name: string, expression: string, rows: readonly string[], zone = 'UTC'): SweepQuestion {
  const sql = `SET 'table.local-time-zone' = '${zone}';
CREATE TABLE t (i INT, s STRING) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT i, s, ${expression} AS v FROM t;
`;
  return { name, sql, files: { 't.jsonl': rows.map((row) => `${row}\n`).join('') } };
}

/** TO_TIMESTAMP_LTZ of numbers whose fraction is at most a millisecond. */
function numbers(type: string, precision: number): SweepQuestion {
  const isWhole = /INT/.test(type);
  const values =
    isWhole || precision === 3 ? ['0', '1', '-1', '1762074000', 'null'] : ['0.5', '-0.5', '1.25', '-1', 'null'];
  const sql = `CREATE TABLE t (i INT, n ${type}) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT i, CAST(TO_TIMESTAMP_LTZ(n, ${precision}) AS STRING) AS v FROM t;
`;
  const lines = values.map((n, i) => `{"i":${i},"n":${n}}\n`);
  return { name: `TO_TIMESTAMP_LTZ(${type}, ${precision})`, sql, files: { 't.jsonl': lines.join('') } };
}
