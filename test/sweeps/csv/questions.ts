import { SeededRandom } from '../../fuzz/seeded-random.ts';
import type { SweepQuestion } from '../sweep-case.ts';

const RANDOM_CASES = 420;

interface Dialect {
  readonly options: Readonly<Record<string, string>>;
  readonly delimiter: string;
  readonly quote: string;
}

/** Types with texts for their cells. Some texts do not fit. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  STRING: ['a', 'é', 'tea ', ' x', 'a b', "o'c", '', '#', '007', '5"', '\\', 'x\\ty'],
  INT: ['1', '-7', ' 8', '9 ', '+3', '2147483648', '1.0', '1e2', '', 'x', '0x1', '٣'],
  BIGINT: ['1', '-9223372036854775808', '9223372036854775808', ' 12 ', '1_0', ''],
  SMALLINT: ['3', '32768', '-32768', ' 4'],
  DOUBLE: ['1', '1.5', '-0', '1e3', 'NaN', 'Infinity', '.5', '5.', '1f', '1d', ' 2 ', '0x1p3', '', 'x'],
  FLOAT: ['0.1', '1e40', '-1.5', ' 7'],
  'DECIMAL(6, 2)': ['1', '1.005', '-2.345', '12345', '1e2', ' 3.1 ', '', 'x', '1,5'],
  BOOLEAN: ['true', 'FALSE', ' True ', 'yes', '1', '', '0'],
  DATE: ['2026-01-02', '2026-1-2', '2026-02-30', ' 2026-01-02', '', '20260102', '2026-13-01', '0001-01-01'],
  'TIME(0)': ['10:11:12', '10:11', '10:11:12.5', '24:00:00', '', '1:2:3'],
  'TIMESTAMP(3)': [
    '2026-01-02 03:04:05',
    '2026-01-02 03:04:05.678',
    '2026-01-02T03:04:05',
    '2026-01-02 03:04',
    '2026-01-02',
    ' 2026-01-02 03:04:05 ',
    '2026-01-02 03:04:05.1234',
    '',
    '2026-1-2 3:4:5',
  ],
  'TIMESTAMP_LTZ(3)': [
    '2026-01-02 03:04:05Z',
    '2026-01-02 03:04:05',
    '2026-01-02T03:04:05Z',
    '2026-01-02 03:04:05.12Z',
  ],
  'ARRAY<INT>': ['1', '1;2', '1;x', '', ';', '1; 2'],
  'ARRAY<STRING>': ['a', 'a;b', '', ';', 'a;;b'],
  'ROW<p INT, q STRING>': ['1;a', '1', '1;a;b', 'x;a', ''],
  BYTES: ['YWI=', 'x', '', 'YQ'],
};

/** Files whose form is the question, each under several dialects. */
const FORMS: readonly string[] = [
  '1,a\n2,b\n',
  '1,a\n2,b',
  '1,a\r\n2,b\r\n',
  '1,a\r2,b\r',
  '1,a\r\r\n2,b\n',
  '\n1,a\n\n2,b\n\n',
  '1,a\n \n2,b\n',
  '1,a\n,\n2,b\n',
  '1,"a"\n2,"b\nc"\n3,d\n',
  '1,"a\r\nb"\n2,c\n',
  '1,"a""b"\n2,""""\n3,""\n',
  '1,"a" \n2,"b"\t\n3,"c"x\n4,d\n',
  '1, "a"\n2,x"y"\n3,5"\n4,"\n5,z\n',
  '1,a"b"c\n2,"d"\n',
  '1,a,\n2,b,,\n3,c, \n4,d,e\n5,f\n',
  '1\n2,b\n3,\n',
  '1,a\\,b\n2,"c\\"d"\n3,\\"e\n4,f\\n\\t\\r\\0g\n5,h\\\n6,i\n',
  '1,"a\\nb"\n2,"c\\\\"\n3,d\\\\\n',
  '# x "y\n1,a\n#2,b\n3,#c\n # d\n4,"e\n#f"\n',
  '#\n\n#\n1,a\n# end',
  "1,'a'\n2,'b''c'\n3,'d,e'\n",
  '1,n/a\nn/a,b\n3,"n/a"\n4, n/a\n',
  '1,NULL\nNULL,b\n3,null\n',
  '\ufeff1,a\n2,b\n',
  '1,a\u00002,b\n',
  '1,\ta\n2,b\t\n',
  '1,a\u00a0\n2,\u2028b\n',
  ' 1 , a \n 2 ,b\n',
  '',
  '\n',
  ' ',
  ',',
  '"',
  '""',
  '"1","a"\n"2",b\n',
  '"1"\n',
  '\t1,a\n\t\n2,b\n\t#c\n',
  '\u000b1,a\n\f#b\n2,c\n',
  '#a\r#b\r\n1,c\r#d\n2,e\n',
  '1,"a"x"b\nc"d\n2,e\n',
  '1,"a"x,"b"y\n2,e\n3,f\n',
  '1,a,b,c\n2,"d\ne",f\n3,g\n',
  '1,a\\',
  '1,"a\\',
  '\ufeff"1",a\n\ufeff2,b\n',
];

