import type { SourceReader } from '../graph/source-reader.ts';
import type { SubtaskFigures } from '../subtask/subtask-messages.ts';
import type { Task } from './task.ts';

/** Counters of a running task: plain JSON. */
export interface TaskMetrics {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly lateRows: number;
  readonly malformedRows: number;
  /**
   * Lowest watermark of the sources in milliseconds; null before the first one and after the end.
   */
  readonly watermark: number | null;
  readonly stateEntries: number;
  readonly cacheBytes: number;
  /** The parts of the job's share of `state.memory`. */
  readonly memory: StateMemory;
  readonly evictedEntries: number;
  readonly evictionWaitMs: number;
  readonly operators: readonly OperatorMetrics[];
}

export interface StateMemory {
  /** The budget of the cache. The back end has the rest of the share. */
  readonly cacheBudgetBytes: number;
  /** Bytes of the entries in the cache. */
  readonly entryBytes: number;
  /**
   * The hashes of keys that are only on disk. With them, a lookup of an absent key needs no read.
   */
  readonly keysOnDiskBytes: number;
  /** Memtables, block cache, indexes and filters of RocksDB. The value may be a few seconds old. */
  readonly backendBytes: number;
}

export interface OperatorMetrics {
  readonly name: string;
  readonly kind: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly [counter: string]: number | string | Readonly<Record<string, number>>;
}

export function readTaskMetrics({ graph, store, subtasks, busy, backendMemory }: Task): TaskMetrics {
  const { nodes, sources } = graph;
  const shares = busy.shares();
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
  const counts = Object.values(store.entryCounts());
  const keysOnDiskHere = store.keysOnDiskBytes();
  const others = (figure: keyof SubtaskFigures): number =>
    subtasks.reduce((sum, each) => sum + each.figures[figure], 0);
  const keysOnDiskBytes = keysOnDiskHere + others('keysOnDiskBytes');
  const entryBytes = store.cacheBytes() - keysOnDiskHere + others('entryBytes');
  const cacheBudgetBytes = store.budgetBytes * (1 + subtasks.length);
  return {
    rowsIn: nodes.filter((n) => n.plan.kind === 'scan').reduce((sum, n) => sum + n.rowsIn, 0),
    rowsOut: nodes.filter((n) => n.plan.kind === 'sink').reduce((sum, n) => sum + n.rowsIn, 0),
    lateRows: operators.reduce((sum, o) => sum + (Number((o as Record<string, unknown>)['lateRows']) || 0), 0),
    malformedRows: sources.reduce((sum, s) => sum + s.source.metrics().malformed, 0),
    watermark: Number.isFinite(watermark) ? watermark : null,
    stateEntries: counts.reduce((sum, n) => sum + n, others('stateEntries')),
    cacheBytes: entryBytes + keysOnDiskBytes,
    memory: { cacheBudgetBytes, entryBytes, keysOnDiskBytes, backendBytes: backendMemory.bytes },
    evictedEntries: store.evictedEntries + others('evictedEntries'),
    evictionWaitMs: store.evictionWaitMs,
    operators,
  };
}

/** A source with more splits than this has no metrics per split. */
const SPLITS_SHOWN = 100;

/** Returns the bytes that a source has not read yet, and the rows that it has read and not sent. */
function waitingIn(source: SourceReader | undefined): Partial<OperatorMetrics> {
  if (source === undefined) return {};
  const { splits, rowsHeld } = source;
  const pending = new Map(splits.map(({ split }) => [split.id, split.pendingBytes?.() ?? null]));
  const known = [...pending.values()].filter((bytes) => bytes !== null);
  const pendingBytes = known.reduce((sum, bytes) => sum + bytes, 0);
  const whole = { rowsHeld, ...(known.length < splits.length ? {} : { pendingBytes }) };
  if (splits.length <= 1) return whole;
  const idleSplits = splits.filter(({ idle }) => idle).length;
  if (splits.length > SPLITS_SHOWN) return { ...whole, splits: splits.length, idleSplits };
  const behind = [...pending].filter((entry): entry is [string, number] => entry[1] !== null);
  const marks = splits.filter(({ watermark }) => Number.isFinite(watermark));
  return {
    ...whole,
    splits: splits.length,
    idleSplits,
    splitPendingBytes: Object.fromEntries(behind),
    splitWatermark: Object.fromEntries(marks.map(({ split, watermark }) => [split.id, watermark])),
  };
}
