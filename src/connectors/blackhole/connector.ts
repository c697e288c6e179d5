import type { Connector } from '../connector.ts';

/** Accepts rows and drops them. */
export const blackhole: Connector = {
  name: 'blackhole',
  summary: 'rows that are dropped',
  writes: 'Rows are dropped. Use it to measure a query.',
  uses: ['sink'],
  formatted: false,
  acceptsChangelog: true,
  promise: 'nothing is kept',
  options: [],
  createSink: () => ({
    write() {},
    prepare: () => ({ prepared: Promise.resolve(null) }),
    async commit() {},
    async restore() {},
    async close() {},
  }),
};
