import type { Connector } from '../connector.ts';
import { COLUMN_OPTIONS } from './column-options.ts';
import { DatagenSource } from './source.ts';

/**
 * Generated rows: random or counted values for each field, at a set rate, bounded or unbounded. The
 * same seed gives the same rows.
 */
export const datagen: Connector = {
  name: 'datagen',
  summary: 'generated rows',
  reads:
    'The same seed gives the same rows. The source ends after `number-of-rows` rows or after the last number of a sequence. Without both, it does not end.',
  uses: ['source'],
  formatted: false,
  options: [
    { key: 'rows-per-second', type: 'integer', least: 1, use: 'source', default: '10000', summary: 'rows in a second' },
    {
      key: 'number-of-rows',
      type: 'integer',
      least: 0,
      use: 'source',
      summary: 'number of rows after which the source ends',
    },
    {
      key: 'seed',
      type: 'integer',
      use: 'source',
      default: '0',
      portable: 'leave the option out',
      summary: 'the same seed gives the same rows',
    },
    ...COLUMN_OPTIONS,
  ],
  endless: (options) =>
    options['number-of-rows'] === undefined && !Object.keys(options).some((key) => /^fields\..+\.end$/.test(key))
      ? "it has no 'number-of-rows'"
      : null,
  createSource: (node, context) => new DatagenSource(node, context.clock),
};