/** Files for queries that read only some columns. */
const PROJECTED: readonly string[] = [
  '1,a,2\n3,b,4\n',
  '1,a\n3,b,4\n',
  '1\n3,b,4\n',
  '1,a,2,x\n3,b,4\n',
  '1,5\' 11",2\n3,"b"x,4\n',
  'id,a,n\n3,b,4\n',
  '\n3,b,4\n',
  '1,"a\nb",2\n3,b,x\n',
];

const DIALECTS: readonly Dialect[] = [
  { options: {}, delimiter: ',', quote: '"' },
  { options: { 'csv.ignore-parse-errors': 'true' }, delimiter: ',', quote: '"' },
  { options: { 'csv.escape-character': '\\' }, delimiter: ',', quote: '"' },
  { options: { 'csv.allow-comments': 'true', 'csv.ignore-parse-errors': 'true' }, delimiter: ',', quote: '"' },
  { options: { 'csv.disable-quote-character': 'true' }, delimiter: ',', quote: '' },
];

/** Dialects that only random files use. */
const MORE_DIALECTS: readonly Dialect[] = [
  ...DIALECTS,
  { options: { 'csv.field-delimiter': ';' }, delimiter: ';', quote: '"' },
  { options: { 'csv.field-delimiter': '\\t' }, delimiter: '\t', quote: '"' },
  { options: { 'csv.field-delimiter': '|', 'csv.ignore-parse-errors': 'true' }, delimiter: '|', quote: '"' },
  { options: { 'csv.quote-character': "'" }, delimiter: ',', quote: "'" },
  { options: { 'csv.null-literal': '' }, delimiter: ',', quote: '"' },
  { options: { 'csv.null-literal': 'n/a' }, delimiter: ',', quote: '"' },
  { options: { 'csv.field-delimiter': '§' }, delimiter: '§', quote: '"' },
  { options: { 'csv.array-element-delimiter': '|' }, delimiter: ',', quote: '"' },
  { options: { 'csv.allow-comments': 'true' }, delimiter: ',', quote: '"' },
  {
    options: { 'csv.escape-character': '\\', 'csv.ignore-parse-errors': 'true', 'csv.null-literal': 'NULL' },
    delimiter: ',',
    quote: '"',
  },
];

