import type { Sink } from '../../src/engine/sink.ts';

/**
 * Creates a sink that adds each committed part to `committed`. `prepare` returns the part of an
 * epoch.
 */
export function epochSink(
  committed: unknown[],
  prepare: (epoch: number) => Promise<unknown> = async (epoch) => ({ epoch }),
): Sink {
  const sink: Pick<Sink, 'prepare' | 'commit'> = {
    prepare: (epoch) => ({ prepared: prepare(epoch) }),
    commit: async (part) => void committed.push(part),
  };
  return sink as Sink;
}
