import { PATTERN_FUNCTIONS as PATTERN_SUMMARIES } from '../../../src/compiler/typecheck/pattern-functions.ts';
import { EVENTS, EVENTS_TABLE } from './events.ts';
import type { FunctionFamily } from './function-entry.ts';

const PATTERN = `PATTERN (A B+ C) DEFINE A AS price = 10, B AS price > 10, C AS price < 10`;

export const PATTERN_FUNCTIONS: FunctionFamily = {
  title: 'Patterns',
  intro: `These functions stand in MEASURES and DEFINE of MATCH_RECOGNIZE. Aggregates over the rows of one variable also
stand there. [Patterns](patterns.md) describes the clause. The examples are measures over the same events, for the match of
\`${PATTERN}\`.`,
  events: EVENTS,
  summaryOf: (name) => PATTERN_SUMMARIES.get(name),
  query: (example) => `${EVENTS_TABLE}
SELECT * FROM events MATCH_RECOGNIZE (
  ORDER BY ts MEASURES ${example} AS answer AFTER MATCH SKIP PAST LAST ROW ${PATTERN}
) AS found;`,
  entries: [
    { calls: ['FIRST(x [, n])'], result: 'type of `x`', example: 'FIRST(B.price)' },
    { calls: ['LAST(x [, n])'], result: 'type of `x`', example: 'LAST(B.price)' },
    { calls: ['PREV(x [, n])'], result: 'type of `x`', example: 'PREV(C.price)' },
    {
      calls: ['NEXT(x [, n])'],
      result: 'type of `x`',
      note: "Only with `SET 'sequitur.match.semantics' = 'standard'`.",
      example: 'NEXT(C.price)',
      settings: { 'sequitur.match.semantics': 'standard' },
    },
    { calls: ['CLASSIFIER([variable])'], result: 'STRING', example: 'CLASSIFIER()' },
    { calls: ['MATCH_NUMBER()'], result: 'BIGINT', note: 'Only in MEASURES.', example: 'MATCH_NUMBER()' },
    { calls: ['MATCH_STATUS()'], result: 'STRING', note: 'Only in MEASURES.', example: 'MATCH_STATUS()' },
    {
      calls: ['MATCH_ROWTIME([time])'],
      result: 'TIMESTAMP(3), or the type of `time`',
      note: 'Only in MEASURES. [Time in patterns](patterns.md#time) gives the rules.',
      example: 'MATCH_ROWTIME()',
    },
    {
      calls: ['MATCH_PROCTIME()'],
      result: 'TIMESTAMP_LTZ(3)',
      note: 'Only in MEASURES.',
      example: 'MATCH_PROCTIME()',
    },
  ],
};
