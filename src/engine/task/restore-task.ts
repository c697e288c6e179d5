import type { Manifest } from '../checkpoint/manifest.ts';
import type { PreparedOutput } from '../checkpoint/messages.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import { namingFailure } from './name-failure.ts';

/** What a task goes on from: plain data, beside the files of its state. */
export interface RestoreOrder {
  /** Of the checkpoint that is resumed; 0: the job starts afresh. */
  readonly epoch: number;
  /** What the sinks had prepared, by node name. */
  readonly output: PreparedOutput;
  /** Names this life of the job, from its fresh start over all restores. */
  readonly instance: string;
  /** Names the process. */
  readonly process: string;
  /** Null: nothing is left to do but to finish the commit, or the job starts afresh. */
  readonly state: RestoredParts | null;
}

interface RestoredParts {
  /** Numbers of the operators in state keys. */
  readonly operators: readonly number[];
  /** By name, for those that go on. `undefined`: the operator has none. */
  readonly snapshots: ReadonlyMap<string, unknown>;
  readonly rows: Manifest['rows'];
  /** By node name, for scans that go on. */
  readonly sources: ReadonlyMap<string, SourceSnapshot>;
}

/** To be called once, before the first batch. */
export async function restoreTask(graph: Graph, store: CachedStateStore, order: RestoreOrder): Promise<void> {
  const { epoch, output, instance, process, state } = order;
  for (const [name, sink] of graph.sinks) {
    await namingFailure('CONNECTOR_WRITE', `output of ${name} cannot be continued`, () =>
      sink.restore(output[name] ?? [], epoch, instance, process),
    );
  }
  if (state === null) return;
  await store.restore(state.operators);
  for (const node of graph.nodes) {
    const { name } = node.plan;
    if (!state.snapshots.has(name)) continue;
    const rows = state.rows[name];
    node.rowsIn = rows?.in ?? 0;
    node.rowsOut = rows?.out ?? 0;
    const snapshot = state.snapshots.get(name);
    if (snapshot !== undefined) await node.operator.restore?.(snapshot);
  }
  for (const source of graph.sources) {
    const snapshot = state.sources.get(source.plan.name);
    if (snapshot !== undefined) await source.restore(snapshot);
  }
}
