import type { SweepQuestion } from '../sweep-case.ts';
import { REGEX_SECTIONS } from './constructs.ts';
import { randomPatterns } from './random-patterns.ts';

/** Texts with letters, digits, marks and line breaks that the constructs tell apart. */
const TEXTS: readonly string[] = [
  'ab1 Abc, x.y [42] 0x1F €5 \tα',
  'aac\nbX\r\nx',
  'éÉ a.c joe@home.net 10.0.0.1/8-_',
  '',
  'aabbab abba',
  '😀a😀 e\u0301 ñ',
  'ſKßİıK σςΣ µ',
  'line1\nline3\r\n',
  '\u0001\u0007\u001b\u0085\u2028\u00a0\u3000',
  'code=42 {a} $b^ (c)\\',
];

/** Short texts for the random patterns. */
const SHORT_TEXTS: readonly string[] = ['ab', 'aabab', 'abcab a1', 'ba\nab', 'b\r\na', 'é😀aA', ''];

/** What is asked about a pattern beside its matches, one after the other. */
const FURTHER: readonly ((pattern: string) => string)[] = [
  (p) => `REGEXP_REPLACE(s, ${p}, '<$1>')`,
  (p) => `REGEXP_COUNT(s, ${p})`,
  (p) => `REGEXP_EXTRACT(s, ${p}, 1)`,
  (p) => `REGEXP_EXTRACT_ALL(s, ${p})`,
  (p) => `REGEXP_SUBSTR(s, ${p})`,
];

const ALL: readonly ((pattern: string) => string)[] = [
  (p) => `REGEXP(s, ${p})`,
  (p) => `REGEXP_INSTR(s, ${p})`,
  (p) => `REGEXP_EXTRACT(s, ${p})`,
  (p) => `REGEXP_EXTRACT_ALL(s, ${p}, 0)`,
  ...FURTHER,
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Patterns of SIMILAR TO, which have other characters with a meaning. */
const SIMILAR: readonly string[] = [
  'a%',
  '%b%',
  '_',
  '%(b|x)%',
  'a+%',
  '[a-z]%',
  '[^a-z]%',
  '%[[:DIGIT:]]%',
  '%[[:ALPHA:]]%',
  '[[:UPPER:]]%',
  '[[:LOWER:]]%',
  '%[[:ALNUM:]]',
  '%[[:SPACE:]]%',
  '%[[:WHITESPACE:]]%',
  '%.%',
  '%^%',
  '%$%',
  'a{2}%',
  '(ab)*%',
  '%\\w%',
  '(?=a)%',
  '%é%',
  '(a)\\1%',
];

/**
 * Questions about regular expressions: each construct of Java on texts that it tells apart, random
 * patterns, and patterns that are values of a column.
 */
export function regexQuestions(): readonly SweepQuestion[] {
  const questions: SweepQuestion[] = [];
  const known = new Set<string>();
  for (const { constructs } of REGEX_SECTIONS) {
    for (const pattern of constructs.flatMap(({ patterns }) => patterns)) {
      if (known.has(pattern)) continue;
      known.add(pattern);
      questions.push(question(pattern, TEXTS, known.size));
    }
  }
  for (const [i, pattern] of randomPatterns(20, 400).entries()) {
    if (!known.has(pattern)) questions.push(question(pattern, SHORT_TEXTS, i));
  }
  for (const ask of ALL) questions.push(column(ask));
  for (const pattern of SIMILAR) questions.push(other(`SIMILAR TO ${pattern}`, `s SIMILAR TO ${quoted(pattern)}`));
  questions.push(
    other('SIMILAR TO escape', "s SIMILAR TO '%!%%' ESCAPE '!'"),
    other('STR_TO_MAP', "STR_TO_MAP(s, '[ ,]+', '(?<=\\w)=')"),
    other('STR_TO_MAP look-around', "STR_TO_MAP(s, '(?<=b)', 'x')"),
  );
  return questions;
}

const rows = (texts: readonly string[]): string => texts.map((s, i) => `${JSON.stringify({ i, s })}\n`).join('');

const TABLE = `CREATE TABLE t (i INT, s STRING) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');\n`;

function question(pattern: string, texts: readonly string[], number: number): SweepQuestion {
  const p = quoted(pattern);
  const asked = [
    `REGEXP(s, ${p})`,
    `REGEXP_INSTR(s, ${p})`,
    `REGEXP_EXTRACT_ALL(s, ${p}, 0)`,
    FURTHER[number % FURTHER.length]!(p),
  ];
  const columns = asked.map((expression, i) => `${expression} AS v${i}`);
  return {
    name: pattern,
    sql: `${TABLE}SELECT i, ${columns.join(', ')} FROM t;\n`,
    files: { 't.jsonl': rows(texts) },
  };
}

/** The patterns are values of the column s, beside a text. */
function column(ask: (pattern: string) => string): SweepQuestion {
  const patterns = ['a', '(a)b?', 'a(', '[z-a]', '\\p{L}+', '(?<=a)b', '(\\w)\\1', '', '*', '\\R', '(?i)B', 'b$'];
  const lines = patterns.map((p, i) => `${JSON.stringify({ i, s: 'aabb ab\n', p })}\n`);
  return {
    name: `pattern in a column: ${ask('p')}`,
    sql: `${TABLE.replace('s STRING', 's STRING, p STRING')}SELECT i, p, ${ask('p')} AS v FROM t;\n`,
    files: { 't.jsonl': lines.join('') },
  };
}

function other(name: string, expression: string): SweepQuestion {
  return { name, sql: `${TABLE}SELECT i, ${expression} AS v FROM t;\n`, files: { 't.jsonl': rows(TEXTS) } };
}
