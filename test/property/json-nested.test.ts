/**
 * Tests that the scanner gives the same rows as the exact reader for nested lines whose fields are
 * missing, additional, repeated, in another order, of another type, or malformed. A new decoder has
 * learned no keys, so it reads its first line exactly.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Vector } from '../../src/batch/vector.ts';
import {
  BIGINT,
  BOOLEAN,
  type DataType,
  DOUBLE,
  decimal,
  type Field,
  INT,
  STRING,
  timestamp,
  timestampLtz,
} from '../../src/core/data-type.ts';
import { byteRanges } from '../../src/formats/byte-ranges.ts';
import { JsonDecoder } from '../../src/formats/json/json-decoder.ts';
import { type JsonOptions, STRICT_JSON } from '../../src/formats/json/json-options.ts';

const row = (fields: Record<string, DataType>): DataType => ({
  kind: 'row',
  nullable: true,
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

const INNER = { a: BIGINT, s: STRING, t: timestamp(3), deep: row({ a: INT, s: STRING, f: BOOLEAN, n: decimal(6, 3) }) };
const FIELDS: readonly Field[] = Object.entries({
  id: BIGINT,
  op: STRING,
  before: row(INNER),
  after: row(INNER),
  price: decimal(10, 2),
  wide: decimal(30, 2),
  rate: DOUBLE,
  list: { kind: 'array', element: INT, nullable: true } as DataType,
  at: timestamp(6),
  utc: timestampLtz(3),
  raw: STRING,
}).map(([name, type]) => ({ name, type }));

const OPTIONS: readonly JsonOptions[] = [
  STRICT_JSON,
  { ...STRICT_JSON, ignoreErrors: true },
  { ...STRICT_JSON, failOnMissing: true },
  { ...STRICT_JSON, iso: true },
];

interface Result {
  readonly rows: readonly unknown[][];
  /** The reason and the raw bytes of each malformed record. */
  readonly malformed: readonly (readonly [reason: string, record: string])[];
}

/** A value. The vectors of a row's fields must agree with the row. */
function readValue(vector: Vector, i: number): unknown {
  const value = vector.get(i);
  if (vector.kind === 'row') {
    const fields = Array.isArray(value) ? (value as unknown[]) : null;
    for (let index = 0; index < vector.size; index++) {
      assert.deepEqual(readValue(vector.field(index), i), fields === null ? null : fields[index]);
    }
  }
  return value;
}

const shown = (buffer: Buffer, start: number, end: number): string => buffer.toString('latin1', start, end);

/** Decodes lines in parts. Each part ends with the last line that is complete at one of `cuts`. */
function decodeLines(lines: readonly Buffer[], options: JsonOptions, maxRows: number, cuts: readonly number[]): Result {
  const buffer = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const malformed: [string, string][] = [];
  const decoder = new JsonDecoder(
    FIELDS,
    maxRows,
    (reason, bytes, start, end) => malformed.push([reason, shown(bytes, start, end)]),
    options,
  );
  const rows: unknown[][] = [];
  let at = 0;
  for (const cut of [...cuts, buffer.length]) {
    const to = decoder.endOfLines(buffer, at, Math.max(cut, at));
    for (let taken = 0; at < to; ) {
      const decoded = decoder.decode(buffer, at, to, maxRows, taken);
      for (let r = 0; r < decoded.batch.size; r++) rows.push(decoded.batch.columns.map((c) => readValue(c, r)));
      at = decoded.next;
      taken = decoded.taken ?? 0;
    }
  }
  return { rows, malformed };
}

function decodeRecords(lines: readonly Buffer[], options: JsonOptions, maxRows: number): Result {
  const values = byteRanges(lines.map((line) => line as Uint8Array));
  const malformed: [string, string][] = [];
  const decoder = new JsonDecoder(
    FIELDS,
    maxRows,
    (reason, bytes, start, end) => malformed.push([reason, shown(bytes, start, end)]),
    options,
  );
  const rows: unknown[][] = [];
  for (let from = 0, taken = 0; from < values.count; ) {
    const decoded = decoder.decodeValues(values, from, maxRows, taken);
    for (let r = 0; r < decoded.batch.size; r++) rows.push(decoded.batch.columns.map((c) => readValue(c, r)));
    from = decoded.next;
    taken = decoded.taken ?? 0;
  }
  return { rows, malformed };
}

/** Decodes each line separately with a new decoder. */
function reference(lines: readonly Buffer[], options: JsonOptions): Result {
  const each = lines.map((line) => decodeLines([line], options, 64, []));
  return { rows: each.flatMap((r) => r.rows), malformed: each.flatMap((r) => r.malformed) };
}

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: rare });
const text = often(
  fc.stringMatching(/^[a-z é]{0,6}$/).map((s) => JSON.stringify(s)),
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }).map((s) => JSON.stringify(s)),
    fc.constantFrom('"\\u00e4\\n"', '"a\\/b"', '"\t"', '"\\ud83d"', '"\\x"', '"\\u12g4"', '"x', '"\ufffd"', '"\\""'),
  ),
);
const integer = often(
  fc.integer({ min: -999, max: 99999 }).map(String),
  fc.constantFrom('9007199254740993', '9223372036854775808', '-0', '1e2', '1.5', '07', '2147483648', '"12"', '-'),
);
const number = often(
  fc.integer({ min: -99999, max: 99999 }).map((n) => String(n / 100)),
  fc.constantFrom(
    '637.00',
    '1e400',
    '-0.0',
    '1.',
    '123456789012.34',
    '12345678901234567890.5',
    '0.1234567',
    '"1.5"',
    '999.9995',
    '-0',
    '1000',
    '-0.001',
  ),
);
const time = often(
  fc.nat(99999).map((n) => `"${new Date(1767225600000 + n * 7).toISOString().slice(0, 23).replace('T', ' ')}"`),
  fc.constantFrom('"2026-01-01T00:00:00"', '"2026-02-30 00:00:00"', '"2026-01-01 00:00:00.1234567"', '"2026"', '""'),
);
const bool = fc.constantFrom('true', 'false');
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const odd = fc.constantFrom(
  ...['{}', '[]', '[1, {"z":"}"}]', '{"k":[1,{"z":"}\\""}],"l":null}', 'null', 'tru', '[1,]', '{"a"}', '{"a":1,}'],
  ...[
    '[1}',
    '{"a":{"b":[true,false,1.5e3,"x"]}}',
    '1',
    '"x"',
    nested(29),
    nested(31),
    nested(1001),
    '[\t1]',
    '[ 1 , 2 ]',
  ],
  ...['{"a":1,"a":2}', '{"a":1,"s":"x","a":2,"deep":{"a":1,"a":2}}', '"\ufffd"', '{"\\u0061":5}', '{"s":"a\\nb"}'],
);

