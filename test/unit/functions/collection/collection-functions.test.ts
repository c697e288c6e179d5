import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataType, INT, STRING } from '../../../../src/core/data-type.ts';
import { call, checkRecorded, typed } from '../../../support/call-function.ts';

const ints: DataType = { kind: 'array', element: INT, nullable: true };
const texts: DataType = { kind: 'array', element: STRING, nullable: true };
const XS = typed(ints, [3, 1, null, 2, 3]);
const SS = typed(texts, ['b', 'a', null]);
const NONE = typed(INT, null);
const MAP = typed({ kind: 'map', key: STRING, value: INT, nullable: true }, new Map([['k', 1]]));

test('functions on arrays', () => {
  checkRecorded([
    ['ARRAY_CONTAINS', [XS, NONE], true],
    ['ARRAY_CONTAINS', [typed(ints, null), 3], null],
    ['ARRAY_CONTAINS', [XS, 'a'], { refused: 'expects a INT as argument 2, got STRING' }],
    ['ARRAY_DISTINCT', [XS], [3, 1, null, 2]],
    ['ARRAY_POSITION', [XS, 3], 1],
    ['ARRAY_POSITION', [XS, NONE], null],
    ['ARRAY_CONCAT', [XS, typed(ints, [9])], [3, 1, null, 2, 3, 9]],
    ['ARRAY_SORT', [XS], [null, 1, 2, 3, 3]],
    ['ARRAY_SORT', [XS, false], [3, 3, 2, 1, null]],
    ['ARRAY_SORT', [XS, true, false], [1, 2, 3, 3, null]],
    ['ARRAY_MAX', [XS], 3],
    ['ARRAY_MIN', [XS], 1],
    ['ARRAY_SLICE', [XS, -2], [2, 3]],
    ['ARRAY_SLICE', [XS, 0, 2], [3, 1]],
    ['ARRAY_SLICE', [XS, 2, -1], [1, null, 2, 3]],
    ['ARRAY_SLICE', [XS, 3, 2], []],
    ['ARRAY_JOIN', [SS, '+'], 'b+a'],
    ['ARRAY_JOIN', [SS, '+', '?'], 'b+a+?'],
    ['ARRAY_REMOVE', [XS, NONE], [3, 1, 2, 3]],
    ['ARRAY_APPEND', [XS, NONE], [3, 1, null, 2, 3, null]],
    ['ARRAY_UNION', [XS, typed(ints, [5, 3])], [3, 1, null, 2, 5]],
    ['ARRAY_EXCEPT', [XS, typed(ints, [3])], [1, null, 2]],
    ['ARRAY_INTERSECT', [XS, typed(ints, [3, 1])], [3, 1]],
  ]);
});

test('construction and access', () => {
  checkRecorded([
    ['ARRAY', [1, 2], [1, 2]],
    ['ARRAY', [1, 'a'], { refused: 'expects values of one type, got INT, STRING' }],
    ['MAP', ['a', 1, 'a', 2], new Map([['a', 2]])],
    ['ROW', [1, 'x'], [1, 'x']],
    ['ITEM', [XS, 1], 3],
    ['ITEM', [XS, 9], null],
    ['ITEM', [XS, 0], { refused: "an array's index starts at 1, got 0" }],
    ['ITEM', [MAP, 'k'], 1],
    ['ITEM', [MAP, 'q'], null],
    ['CARDINALITY', [XS], 5],
    ['MAP_KEYS', [MAP], ['k']],
    ['MAP_ENTRIES', [MAP], [['k', 1]]],
    [
      'STR_TO_MAP',
      ['a=1,b'],
      new Map([
        ['a', '1'],
        ['b', null],
      ]),
    ],
    [
      'STR_TO_MAP',
      ['a:1;b:2', ';', ':'],
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    ],
  ]);
  assert.throws(() => call('ELEMENT', [XS]), /more than one element/);
  assert.throws(() => call('MAP_FROM_ARRAYS', [XS, SS]), /5 keys but 3 values/);
});
