/**
 * Tests that the scanner gives the same result as the exact reader for any line: values, NULLs, and
 * whether the line is malformed. Earlier lines do not matter. The exact reader gives what
 * JSON.parse gives.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { BIGINT, BOOLEAN, DOUBLE, decimal, type Field, INT, STRING, timestamp } from '../../src/core/data-type.ts';
import { parseJsonExactly } from '../../src/core/exact-json.ts';
import { byteRanges } from '../../src/formats/byte-ranges.ts';
import { JsonDecoder } from '../../src/formats/json/json-decoder.ts';
import { scannerSource } from '../../src/formats/json/scanner-code.ts';
import { readJsonValue } from '../../src/formats/json-value.ts';

const FIELDS: readonly Field[] = [
  { name: 'b', type: BIGINT },
  { name: 'i', type: INT },
  { name: 'd', type: DOUBLE },
  { name: 's', type: STRING },
  { name: 't', type: timestamp(3) },
  { name: 'f', type: BOOLEAN },
];

/**
 * Returns the expected result of a line: the row, or malformed. A new decoder has no layout, so it
 * reads the line exactly. Where JSON.parse accepts the line, and no key occurs twice, it must give
 * the same row.
 */
function reference(line: string, fields: readonly Field[]): unknown[] | 'malformed' | 'blank' {
  if (/^[ \t\r]*$/.test(line)) return 'blank';
  const { rows, malformed } = decodeAll([line], fields, 1);
  const exact = malformed === 1 ? 'malformed' : rows[0]!;
  const parsed = parsedRow(line, fields);
  if (parsed !== null) assert.deepEqual(exact, parsed);
  return exact;
}

function parsedRow(line: string, fields: readonly Field[]): unknown[] | 'malformed' | null {
  let parsed: Record<string, unknown>;
  try {
    parsed = parseJsonExactly(line) as unknown as Record<string, unknown>;
  } catch {
    return null;
  }
  if (Object.keys(parsed).length !== (line.match(/"(b|i|d|s|t|f|x|é|a\\"b|__proto__)"\s*:/g) ?? []).length) return null;
  try {
    return fields.map((f) => readJsonValue(f.type)((Object.hasOwn(parsed, f.name) ? parsed[f.name] : null) as never));
  } catch {
    return 'malformed';
  }
}

function decodeAll(
  lines: readonly string[],
  fields: readonly Field[],
  maxRows: number,
): { rows: unknown[][]; malformed: number } {
  const buffer = Buffer.from(lines.map((l) => `${l}\n`).join(''));
  let malformed = 0;
  const decoder = new JsonDecoder(fields, maxRows, () => {
    malformed++;
  });
  const rows: unknown[][] = [];
  for (let at = 0; at < buffer.length; ) {
    const { batch, next } = decoder.decode(buffer, at, buffer.length, maxRows);
    for (let r = 0; r < batch.size; r++) rows.push(batch.columns.map((c) => c.get(r)));
    assert.ok(next > at, 'progress');
    at = next;
  }
  return { rows, malformed };
}

/** Decodes the same records one by one, as a connector with messages passes them. */
function decodeAsValues(lines: readonly string[], fields: readonly Field[], maxRows: number) {
  const values = byteRanges(lines);
  const malformed: number[] = [];
  const decoder = new JsonDecoder(fields, maxRows, (_reason, _buffer, _start, _end, range) => malformed.push(range));
  const rows: (readonly [range: number, row: unknown[]])[] = [];
  for (let from = 0; from < values.count; ) {
    const { batch, ranges, next } = decoder.decodeValues(values, from, maxRows);
    for (let r = 0; r < batch.size; r++) rows.push([ranges[r]!, batch.columns.map((c) => c.get(r))]);
    from = next;
  }
  return { rows, malformed };
}

const number = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: -99999, max: 99999 }).map(String) },
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => JSON.stringify(v)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '07',
    '-03',
    '00',
    '-0.0',
    '1.50',
    '1e3',
    '1E-2',
    '01',
    '1.',
    '.5',
    '-',
    '+1',
    '9007199254740993',
    '2147483648',
    '0.1',
    '123456789012345.6',
    '1e400',
  ),
);
const text = fc.oneof(
  { weight: 10, arbitrary: fc.stringMatching(/^[a-z é]{0,6}$/).map((s) => JSON.stringify(s)) },
  fc.string({ unit: 'binary', maxLength: 8 }).map((s) => JSON.stringify(s)),
  fc.string({ maxLength: 8 }).map((s) => JSON.stringify(s)),
  fc.constantFrom('"\\u00e4"', '"\\ud83d\\ude00"', '"a\\/b"', '"\t"', '"é😀"', '"\\"', '"a"b"', "'x'", '"x'),
);
const time = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .nat(99999)
      .map((n) => `"${new Date(1767225600000 + n * 7).toISOString().slice(0, 23).replace('T', ' ')}"`),
  },
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59'), noInvalidDate: true })
    .map((d) => `"${d.toISOString().slice(0, 23).replace('T', ' ')}"`),
  fc.constantFrom(
    '"2026-01-01 00:00:00"',
    '"2026-01-01 00:00:00.5"',
    '"2026-01-01 00:00:00.1239"',
    '"2026-02-30 00:00:00"',
    '"2026-01-01 24:00:00"',
    '"2026-01-01T00:00:00"',
    '"2026-01-01 00:00:60"',
    '"2026-1-01 00:00:00"',
    '"2026-01-01 00:00:00."',
    '""',
  ),
);
const any = fc.oneof(
  number,
  text,
  time,
  fc.constantFrom('true', 'false', 'null', 'tru', '{}', '[]', '{"k":[1,{"z":"}"}]}', '[1,2]'),
);
const likely: Record<string, fc.Arbitrary<string>> = {
  b: number,
  i: number,
  d: number,
  s: text,
  t: time,
  f: fc.constantFrom('true', 'false', 'null'),
};
const value = (key: string) =>
  fc.oneof({ weight: 40, arbitrary: Object.hasOwn(likely, key) ? likely[key]! : any }, { weight: 1, arbitrary: any });