interface Shape {
  readonly [key: string]: fc.Arbitrary<string>;
}

/** Members in the usual order, or with some left out, added, repeated or moved. */
function object(shape: Shape, strange: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const names = Object.keys(shape);
  const blank = often(fc.constant(''), fc.constantFrom(' ', '  ', '\t'));
  const usual = fc.subarray(names, { minLength: Math.max(0, names.length - 2) });
  const other = fc.array(fc.constantFrom(...names, 'x', 'y', 'é', 'a"b', 'a\\b', '__proto__', 'toString'), {
    maxLength: 7,
  });
  const repeated = fc.tuple(usual, fc.constantFrom(...names)).map(([keys, key]) => [...keys, key]);
  return fc.tuple(often(usual, fc.oneof(other, repeated)), blank, blank, blank).chain(([keys, before, after, end]) =>
    fc.tuple(...keys.map((key) => often(Object.hasOwn(shape, key) ? shape[key]! : strange, odd))).map((values) => {
      const members = values.map((value, i) => `${JSON.stringify(keys[i])}:${after}${value}`);
      return `{${end}${members.join(`${before},${after}`)}}`;
    }),
  );
}

const deep = object({ a: integer, s: text, f: bool, n: number }, odd);
const inner = fc.oneof(
  { weight: 5, arbitrary: object({ a: integer, s: text, t: time, deep }, odd) },
  { weight: 1, arbitrary: fc.constant('null') },
);
const unread = fc.oneof(
  deep,
  fc.array(deep, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
);
/** Enough unread members that the scanner skips them by calls. */
const others = Object.fromEntries(
  Array.from({ length: 13 }, (_, i) => [`other ${i}`, i === 0 ? unread : fc.oneof(text, integer, number)]),
);
const envelope = object(
  {
    ...others,
    id: integer,
    source: unread,
    op: text,
    before: inner,
    after: inner,
    price: number,
    wide: number,
    rate: number,
    list: fc.array(integer, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    at: time,
    utc: often(
      time.map((t) => `${t.slice(0, -1)}Z"`),
      time,
    ),
    raw: fc.oneof(text, unread, integer),
    more: unread,
  },
  odd,
);
const tail = often(fc.constant(''), fc.constantFrom(' ', '\r', 'x', '}', ',{}', '\t'));
const several = fc.array(envelope, { maxLength: 3 }).map((items) => `[${items.join(',')}]`);
const line = fc
  .record({
    body: often(envelope, fc.oneof(several, fc.constantFrom('', ' ', '{', '[]', '1', 'null'))),
    tail,
    cut: often(fc.constant(null), fc.nat(300)),
    bad: often(fc.constant(null), fc.tuple(fc.nat(300), fc.integer({ min: 0x80, max: 0xff }))),
  })
  .map((drawn): Buffer => {
    const whole = Buffer.from((drawn.body + drawn.tail).replaceAll('\n', ' '));
    const bytes = drawn.cut === null ? whole : whole.subarray(0, drawn.cut);
    if (drawn.bad !== null && drawn.bad[0] < bytes.length) bytes[drawn.bad[0]] = drawn.bad[1];
    return bytes;
  });

const withIsoTimes = (record: Buffer): Buffer =>
  Buffer.from(record.latin1Slice().replaceAll(/(\d-\d\d) (\d\d:)/g, '$1T$2'), 'latin1');

it('gives the same rows as the exact reader for nested lines of any layout', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(...OPTIONS),
      fc.constantFrom(1, 7, 4096),
      (drawn, options, maxRows) => {
        const lines = options.iso ? drawn.map(withIsoTimes) : drawn;
        const expected = reference(lines, options);
        assert.deepEqual(decodeLines(lines, options, maxRows, []), expected);
        assert.deepEqual(
          decodeRecords(lines, options, maxRows),
          reference(
            lines.filter((l) => l.length > 0),
            options,
          ),
        );
      },
    ),
    { numRuns: 300 },
  );
});

it('gives the same rows wherever the input is cut', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 3, maxLength: 4 }), (lines) => {
      const expected = reference(lines, STRICT_JSON);
      const size = lines.reduce((sum, l) => sum + l.length + 1, 0);
      for (let cut = 0; cut < size; cut++) {
        assert.deepEqual(decodeLines(lines, STRICT_JSON, 64, [cut]), expected);
      }
    }),
    { numRuns: 2 },
  );
});
