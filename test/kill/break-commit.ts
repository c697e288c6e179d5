/**
 * A deliberate fault for `kill-rounds.ts --broken`: parts become visible when they are closed,
 * before the checkpoint that lists them is durable.
 */
import { FileSink } from '../../src/connectors/filesystem/sink.ts';

const prepare = FileSink.prototype.prepare;
FileSink.prototype.prepare = function (epoch) {
  const { prepared } = prepare.call(this, epoch);
  return {
    prepared: prepared.then(async (part) => {
      if (part !== null) await this.commit(part);
      return part;
    }),
  };
};
