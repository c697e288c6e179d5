import { findAggregate } from '../../../src/functions/aggregates/registry.ts';
import type { FunctionFamily } from './function-entry.ts';

const ROWS = "(VALUES ('a', 3), ('b', 5), ('a', 4), ('c', CAST(NULL AS INT))) AS sales (name, n)";

const CHANGES =
  '[Over a view that changes](language-differences.md#intended-differences) it may send more changes than Flink.';

const DIGITS = '[In a window the last digits may differ from Flink.](language-differences.md#intended-differences)';

const WINDOWS = '[Extended in HOP, CUMULATE and SESSION windows.](language-differences.md#intended-differences)';

export const AGGREGATES: FunctionFamily = {
  title: 'Aggregates',
  intro: `An aggregate computes one value from the rows of a group, a window or a pattern variable. It leaves NULLs out,
and is NULL if there is no value, unless the table says otherwise. \`SUM(DISTINCT x)\` uses each value once.
\`SUM(x) FILTER (WHERE condition)\` uses the rows for which the condition is TRUE. The examples read
\`${ROWS}\`.`,
  summaryOf: (name) => findAggregate(name)?.summary,
  query: (example) => `SELECT ${example} AS answer FROM ${ROWS};`,
  entries: [
    { calls: ['COUNT(*)', 'COUNT([DISTINCT] x)'], result: 'BIGINT', example: 'COUNT(DISTINCT name)' },
    { calls: ['SUM([DISTINCT] x)'], result: 'type of `x`; DECIMAL(38, s) for a DECIMAL', example: 'SUM(n)' },
    { calls: ['AVG([DISTINCT] x)'], result: 'type of `x`; DECIMAL(38, max(6, s)) for a DECIMAL', example: 'AVG(n)' },
    { calls: ['MIN(x)'], result: 'type of `x`', note: CHANGES, example: 'MIN(n)' },
    {
      calls: ['MAX(x)'],
      result: 'type of `x`',
      note: CHANGES,
      example: 'MAX(name)',
    },
    { calls: ['FIRST_VALUE(x)'], result: 'type of `x`', note: WINDOWS, example: 'FIRST_VALUE(name)' },
    { calls: ['LAST_VALUE(x)'], result: 'type of `x`', note: WINDOWS, example: 'LAST_VALUE(n)' },
    { calls: ['LISTAGG([DISTINCT] text [, separator])'], result: 'type of `text`', example: "LISTAGG(name, '-')" },
    { calls: ['ARRAY_AGG([DISTINCT] x)'], result: 'ARRAY of the type of `x`', example: 'ARRAY_AGG(n)' },
    { calls: ['COLLECT([DISTINCT] x)'], result: 'MULTISET of the type of `x`', example: 'COLLECT(name)' },
    { calls: ['VAR_POP(x)'], result: 'type of AVG', note: DIGITS, example: 'VAR_POP(CAST(n AS DOUBLE))' },
    {
      calls: ['VAR_SAMP(x)', 'VARIANCE(x)'],
      result: 'type of AVG',
      note: DIGITS,
      example: 'VAR_SAMP(CAST(n AS DOUBLE))',
    },
    { calls: ['STDDEV_POP(x)'], result: 'type of AVG', note: DIGITS, example: 'STDDEV_POP(CAST(n AS DOUBLE))' },
    {
      calls: ['STDDEV_SAMP(x)', 'STDDEV(x)'],
      result: 'type of AVG',
      note: DIGITS,
      example: 'STDDEV_SAMP(CAST(n AS DOUBLE))',
    },
  ],
};