const blank = fc.constantFrom('', '', '', ' ', '  ', '\t', '\r');

const line = fc
  .record({
    keys: fc.oneof(
      { weight: 12, arbitrary: fc.constant(['b', 'i', 'd', 's', 't', 'f']) },
      {
        weight: 1,
        arbitrary: fc.array(fc.constantFrom('b', 'i', 'd', 's', 't', 'f', 'x', 'é', 'a"b', '__proto__'), {
          maxLength: 7,
        }),
      },
    ),
    blanks: fc.oneof(
      { weight: 8, arbitrary: fc.constant(['', '', '', '']) },
      { weight: 1, arbitrary: fc.array(blank, { minLength: 4, maxLength: 4 }) },
    ),
    cut: fc.oneof({ weight: 40, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(80) }),
    tail: fc.oneof({ weight: 12, arbitrary: fc.constant('') }, fc.constantFrom('}', ' ', '\r', 'x')),
  })
  .chain(({ keys, blanks, cut, tail }) =>
    fc.tuple(...(keys as string[]).map(value)).map((values) => {
      const body = (keys as string[])
        .map((k, i) => `${blanks[0]}${JSON.stringify(k)}${blanks[1]}:${blanks[2]}${values[i]}`)
        .join(`${blanks[3]},`);
      const whole = `{${body}}${tail}`;
      return (cut === null ? whole : whole.slice(0, cut)).replaceAll('\n', ' ');
    }),
  );

it('gives the same result as exact parsing', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 7, 4096), (lines, maxRows) => {
      const expected = lines.map((l) => reference(Buffer.from(l).toString(), FIELDS));
      const { rows, malformed } = decodeAll(lines, FIELDS, maxRows);
      assert.deepEqual(
        rows,
        expected.filter((e) => Array.isArray(e)),
      );
      assert.equal(malformed, expected.filter((e) => e === 'malformed').length);
      const values = decodeAsValues(lines, FIELDS, maxRows);
      assert.deepEqual(
        values.rows,
        expected.flatMap((e, range) => (Array.isArray(e) ? [[range, e]] : [])),
      );
      assert.deepEqual(
        values.malformed,
        expected.flatMap((e, range) => (e === 'malformed' ? [range] : [])),
      );
    }),
    { numRuns: 1500 },
  );
});

it('reads a value with line breaks as one record', () => {
  const values = ['{"b":1}', '{"b":2}', '{\n"b":3}', '{"b":4}\n', '{"b":5}\n{"b":6}', '', '{"b":7}'];
  const { rows, malformed } = decodeAsValues(values, [FIELDS[0]!], 64);
  assert.deepEqual(rows, [
    [0, [1]],
    [1, [2]],
    [2, [3]],
    [3, [4]],
    [4, [5]],
    [6, [7]],
  ]);
  assert.deepEqual(malformed, []);
});

it('reads only the wanted columns, in any order, with absent ones NULL', () => {
  const fields: readonly Field[] = [
    { name: 'zz', type: STRING },
    FIELDS[3]!,
    FIELDS[0]!,
    { name: 'x', type: decimal(20, 2) },
  ];
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const expected = lines.map((l) => reference(Buffer.from(l).toString(), fields));
      assert.deepEqual(
        decodeAll(lines, fields, 64).rows,
        expected.filter((e) => Array.isArray(e)),
      );
    }),
    { numRuns: 500 },
  );
});

it('generates source code of numbers and a fixed set of names only, for any keys', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 5 }), (keys) => {
      const kinds = ['long', 'text', 'double', 'boolean', 'timestamp', 'skip', 'int'] as const;
      const source = scannerSource(keys.map((k, i) => ({ keyBytes: Buffer.from(k), kind: kinds[i % kinds.length]! })));
      assert.match(
        source,
        /^(?:const|return|function|let|while|for|switch|case|break|continue|else|if|true|false|new|nulls|numbers|bits|starts|ends|hasNulls|view|length|getInt32|count|ms|set|[A-Z]\d*|[a-z]|\d+|[-+*/=!<>&|?:;,.(){}[\]\s])*$/,
      );
      assert.doesNotMatch(source, /["'`\\]/);
    }),
  );
});
