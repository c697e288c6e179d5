import type { FunctionFamily } from './function-entry.ts';

export const ARRAYS: FunctionFamily = {
  title: 'Arrays',
  intro: 'Positions count from 1. NULL elements equal each other.',
  entries: [
    { definition: 'ARRAY', calls: ['ARRAY[a, b, …]'], result: 'ARRAY of the common type', example: 'ARRAY[1, 2]' },
    {
      definition: 'ITEM',
      calls: ['array[n]', 'map[key]'],
      result: 'type of the element or value',
      example: "ARRAY['a', 'b'][2]",
    },
    { calls: ['CARDINALITY(collection)'], example: 'CARDINALITY(ARRAY[1, 2, 3])' },
    { calls: ['ELEMENT(array)'], result: 'type of the element', example: 'ELEMENT(ARRAY[7])' },
    { calls: ['ARRAY_CONTAINS(array, value)'], example: "ARRAY_CONTAINS(ARRAY['a', 'b'], 'b')" },
    { calls: ['ARRAY_POSITION(array, value)'], example: "ARRAY_POSITION(ARRAY['a', 'b'], 'b')" },
    { calls: ['ARRAY_APPEND(array, value)'], result: 'type of `array`', example: 'ARRAY_APPEND(ARRAY[1, 2], 3)' },
    { calls: ['ARRAY_PREPEND(array, value)'], result: 'type of `array`', example: 'ARRAY_PREPEND(ARRAY[1, 2], 3)' },
    { calls: ['ARRAY_REMOVE(array, value)'], result: 'type of `array`', example: 'ARRAY_REMOVE(ARRAY[1, 2, 1], 1)' },
    {
      calls: ['ARRAY_CONCAT(a, b, …)'],
      result: 'common type of the arrays',
      example: 'ARRAY_CONCAT(ARRAY[1, 2], ARRAY[2])',
    },
    {
      calls: ['ARRAY_UNION(a, b)'],
      result: 'common type of the arrays',
      example: 'ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])',
    },
    {
      calls: ['ARRAY_EXCEPT(a, b)'],
      result: 'common type of the arrays',
      example: 'ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2, 3])',
    },
    {
      calls: ['ARRAY_INTERSECT(a, b)'],
      result: 'common type of the arrays',
      example: 'ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2, 3])',
    },
    { calls: ['ARRAY_DISTINCT(array)'], result: 'type of `array`', example: 'ARRAY_DISTINCT(ARRAY[1, 2, 1])' },
    { calls: ['ARRAY_REVERSE(array)'], result: 'type of `array`', example: 'ARRAY_REVERSE(ARRAY[1, 2, 3])' },
    {
      calls: ['ARRAY_SORT(array [, ascending [, nulls_first]])'],
      result: 'type of `array`',
      example: 'ARRAY_SORT(ARRAY[2, 3, 1], FALSE)',
    },
    {
      calls: ['ARRAY_SLICE(array, from [, to])'],
      result: 'type of `array`',
      example: 'ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)',
    },
    { calls: ['ARRAY_MAX(array)'], result: 'type of the element', example: 'ARRAY_MAX(ARRAY[1, 3, 2])' },
    { calls: ['ARRAY_MIN(array)'], result: 'type of the element', example: 'ARRAY_MIN(ARRAY[3, 1, 2])' },
    { calls: ['ARRAY_JOIN(array, separator [, for_null])'], example: "ARRAY_JOIN(ARRAY['a', 'b'], '-')" },
  ],
};

export const MAPS: FunctionFamily = {
  title: 'Maps and rows',
  intro:
    'A field of a ROW is `row.field`. The keys of a map keep the order in which they were inserted, [other than in Flink](language-differences.md#intended-differences).',
  entries: [
    {
      definition: 'MAP',
      calls: ['MAP[key, value, …]'],
      result: 'MAP of the common types',
      example: "MAP['a', 1, 'b', 2]",
    },
    { calls: ['MAP_KEYS(map)'], result: 'ARRAY of the keys’ type', example: "MAP_KEYS(MAP['a', 1, 'b', 2])" },
    { calls: ['MAP_VALUES(map)'], result: 'ARRAY of the values’ type', example: "MAP_VALUES(MAP['a', 1, 'b', 2])" },
    { calls: ['MAP_ENTRIES(map)'], result: 'ARRAY of ROW<key, value>', example: "MAP_ENTRIES(MAP['a', 1])" },
    {
      calls: ['MAP_FROM_ARRAYS(keys, values)'],
      result: 'MAP of the elements’ types',
      example: "MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2])",
    },
    {
      calls: ['MAP_UNION(a, b, …)'],
      result: 'common type of the maps',
      example: "MAP_UNION(MAP['a', 1], MAP['a', 2, 'b', 3])",
    },
    { calls: ['STR_TO_MAP(text [, pairs [, key_value]])'], example: "STR_TO_MAP('a=1,b=2')" },
    { definition: 'ROW', calls: ['ROW(a, b, …)', '(a, b, …)'], result: 'ROW of the types', example: "ROW(1, 'a')" },
  ],
};
