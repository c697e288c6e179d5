import type { Connector } from '../connector.ts';
import { DatagenSource } from './source.ts';

/**
 * Generated rows: random or counted values for each field, at a set rate, bounded or unbounded. The
 * same seed gives the same rows.
 */
export const datagen: Connector = {
  name: 'datagen',
  summary: 'made-up rows',
  uses: ['source'],
  formatted: false,
  options: [
    { key: 'rows-per-second', type: 'integer', use: 'source', default: '10000', summary: 'rate; 10000 by default' },
    {
      key: 'number-of-rows',
      type: 'integer',
      use: 'source',
      summary: 'ends after so many rows; without it the source never ends',
    },
    { key: 'seed', type: 'integer', use: 'source', default: '0', summary: 'the same seed gives the same rows' },
  ],
  patterns: [/^fields\.[^.]+\.(kind|min|max|start|end|length|null-rate|max-past)$/],
  endless: (options) =>
    options['number-of-rows'] === undefined && !Object.keys(options).some((key) => /^fields\..+\.end$/.test(key))
      ? "it has no 'number-of-rows'"
      : null,
  createSource: (node, context) => new DatagenSource(node, context.clock),
};