/** Forms × dialects, types × texts, and random files. */
export function csvQuestions(): readonly SweepQuestion[] {
  const questions: SweepQuestion[] = [];
  for (const [f, form] of FORMS.entries()) {
    for (const [d, dialect] of DIALECTS.entries()) {
      questions.push(question(`form ${f} dialect ${d}`, ['STRING', 'STRING'], dialect, form));
    }
    questions.push(question(`form ${f} numbers`, ['INT', 'STRING'], DIALECTS[1]!, form));
    questions.push(question(`form ${f} one column`, ['STRING'], DIALECTS[0]!, form));
  }
  for (const [f, file] of PROJECTED.entries()) {
    for (const [d, dialect] of DIALECTS.slice(0, 2).entries()) {
      for (const read of ['c0, c2', 'c2', 'c1', 'COUNT(*) AS n']) {
        const types = ['INT', 'STRING', 'INT'];
        questions.push(question(`projected ${f} dialect ${d} ${read}`, types, dialect, file, read));
      }
    }
  }
  for (const [type, texts] of Object.entries(CELLS)) {
    for (const [t, text] of texts.entries()) {
      const file = `k,${quoted(text)}\n`;
      questions.push(question(`${type} text ${t}`, ['STRING', type], DIALECTS[0]!, file));
    }
    const all = texts.map((text) => `k,${quoted(text)}\n`).join('');
    questions.push(question(`${type} ignored`, ['STRING', type], DIALECTS[1]!, all));
    questions.push(question(`${type} unquoted`, ['STRING', type], DIALECTS[1]!, texts.map((t) => `k,${t}\n`).join('')));
  }
  for (let number = 0; number < RANDOM_CASES; number++) questions.push(randomQuestion(number));
  return questions;
}

const quoted = (text: string): string => (/["',]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function randomQuestion(number: number): SweepQuestion {
  const random = new SeededRandom(20261129, number);
  const dialect = random.oneOf(MORE_DIALECTS);
  const count = random.between(1, 4);
  const types = Array.from({ length: count }, () => (random.chance(0.6) ? 'STRING' : random.oneOf(Object.keys(CELLS))));
  const lineEnd = random.oneOf(['\n', '\n', '\n', '\r\n', '\r']);
  const lines = Array.from({ length: random.between(1, 6) }, () => {
    const cells = types.map((type) => randomCell(random, type, dialect));
    if (random.chance(0.06)) cells.pop();
    if (random.chance(0.06)) cells.push(random.oneOf(['', ' ', 'x']));
    const line = cells.join(dialect.delimiter);
    return random.chance(0.04) ? `#${line}` : line;
  });
  if (random.chance(0.08)) lines.splice(random.below(lines.length), 0, random.oneOf(['', ' ', '#', '# "']));
  const file = lines.join(lineEnd) + (random.chance(0.8) ? lineEnd : '');
  return question(`random ${number}`, types, dialect, file);
}

function randomCell(random: SeededRandom, type: string, { options, delimiter, quote }: Dialect): string {
  const text = random.chance(0.7) ? random.oneOf(CELLS[type]!.slice(0, 3)) : random.oneOf(CELLS[type]!);
  const noise = random.chance(0.12) ? random.oneOf([delimiter, '\n', '\r', ' ', '\\', '\\"', '"', '""', "'", '#']) : '';
  const cell = random.chance(0.5) ? text + noise : noise + text;
  if (quote === '' || random.chance(0.6)) return cell;
  const mark = options['csv.escape-character'];
  const inner = mark !== undefined && random.chance(0.5) ? mark + quote : quote + quote;
  return quote + cell.replaceAll(quote, inner) + quote + (random.chance(0.1) ? ' ' : '');
}

function question(
  name: string,
  types: readonly string[],
  { options }: Dialect,
  file: string,
  read?: string,
): SweepQuestion {
  const columns = types.map((type, i) => `c${i} ${type}`).join(', ');
  const names = read ?? types.map((_, i) => `c${i}`).join(', ');
  const extra = Object.entries(options).map(([key, value]) => `, '${key}' = '${value.replaceAll("'", "''")}'`);
  const sql = `CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', 'path' = 'input/t.csv', 'format' = 'csv'${extra.join('')});
SELECT ${names} FROM t;
`;
  return { name, sql, files: { 't.csv': file } };
}
