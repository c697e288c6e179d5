import { constants, PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';
import { resourceLimits } from 'node:worker_threads';

/** Fraction of the thread's heap that may be live after a full collection. */
const FULL = 0.8;
const MEGABYTE = 1048576;

/**
 * Calls `onFull` once when the live heap of this thread comes near its limit. V8 ends a thread that
 * reaches the limit. If the memory grows too fast, V8 ends the whole process instead (seen with a
 * job whose state grew by 100 MB/s). So the job must end before the limit. The check runs after
 * full collections, when the heap has no garbage.
 */
export function guardHeap(onFull: (limitMb: number) => void): () => void {
  const limitMb = resourceLimits.maxOldGenerationSizeMb;
  if (limitMb === undefined || limitMb <= 0) return () => {};
  const observer = new PerformanceObserver((list) => {
    const full = list.getEntries().some((entry) => {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
    });
    if (!full || v8.getHeapStatistics().used_heap_size < limitMb * MEGABYTE * FULL) return;
    observer.disconnect();
    onFull(limitMb);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
