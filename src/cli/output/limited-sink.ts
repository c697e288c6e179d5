import type { Sink } from '../../engine/sink.ts';
import type { Plan } from '../../plan/plan.ts';

/** Returns the number of rows in the LIMIT of a SELECT; null: the SELECT has no LIMIT. */
export function limitOf({ nodes }: Plan): number | null {
  let node = nodes[nodes.length - 1]!;
  while (node.kind === 'sink' || node.kind === 'project') node = nodes[node.inputs[0]!]!;
  return node.kind === 'limit' ? node.count : null;
}

/**
 * Returns a sink that calls `onFull` when it has `rows` rows. The caller then stops the job,
 * because the input may have no end.
 */
export function limitedSink(sink: Sink, rows: number, onFull: () => void): Sink {
  let left = rows;
  return {
    write(batch) {
      left -= batch.selected;
      if (left <= 0) onFull();
      return sink.write(batch);
    },
    prepare: (epoch) => sink.prepare(epoch),
    commit: (prepared) => sink.commit(prepared),
    restore: (...from) => sink.restore(...from),
    close: () => sink.close(),
  };
}
