import type { OptionSpec } from '../connector-options.ts';

/** How the values of one column are generated. */
export const COLUMN_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'fields.<column>.kind',
    type: ['random', 'sequence'],
    use: 'source',
    default: 'random',
    summary: 'random values, or numbers in order',
  },
  {
    key: 'fields.<column>.min',
    type: 'number',
    use: 'source',
    summary:
      'least random number; without it the least of the type (BIGINT: -2^53+1), and 0 for DECIMAL, FLOAT and DOUBLE',
  },
  {
    key: 'fields.<column>.max',
    type: 'number',
    use: 'source',
    summary:
      'greatest random number; without it the greatest of the type (BIGINT: 2^53-1, DECIMAL: up to 10^9), and 1 for FLOAT and DOUBLE',
  },
  {
    key: 'fields.<column>.length',
    type: 'integer',
    least: 0,
    most: 1_000_000,
    use: 'source',
    summary: 'characters of a random text; without it the length of the type, 100 for STRING',
  },
  {
    key: 'fields.<column>.null-rate',
    type: 'number',
    least: 0,
    most: 1,
    use: 'source',
    default: '0',
    summary: 'part of the random values that are NULL',
  },
  {
    key: 'fields.<column>.max-past',
    type: 'duration',
    use: 'source',
    default: '0',
    summary: 'random times are at most this long before the current time',
  },
  {
    key: 'fields.<column>.start',
    type: 'integer',
    use: 'source',
    default: '0',
    summary: 'first number of a sequence',
  },
  {
    key: 'fields.<column>.end',
    type: 'integer',
    use: 'source',
    summary: 'last number of a sequence, with which the source ends',
  },
];
