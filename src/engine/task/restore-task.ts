import type { Manifest } from '../checkpoint/manifest.ts';
import type { PreparedOutput } from '../checkpoint/messages.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import { namingFailure } from './name-failure.ts';

/** The data that a task resumes from, in addition to the files of its state. */
export interface RestoreOrder {
  /** The epoch of the restored checkpoint; 0: the job starts without state. */
  readonly epoch: number;
  /** By node name: the prepared output of the sinks. */
  readonly output: PreparedOutput;
  /** The id of this run of the job. Restores keep it; a start without state creates another. */
  readonly instance: string;
  /** The id of the process. */
  readonly process: string;
  /** Null: the job starts without state, or only the commit must be finished. */
  readonly state: RestoredParts | null;
}

interface RestoredParts {
  /** The numbers of the operators in state keys. */
  readonly operators: readonly number[];
  /** By node name, for operators that resume. `undefined`: the operator has no snapshot. */
  readonly snapshots: ReadonlyMap<string, unknown>;
  readonly rows: Manifest['rows'];
  /** By node name, for scans that resume. */
  readonly sources: ReadonlyMap<string, SourceSnapshot>;
}

/** Call this once, before the first batch. */
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
