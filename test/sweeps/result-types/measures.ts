import { AGGREGATES } from './aggregates.ts';
import { COLUMNS } from './columns.ts';

/** Measures of a pattern: columns, navigation and aggregates of each type. */
export const measureExpressions = (): readonly string[] => [
  ...COLUMNS.flatMap(([name]) => [
    `A.${name}`,
    `A.${name}_n`,
    `LAST(B.${name}_n)`,
    `FIRST(B.${name}, 1)`,
    ...AGGREGATES.filter((call) => call.includes('$')).flatMap((call) =>
      ['', '_n'].map((end) => call.replace(/\$[a-z]+\d*/, `B.${name}${end}`).replaceAll('$', 'B.')),
    ),
  ]),
  'k',
  'i',
  'i_n',
  'COUNT(*)',
  'COUNT(B.*)',
  'COUNT(DISTINCT B.i)',
  'A.i + B.i',
  'A.i_n + B.i_n',
  'A.i + 1',
  'FIRST(A.i_n + 1)',
  'LAST(B.i_n, 1)',
  'COALESCE(B.i, 0)',
  'COALESCE(B.i_n, 0)',
  'SUM(B.i_n) + 1',
  'SUM(B.i_n * B.i_n)',
  'SUM(B.i_n * 2)',
  'AVG(B.d5_n * 2)',
  'A.s || B.s',
  'A.i > B.i',
  'CASE WHEN A.b THEN 1 END',
  'CAST(A.i AS STRING)',
  'MATCH_ROWTIME()',
  'MATCH_PROCTIME()',
  'CLASSIFIER()',
  'MATCH_NUMBER()',
  "'abc'",
  '1',
  '1.5',
];
