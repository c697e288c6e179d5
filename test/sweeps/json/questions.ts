import { SeededRandom } from '../../fuzz/seeded-random.ts';
import type { SweepQuestion } from '../sweep-case.ts';

const RANDOM_CASES = 200;

/** Values as they are written in JSON. Every type reads all of them. */
const VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '7',
  '-1.5',
  '1e2',
  '1.50',
  '1E-7',
  '2.99',
  '300',
  '70000',
  '3000000000',
  '9007199254740993',
  '9223372036854775808',
  '123456789012345678901234567890',
  '1e400',
  '""',
  '" "',
  '"7"',
  '" 7 "',
  '"+7"',
  '"7.0"',
  '"1e2"',
  '"0x10"',
  '"abc"',
  '"n/a"',
  '"true"',
  '"TRUE "',
  '"NaN"',
  '"Infinity"',
  '"2026-01-02"',
  '"2026-1-2"',
  '"2026-02-30"',
  '"10:11:12"',
  '"10:11"',
  '"10:11:12.123456"',
  '"2026-01-02 10:11:12"',
  '"2026-01-02 10:11:12.1234"',
  '"2026-01-02 10:11:12Z"',
  '"2026-01-02T10:11:12"',
  '"2026-01-02T10:11:12Z"',
  '"2026-01-02T10:11:12.5+02:00"',
  '"2026-01-02T10:11"',
  '"YWI="',
  '"a\\u00e9\\n\\"\\\\\\/"',
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
];

/** Arrays and objects. Every type reads each of them in a case of its own. */
const NESTED: readonly string[] = [
  '[]',
  '[1,2]',
  '[1,"x",null]',
  '["a",7,true,1.50]',
  '[[1]]',
  '{}',
  '{"a":1,"b":"x"}',
  '{"a":"1","b":2,"c":3}',
  '{"b":"x"}',
  '{"a":"bad","b":null}',
  '{"a":1.50,"b":[1e2,null,{"c":2.0}]}',
  '{"x":1,"y":2}',
];

const TYPES: readonly string[] = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL(10, 2)',
  'STRING',
  'VARCHAR(3)',
  'CHAR(3)',
  'BYTES',
  'DATE',
  'TIME(0)',
  'TIMESTAMP(3)',
  'TIMESTAMP(6)',
  'TIMESTAMP_LTZ(3)',
  'ARRAY<INT>',
  'ARRAY<STRING>',
  'MAP<STRING, INT>',
  'MAP<STRING, STRING>',
  'MULTISET<STRING>',
  'ROW<a INT, b STRING>',
  'ARRAY<ROW<a INT, b STRING>>',
  'ROW<a DOUBLE, b ARRAY<STRING>>',
];

/** Types that are also read with one value per case, so that each error is seen. */
const STRICT_TYPES: readonly string[] = ['INT', 'DOUBLE', 'STRING', 'BOOLEAN', 'TIMESTAMP(3)', 'ROW<a INT, b STRING>'];

