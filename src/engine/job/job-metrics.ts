import type { CheckpointStats } from '../checkpoint/coordinator.ts';
import type { SourceTask } from '../graph/source-task.ts';
import type { Job } from './job.ts';

/** Counters of a running job: plain JSON, for the API, Prometheus and the progress line. */
export interface JobMetrics {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly lateRows: number;
  readonly malformedRows: number;
  /** Lowest watermark of the sources, milliseconds; null before the first. */
  readonly watermark: number | null;
  readonly stateEntries: number;
  readonly cacheBytes: number;
  /** What the job's share of `state.memory` is made of. */
  readonly memory: JobMemory;
  readonly evictedEntries: number;
  readonly evictionWaitMs: number;
  readonly checkpoints: Omit<CheckpointStats, 'pausesMs'> | null;
  readonly operators: readonly OperatorMetrics[];
}

export interface JobMemory {
  /** For entries in use; the rest of the share is the back end's. */
  readonly cacheBudgetBytes: number;
  /** Entries in use. */
  readonly entryBytes: number;
  /** What is known of keys that are on disk only, so that a key that is not there costs no read. */
  readonly keysOnDiskBytes: number;
  /** Memtables, block cache, indexes and filters of RocksDB, a few seconds ago. */
  readonly backendBytes: number;
}

export interface OperatorMetrics {
  readonly name: string;
  readonly kind: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly [counter: string]: number | string | Readonly<Record<string, number>>;
}

export function readMetrics(job: Job): JobMetrics {
  const { nodes, sources } = job.graph;
  const shares = job.busy.shares();
  const operators = nodes.map((node, i) => ({
    name: node.plan.name,
    kind: node.plan.kind,
    rowsIn: node.rowsIn,
    rowsOut: node.rowsOut,
    ...shares?.[i],
    ...waitingIn(sources.find((s) => s.plan === node.plan)),
    ...node.operator.metrics?.(),
  }));
  const watermark = Math.min(...sources.map((s) => s.watermark));
  const counts = Object.values(job.store.entryCounts());
  const keysOnDiskBytes = job.store.keysOnDiskBytes();
  const entryBytes = job.store.cacheBytes() - keysOnDiskBytes;
  const stats = job.coordinator?.stats ?? null;
  return {
    rowsIn: nodes.filter((n) => n.plan.kind === 'scan').reduce((sum, n) => sum + n.rowsIn, 0),
    rowsOut: nodes.filter((n) => n.plan.kind === 'sink').reduce((sum, n) => sum + n.rowsIn, 0),
    lateRows: operators.reduce((sum, o) => sum + (Number((o as Record<string, unknown>)['lateRows']) || 0), 0),
    malformedRows: sources.reduce((sum, s) => sum + s.source.metrics().malformed, 0),
    watermark: Number.isFinite(watermark) ? watermark : null,
    stateEntries: counts.reduce((sum, n) => sum + n, 0),
    cacheBytes: entryBytes + keysOnDiskBytes,
    memory: {
      cacheBudgetBytes: job.store.budgetBytes,
      entryBytes,
      keysOnDiskBytes,
      backendBytes: job.backendMemory.bytes,
    },
    evictedEntries: job.store.evictedEntries,
    evictionWaitMs: job.store.evictionWaitMs,
    checkpoints: stats === null ? null : ({ ...stats, pausesMs: undefined } as never),
    operators,
  };
}

/** What a source has before it and in its hand. */
function waitingIn(source: SourceTask | undefined): Readonly<Record<string, number>> {
  if (source === undefined) return {};
  const pendingBytes = source.source.pendingBytes?.() ?? null;
  return { rowsHeld: source.rowsHeld, ...(pendingBytes === null ? {} : { pendingBytes }) };
}
