import type { FunctionFamily } from './function-entry.ts';

export const COMPARISONS: FunctionFamily = {
  title: 'Comparisons',
  intro: `Numbers of different types compare by value. A text literal beside a date or time is read as a date or time.
ARRAY, MAP, MULTISET and ROW values have no order: only \`=\` and \`<>\` accept them.`,
  entries: [
    { definition: '=', calls: ['a = b'], example: '1 = 1.0' },
    { definition: '<>', calls: ['a <> b', 'a != b'], note: '`!=` is *extended*.', example: "'a' <> 'b'" },
    { definition: '<', calls: ['a < b'], example: "DATE '2026-03-01' < '2026-03-02'" },
    { definition: '<=', calls: ['a <= b'], example: '2 <= 2' },
    { definition: '>', calls: ['a > b'], example: "'b' > 'a'" },
    { definition: '>=', calls: ['a >= b'], example: '1 >= CAST(NULL AS INT)' },
    {
      definition: '>=',
      calls: ['a [NOT] BETWEEN [SYMMETRIC] low AND high'],
      meaning: 'Whether `a >= low AND a <= high`. SYMMETRIC accepts the two bounds in either order.',
      example: '5 BETWEEN 1 AND 5',
    },
    {
      definition: '=',
      calls: ['a [NOT] IN (b, c, …)'],
      meaning: 'Whether `a` equals one of the values. NULL if none is equal and one of the values is NULL.',
      example: "'b' IN ('a', 'b')",
    },
    { definition: 'IS NULL', calls: ['a IS NULL'], example: 'CAST(NULL AS INT) IS NULL' },
    { definition: 'IS NOT NULL', calls: ['a IS NOT NULL'], example: "'' IS NOT NULL" },
    {
      definition: 'IS DISTINCT FROM',
      calls: ['a IS DISTINCT FROM b'],
      example: '1 IS DISTINCT FROM CAST(NULL AS INT)',
    },
    { definition: 'IS NOT DISTINCT FROM', calls: ['a IS NOT DISTINCT FROM b'], example: '1 IS NOT DISTINCT FROM 2' },
  ],
};

export const CONDITIONS: FunctionFamily = {
  title: 'Conditions',
  entries: [
    {
      definition: 'AND',
      result: 'BOOLEAN',
      calls: ['a AND b'],
      meaning: 'FALSE if one operand is FALSE. Otherwise NULL if one operand is NULL. Otherwise TRUE.',
      example: 'FALSE AND CAST(NULL AS BOOLEAN)',
    },
    {
      definition: 'OR',
      result: 'BOOLEAN',
      calls: ['a OR b'],
      meaning: 'TRUE if one operand is TRUE. Otherwise NULL if one operand is NULL. Otherwise FALSE.',
      example: 'FALSE OR CAST(NULL AS BOOLEAN)',
    },
    {
      definition: 'NOT',
      result: 'BOOLEAN',
      calls: ['NOT a'],
      meaning: 'TRUE for FALSE, FALSE for TRUE.',
      example: 'NOT FALSE',
    },
    { definition: 'IS TRUE', calls: ['a IS TRUE'], example: '(1 < 2) IS TRUE' },
    { definition: 'IS NOT TRUE', calls: ['a IS NOT TRUE'], example: 'CAST(NULL AS BOOLEAN) IS NOT TRUE' },
    { definition: 'IS FALSE', calls: ['a IS FALSE'], example: 'CAST(NULL AS BOOLEAN) IS FALSE' },
    { definition: 'IS NOT FALSE', calls: ['a IS NOT FALSE'], example: 'CAST(NULL AS BOOLEAN) IS NOT FALSE' },
    {
      definition: 'IS UNKNOWN',
      calls: ['a IS UNKNOWN'],
      example: 'CAST(NULL AS BOOLEAN) IS UNKNOWN',
    },
    { definition: 'IS NOT UNKNOWN', calls: ['a IS NOT UNKNOWN'], example: '(1 < 2) IS NOT UNKNOWN' },
    {
      definition: 'CASE',
      calls: ['CASE WHEN a THEN x … [ELSE y] END', 'CASE v WHEN a THEN x … [ELSE y] END'],
      result: 'common type of the results',
      meaning:
        'The result of the first condition that is TRUE, or of the first value equal to `v`. Without ELSE, NULL.',
      example: "CASE WHEN 5 > 9 THEN 'high' WHEN 5 > 3 THEN 'middle' ELSE 'low' END",
    },
    { calls: ['IF(condition, a, b)'], result: 'common type of `a` and `b`', example: "IF(5 > 3, 'yes', 'no')" },
    { calls: ['COALESCE(a, b, …)'], result: 'common type of the arguments', example: "COALESCE(NULL, 'x')" },
    { calls: ['IFNULL(a, b)'], result: 'common type of `a` and `b`', example: 'IFNULL(CAST(NULL AS INT), 0)' },
    { calls: ['NULLIF(a, b)'], result: 'type of `a`', example: 'NULLIF(5, 5)' },
    { calls: ['GREATEST(a, b, …)'], result: 'common type of the arguments', example: 'GREATEST(3, 7.5, 5)' },
    { calls: ['LEAST(a, b, …)'], result: 'common type of the arguments', example: "LEAST('pear', 'apple')" },
  ],
};

export const CONVERSIONS: FunctionFamily = {
  title: 'Conversions of types',
  intro: '[Types](types.md#casts) shows which type can become which.',
  entries: [
    {
      definition: 'CAST',
      calls: ['CAST(a AS type)'],
      result: 'the type in the call',
      meaning:
        'The value in another type. A value that does not fit fails the job, except that a DECIMAL with too many digits is NULL.',
      note: '[A text cast to DECIMAL](language-differences.md#intended-differences) differs from Flink.',
      example: "CAST('42' AS INT)",
    },
    {
      definition: 'TRY_CAST',
      calls: ['TRY_CAST(a AS type)'],
      result: 'the type in the call',
      meaning: 'As CAST, but a value that does not fit is NULL.',
      example: "TRY_CAST('many' AS INT)",
    },
    { calls: ['TYPEOF(a)'], example: 'TYPEOF(1.50)' },
  ],
};