/** Lines of a table `id INT, s STRING, d DOUBLE`. */
const FORMS: readonly string[] = [
  '{"id":1,"s":"a","d":1.0,"s":"b"}',
  '{"id":1,"id":2,"s":"a","d":1}',
  '{"s":"a","s":"b","s":"c","id":1}',
  '{"x":1,"id":1,"x":2,"s":"a","x":3,"d":1}',
  '{"id":1,"s":"a","d":1,"x":{"y":[1,{"z":2}]}}',
  '{"x":{"id":9,"s":"no"},"id":1,"s":"a"}',
  '{"d":1,"s":"a","id":1}',
  '{"id":1}',
  '{}',
  '{"id":null,"s":null,"d":null}',
  '[{"id":1,"s":"a","d":1},{"id":2}]',
  '[]',
  '[{"id":1},[{"id":2}]]',
  '[{"id":1},7,null,{"id":2}]',
  '[{"id":1},{"id":"bad"},{"id":3}]',
  '[{"id":1},{"id":2',
  '[{"id":1}] x',
  '7',
  '"text"',
  'null',
  'true',
  '',
  '   ',
  'not json',
  '{"id":1,"s":"a","d":1} trailing',
  '{"id":1,"s":"a","d":1}{"id":2}',
  '{"id":1,"s":"a","d":1}}',
  '{"id":1,"s":"a","d":1,}',
  '{"id":1,,"s":"a"}',
  '{"id":1 "s":"a"}',
  '{"id":1,"s":"a"',
  '{"id":1,"s":"a","d":1,"x":{"y":}}',
  '{"id":1,"s":"a","d":1,"x":tru}',
  '{"id":1,"s":"a","d":1,"x":01}',
  '{"id":1,"s":"a","x":[1,2,"d":1}',
  '{"id":01,"s":"a"}',
  '{"id":+1,"s":"a"}',
  '{"id":1.,"s":"a"}',
  '{"id":.5,"s":"a"}',
  '{"id":1e,"s":"a"}',
  '{"id":--1,"s":"a"}',
  '{"id":1,"s":"a","d":NaN}',
  '{"id":1,"s":"a","d":Infinity}',
  '{"id":1,"s":"a","d":-Infinity}',
  '{"id":1,"s":\'a\'}',
  '{id:1,"s":"a"}',
  '{"id":1,/* c */"s":"a"}',
  '{"id":1,"s":"a\tb"}',
  '{"id":1,"s":"a\u0001b"}',
  '{"id":1,"s":"a\\x"}',
  '{"id":1,"s":"a\\u12"}',
  '{"id":1,"x":"a\tb","s":"c"}',
  '{"id":1,"x":"a\\x","s":"c"}',
  '{"i\\u0064":1,"\\u0073":"a"}',
  '{"ID":1,"S":"a","D":1}',
  '{"id" : 1 , "s"\t:\t"a" ,"d":1 }',
  '  {"id":1}  ',
  '{"id":1}\r',
  '\ufeff{"id":1}',
  '{"":1,"id":1}',
  '{"id":1,"s":"\\u0000"}',
  '{"id":true,"s":false,"d":true}',
  '{"id":{"a":1},"s":{"a":1},"d":[1]}',
  '{"id":[],"s":[],"d":{}}',
  '{"id":1,"s":{"a":1e2,"b":1.10,"c":-0.0,"d":1e400,"e":100000000000000000000}}',
  '{"id":1,"s":[1,2.50,"x",null,true,{"k":"v\\n"}]}',
  '{"id":1,"s":{"a":1,"a":2}}',
  '{"id":1,"s":"at 12:30, 1.5e3 or 123456789012345678","d":1}',
  `{"id":1,"s":"${'x'.repeat(300)}","d":1}`,
];

const OPTIONS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'json.ignore-parse-errors': 'true' },
  { 'json.fail-on-missing-field': 'true' },
];

const ISO = { 'json.timestamp-format.standard': 'ISO-8601' };
const TIMES: readonly string[] = ['TIMESTAMP(3)', 'TIMESTAMP(6)', 'TIMESTAMP_LTZ(3)', 'DATE', 'TIME(0)'];
const ISO_TEXTS: readonly string[] = [
  '"2026-01-02T10:11:12"',
  '"2026-01-02T10:11:12.5"',
  '"2026-01-02T10:11:12.123456789"',
  '"2026-01-02T10:11"',
  '"2026-01-02T10:11:12Z"',
  '"2026-01-02T10:11:12.250Z"',
  '"2026-01-02T10:11:12+02:00"',
  '"2026-01-02T10:11:12.5-05:30"',
  '"2026-01-02 10:11:12"',
  '"2026-01-02 10:11:12Z"',
  '"2026-01-02T24:00:00"',
  '"2026-01-02T23:59:60Z"',
  '"2026-02-30T10:11:12"',
  '"2026-01-02"',
  '"10:11:12"',
  '"10:11:12Z"',
  '" 2026-01-02T10:11:12"',
  '1767348672',
  '"-0001-01-02T10:11:12"',
  '"12026-01-02T10:11:12"',
];

/**
 * Types × values, forms × options, times in both standards, read parts of rows, and random lines.
 */
