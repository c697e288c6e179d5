import type { CheckpointStats } from '../checkpoint/coordinator.ts';
import type { TaskMetrics } from '../task/task-metrics.ts';

/** Counters of a running job: plain JSON, for the API, Prometheus and the progress line. */
export interface JobMetrics extends TaskMetrics {
  readonly checkpoints: Omit<CheckpointStats, 'pausesMs'> | null;
}

export function jobMetrics(task: TaskMetrics, stats: CheckpointStats | null): JobMetrics {
  if (stats === null) return { ...task, checkpoints: null };
  const { pausesMs: _pauses, ...checkpoints } = stats;
  return { ...task, checkpoints };
}
