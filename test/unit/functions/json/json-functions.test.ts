import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOOLEAN, DOUBLE, INT, STRING, timestamp } from '../../../../src/core/data-type.ts';
import { call, checkRecorded, type Recorded, typed } from '../../../support/call-function.ts';

const JSON_TEXT = '{"a":1,"b":[1,2],"c":{"x":"y"},"n":null}';
const value = (text: string | null, path: string, answer: unknown): Recorded => [
  'JSON_VALUE',
  [text, path, 'NULL', null, 'NULL', null, 'STRING'],
  answer,
];

test('JSON_VALUE', () => {
  checkRecorded([
    value(JSON_TEXT, '$.a', '1'),
    value(JSON_TEXT, '$.c', null),
    value(JSON_TEXT, '$.n', null),
    value(JSON_TEXT, '$.b[-1]', '2'),
    value(JSON_TEXT, '$["a"]', '1'),
    value(JSON_TEXT, '$.b.length()', '2'),
    value(JSON_TEXT, '$..x', null),
    value('{"a":1.50}', '$.a', '1.50'),
    value('{"a":1e3}', '$.a', '1E+3'),
    value('{"a":9007199254740993}', '$.a', '9007199254740993'),
    value('not json', '$.a', null),
    value(null, '$.a', null),
    ['JSON_VALUE', [JSON_TEXT, 'lax $.zz', 'DEFAULT', 'none', 'NULL', null, 'STRING'], 'none'],
    ['JSON_VALUE', [JSON_TEXT, '$.zz', 'DEFAULT', 'none', 'NULL', null, 'STRING'], null],
    ['JSON_VALUE', ['not json', '$.a', 'NULL', null, 'DEFAULT', 'bad', 'STRING'], 'bad'],
    ['JSON_VALUE', ['{"i":7}', '$.i', 'NULL', null, 'NULL', null, 'INT'], 7],
    [
      'JSON_VALUE',
      [JSON_TEXT, '$.b[?(@ > 1)]', 'NULL', null, 'NULL', null, 'STRING'],
      {
        refused: "filters are not supported in the JSON path '$.b[?(@ > 1)]'",
      },
    ],
  ]);
  assert.throws(
    () => call('JSON_VALUE', ['{"a":"7"}', '$.a', 'NULL', null, 'DEFAULT', -2, 'INT']),
    /cannot be returned as INT/,
  );
});

test('JSON_QUERY', () => {
  const query = (text: string, path: string, wrapper: string, answer: unknown): Recorded => [
    'JSON_QUERY',
    [text, path, wrapper, 'NULL', 'NULL'],
    answer,
  ];
  const list = '{"x":[{"y":1},{"y":2}]}';
  checkRecorded([
    query(list, '$.x[*].y', 'WITHOUT', '[1,2]'),
    query(list, '$.x[*].y', 'UNCONDITIONAL', '[[1,2]]'),
    query(list, '$..y', 'WITHOUT', '[1,2]'),
    query('{"x":[1,2,3]}', '$.x[0:2]', 'WITHOUT', '[1,2]'),
    query('{"x":[1,2,3]}', '$.x[0,2]', 'WITHOUT', '[1,3]'),
    query('{"x":1}', '$.x', 'WITHOUT', null),
    query('{"x":1}', '$.x', 'CONDITIONAL', '[1]'),
    query('{"x":{"a":1}}', '$.x', 'CONDITIONAL', '[{"a":1}]'),
    query('{"x":[1]}', '$.x', 'CONDITIONAL', '[1]'),
    query('{"a":1.50}', '$.a', 'UNCONDITIONAL', '[1.50]'),
    query('{"b":[]}', '$.b.c[*]', 'CONDITIONAL', null),
    ['JSON_QUERY', ['{"x":1}', '$.y', 'WITHOUT', 'EMPTY ARRAY', 'NULL'], null],
    ['JSON_QUERY', ['bad', '$.y', 'WITHOUT', 'NULL', 'EMPTY ARRAY'], '[]'],
  ]);
});

test('JSON_EXISTS and IS JSON', () => {
  checkRecorded([
    ['JSON_EXISTS', [JSON_TEXT, '$.a', 'FALSE'], true],
    ['JSON_EXISTS', [JSON_TEXT, '$.n', 'FALSE'], false],
    ['JSON_EXISTS', ['bad', '$.x', 'TRUE'], true],
    ['JSON_EXISTS', ['bad', 'lax $.x', 'UNKNOWN'], false],
    ['JSON_EXISTS', [JSON_TEXT, 'strict $.y', 'UNKNOWN'], null],
    ['IS JSON', [null, 'VALUE'], false],
    ['IS JSON', ['', 'VALUE'], false],
    ['IS JSON', ['01', 'VALUE'], false],
    ['IS JSON', ['{"a":1} x', 'VALUE'], true],
    ['IS JSON', ['{"a":1', 'VALUE'], false],
    ['IS JSON', ['"a"', 'SCALAR'], true],
    ['IS JSON', ['[1]', 'ARRAY'], true],
  ]);
});

test('building', () => {
  const time = typed(timestamp(3), 1709633472345);
  const flag = typed({ ...BOOLEAN, nullable: true }, null);
  checkRecorded([
    ['JSON_OBJECT', ['NULL', 'id', 1, 'v', typed(INT, null), 'a', true], '{"a":true,"id":1,"v":null}'],
    ['JSON_OBJECT', ['ABSENT', 'v', flag], '{}'],
    ['JSON_OBJECT', ['NULL', 'q', 'a"b\\c'], '{"q":"a\\"b\\\\c"}'],
    ['JSON_OBJECT', ['NULL', 't', time, 'd', typed(DOUBLE, 2.75)], '{"d":2.75,"t":"2024-03-05T10:11:12.345"}'],
    ['JSON_OBJECT', ['NULL', 'in', typed(STRING, call('JSON', ['{"k":1}']))], '{"in":{"k":1}}'],
    ['JSON_ARRAY', ['ABSENT', 1, typed(INT, null), 'x'], '[1,"x"]'],
    ['JSON_STRING', ['a'], '"a"'],
    ['JSON_QUOTE', ['a"b/ä'], '"a\\"b\\/\\u00e4"'],
    ['JSON_UNQUOTE', ['"a\\u00e4\\n"'], 'aä\n'],
    ['JSON_UNQUOTE', ['"bad'], '"bad'],
  ]);
});
