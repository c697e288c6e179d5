import type { Connector } from '../connector.ts';

/** Accepts rows and drops them. */
export const blackhole: Connector = {
  name: 'blackhole',
  summary: 'takes rows and forgets them',
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
