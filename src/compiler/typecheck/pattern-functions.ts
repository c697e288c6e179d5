/** The functions that only MATCH_RECOGNIZE has, with one line each. */
export const PATTERN_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  [
    'FIRST',
    'The value in the first row of the variable, or `n` rows of the variable later. NULL if there is no such row.',
  ],
  [
    'LAST',
    'The value in the last row of the variable, or `n` rows of the variable earlier. NULL if there is no such row.',
  ],
  [
    'PREV',
    'The value `n` rows earlier in the partition, 1 by default. The row need not be in the match. NULL if there is none.',
  ],
  [
    'NEXT',
    'The value `n` rows later in the partition, 1 by default. The row need not be in the match. NULL if there is none.',
  ],
  ['CLASSIFIER', 'The variable of the last row, or of the last row of `variable`. NULL if there is no row.'],
  ['MATCH_NUMBER', 'The number of the match in its partition, from 1.'],
  ['MATCH_STATUS', '`MATCH` for a match, `TIMEOUT` for a partial match that ran out of time.'],
  [
    'MATCH_ROWTIME',
    'The time at which the match was decided, in most cases the time of its last row. A time attribute.',
  ],
  ['MATCH_PROCTIME', 'The time of the clock at which the match is sent. A time attribute.'],
]);