export function jsonQuestions(): readonly SweepQuestion[] {
  const questions: SweepQuestion[] = [];
  for (const type of TYPES) {
    const lines = VALUES.map((value, i) => `{"i":${i},"v":${value}}`);
    questions.push(question(`${type} ignored`, { i: 'INT', v: type }, OPTIONS[1]!, lines));
    for (const [i, value] of NESTED.entries()) {
      questions.push(question(`${type} nested ${i}`, { v: type }, OPTIONS[1]!, [`{"v":${value}}`]));
    }
  }
  for (const type of STRICT_TYPES) {
    for (const [i, value] of [...VALUES, ...NESTED].entries()) {
      questions.push(question(`${type} value ${i}`, { v: type }, {}, [`{"v":${value}}`]));
    }
  }
  for (const type of TIMES) {
    const lines = VALUES.map((value, i) => `{"i":${i},"v":${value}}`);
    questions.push(question(`${type} iso ignored`, { i: 'INT', v: type }, { ...OPTIONS[1], ...ISO }, lines));
    for (const [i, text] of ISO_TEXTS.entries()) {
      questions.push(question(`${type} iso ${i}`, { v: type }, ISO, [`{"v":${text}}`]));
    }
  }
  const columns = { id: 'INT', s: 'STRING', d: 'DOUBLE' };
  for (const [f, form] of FORMS.entries()) {
    for (const [o, options] of OPTIONS.entries()) {
      const first = form.startsWith('\ufeff') ? [] : ['{"id":0,"s":"first","d":0.5}'];
      const lines = [...first, form, '{"id":99,"s":"last","d":9.5}'];
      questions.push(question(`form ${f} options ${o}`, columns, options, lines));
    }
    questions.push(question(`form ${f} one column`, columns, OPTIONS[1]!, [form, '{"id":99}'], 's'));
    questions.push(question(`form ${f} count`, columns, OPTIONS[1]!, [form, '{"id":99}'], 'COUNT(*) AS n'));
  }
  for (let number = 0; number < RANDOM_CASES; number++) questions.push(randomQuestion(number));
  return questions;
}

function randomQuestion(number: number): SweepQuestion {
  const random = new SeededRandom(20261130, number);
  const names = ['a', 'b', 'c', 'd'].slice(0, random.between(1, 4));
  const columns = Object.fromEntries(names.map((name) => [name, random.oneOf(TYPES)]));
  const keys = random.chance(0.5) ? names : [...names].reverse();
  const lines = Array.from({ length: random.between(1, 8) }, () => {
    const fields = keys.flatMap((name) => {
      if (random.chance(0.08)) return [];
      const field = `"${name}":${valueFor(random, columns[name]!)}`;
      if (random.chance(0.94)) return [field];
      const more = random.oneOf(['x', ...names]);
      return [field, `"${more}":${valueFor(random, columns[more] ?? 'STRING')}`];
    });
    const line = `{${fields.join(random.oneOf([',', ', ']))}}`;
    return random.chance(0.05) ? line.slice(0, random.below(line.length + 1)) : line;
  });
  const options = random.chance(0.8) ? OPTIONS[1]! : {};
  const read = random.chance(0.3) ? random.some(names, random.between(1, names.length)).join(', ') : undefined;
  return question(`random ${number}`, columns, options, lines, read);
}

/**
 * Nested values only where they fit: after others, Flink's reader loses its place in the record.
 */
function valueFor(random: SeededRandom, type: string): string {
  if (/STRING|CHAR/.test(type) && !type.includes('<')) return random.oneOf([...FLAT, ...NESTED]);
  if (type === 'BYTES') return random.oneOf(['null', '"YWI="', '""']);
  if (type.startsWith('ARRAY') && random.chance(0.5)) return random.oneOf(['[]', '[1,2]', '[1,"x",null]']);
  if (/^(ROW|MAP|MULTISET)/.test(type) && random.chance(0.5))
    return random.oneOf(['{}', '{"a":1,"b":"x"}', '{"b":"x"}']);
  return random.oneOf(FLAT);
}

const FLAT = VALUES.filter((value) => value !== '"\\ud83d"' && value !== '9007199254740993');

function question(
  name: string,
  columns: Readonly<Record<string, string>>,
  options: Readonly<Record<string, string>>,
  lines: readonly string[],
  read = Object.keys(columns).join(', '),
): SweepQuestion {
  const declared = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  const extra = Object.entries(options).map(([key, value]) => `, '${key}' = '${value}'`);
  const sql = `CREATE TABLE t (${declared.join(', ')}) WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'json'${extra.join('')});
SELECT ${read} FROM t;
`;
  return { name, sql, files: { 't.txt': lines.map((line) => `${line}\n`).join('') } };
}
