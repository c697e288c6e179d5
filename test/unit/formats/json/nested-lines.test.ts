import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import {
  BIGINT,
  type DataType,
  DOUBLE,
  decimal,
  type Field,
  INT,
  STRING,
  timestampLtz,
} from '../../../../src/core/data-type.ts';
import { JsonCursor } from '../../../../src/formats/json/json-cursor.ts';
import { JsonDecoder } from '../../../../src/formats/json/json-decoder.ts';
import { STRICT_JSON } from '../../../../src/formats/json/json-options.ts';

const fieldsOf = (types: Readonly<Record<string, DataType>>): Field[] =>
  Object.entries(types).map(([name, type]) => ({ name, type }));
const row = (types: Readonly<Record<string, DataType>>): DataType => ({
  kind: 'row',
  nullable: true,
  fields: fieldsOf(types),
});

const TYPES = {
  type: STRING,
  id: BIGINT,
  data: row({ a: INT, name: STRING, deep: row({ price: decimal(10, 2), rate: DOUBLE }) }),
  at: timestampLtz(3),
};

/**
 * Decodes lines. Returns the rows, the malformed lines, and how many keys the exact reader read.
 */
function decode(lines: readonly string[], types: Readonly<Record<string, DataType>>, options = STRICT_JSON) {
  const malformed: string[] = [];
  const decoder = new JsonDecoder(fieldsOf(types), 64, (reason) => malformed.push(reason), options);
  const keys = mock.method(JsonCursor.prototype, 'scanKey');
  const read = (text: string): unknown[] => {
    const buffer = Buffer.from(text);
    const rows: unknown[] = [];
    for (let at = 0; at < buffer.length; ) {
      const { batch, next } = decoder.decode(buffer, at, buffer.length, 64);
      for (let i = 0; i < batch.size; i++) rows.push(batch.columns.map((column) => column.get(i)));
      at = next;
    }
    return rows;
  };
  const text = lines.map((line) => `${line}\n`).join('');
  try {
    read(lines[0] === undefined ? '' : text);
    malformed.length = 0;
    keys.mock.resetCalls();
    return { rows: read(text), malformed, exactKeys: keys.mock.callCount() };
  } finally {
    keys.mock.restore();
  }
}

const FULL =
  '{"type":"x","id":1,"data":{"a":2,"name":"n","deep":{"price":1.50,"rate":0.5}},"at":"2026-01-01 00:00:00Z"}';
const AT = Date.UTC(2026, 0, 1);

describe('nested JSON lines', () => {
  it('are read by the scanner whatever fields they have, and in any order', () => {
    const { rows, exactKeys } = decode(
      [
        FULL,
        '{"id":2,"type":"y"}',
        '{"data":null,"type":"z","id":3}',
        '{"data":{"deep":null,"more":[1,{"a":"}"}],"a":5},"id":4,"trace":{"x":{}},"type":"w"}',
        '{"type":"v","data":{},"source":["a",1.5e3,null],"id":5,"at":null}',
        '{"type": "u", "id": 6, "data": {"deep": {"rate": 1}}}',
      ],
      TYPES,
    );
    assert.deepEqual(rows, [
      ['x', 1, [2, 'n', [150, 0.5]], AT],
      ['y', 2, null, null],
      ['z', 3, null, null],
      ['w', 4, [5, null, null], null],
      ['v', 5, [null, null, null], null],
      ['u', 6, [null, null, [null, 1]], null],
    ]);
    assert.equal(exactKeys, 0);
  });

  it('may have escapes, exponents, large numbers and objects in text columns', () => {
    const { rows, exactKeys } = decode(
      [
        FULL,
        '{"type":"a\\n\\u00e4","id":9007199254740993,"data":{"a":1e2,"name":{"k":[1, 2.50]},"deep":{"price":"3.1","rate":1E-3}}}',
        '{"type":7,"id":"8","data":{"a":2.9,"name":true,"deep":{"price":12345678901,"rate":"1.5"}}}',
      ],
      TYPES,
    );
    assert.deepEqual(rows.slice(1), [
      ['a\nä', 9007199254740993n, [100, '{"k":[1,2.5]}', [310, 0.001]], null],
      ['7', 8, [2, 'true', [null, 1.5]], null],
    ]);
    // The key inside the text column.
    assert.equal(exactKeys, 1);
  });

  it('use up a column for each known key, also if it occurs twice', () => {
    const { rows } = decode(
      [
        FULL,
        '{"id":1,"id":2,"type":"x","data":{"a":1,"a":2,"name":"n","deep":null}}',
        '{"type":"x","type":"y","id":1,"id":2,"data":{}}',
        '{"x":1,"x":2,"id":3}',
      ],
      TYPES,
    );
    assert.deepEqual(rows.slice(1), [
      ['x', 2, [2, 'n', null], null],
      ['y', 2, null, null],
      [null, 3, null, null],
    ]);
  });

  it('are malformed if an unread value is malformed', () => {
    const bad = ['[1,]', '{"a" 1}', '{"a":tru}', '{"a":"\\x"}', '[01]', '{"a":1]', '"\\u12g4"', '1.', '{"a":{}', '-'];
    // With many unread members, the scanner skips them in another way.
    const many = Array.from({ length: 20 }, (_, i) => `,"k${i}":${i}`).join('');
    for (const others of ['', many]) {
      const lines = bad.map((value) => `{"id":1,"unread":${value},"type":"x"${others}}`);
      const first = `{"id":1,"unread":0,"type":"x"${others}}`;
      const { rows, malformed } = decode([first, ...lines, first], TYPES);
      assert.equal(rows.length, 2);
      assert.equal(malformed.length, bad.length);
    }
  });

  it('get NULL for a field that does not fit if errors are ignored, and nothing else changes', () => {
    const { rows } = decode(
      [FULL, FULL.replace('"a":2', '"a":"x"'), FULL.replace('{"price":1.50,"rate":0.5}', '5')],
      TYPES,
      {
        ...STRICT_JSON,
        ignoreErrors: true,
      },
    );
    assert.deepEqual(rows, [
      ['x', 1, [2, 'n', [150, 0.5]], AT],
      ['x', 1, [null, 'n', [150, 0.5]], AT],
      ['x', 1, [2, 'n', null], AT],
    ]);
  });

  it('name the field of a ROW that is missing if each field must be there', () => {
    const { rows, malformed } = decode([FULL, FULL.replace('"name":"n",', ''), FULL], TYPES, {
      ...STRICT_JSON,
      failOnMissing: true,
    });
    assert.equal(rows.length, 2);
    assert.match(malformed[0]!, /2 of the 3 fields/);
  });

  it('may have many unread members', () => {
    const unread = Array.from(
      { length: 40 },
      (_, i) => `"k${i}":${i % 3 === 0 ? `"t${i}"` : i % 3 === 1 ? i : `{"x":[${i}]}`}`,
    );
    const line = (id: number, members: readonly string[]): string => `{"id":${id},${members.join(',')},"type":"x"}`;
    const { rows, exactKeys } = decode(
      [
        line(1, unread),
        line(2, unread.toReversed()),
        line(
          3,
          unread.filter((_, i) => i % 2 === 0),
        ),
      ],
      { id: BIGINT, type: STRING },
    );
    assert.deepEqual(rows, [
      [1, 'x'],
      [2, 'x'],
      [3, 'x'],
    ]);
    assert.equal(exactKeys, 0);
  });
});
