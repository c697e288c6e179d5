import os from 'node:os';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import { JobHost, type JobHostListener } from './job-host.ts';
import type { JobSpec } from './messages.ts';
import { type PooledThread, type ThreadEvents, WorkerThread } from './worker-thread.ts';

/** The maximum number of shared threads. Jobs do not run faster with more. */
const SHARED_MAX = 4;
const SHARED_HEAP_MB = 1024;
/** A shared thread without jobs ends after this time. */
const IDLE_MS = 1000;
/** Loads that differ by less are equal. */
const LOAD_STEP = 0.25;

type StartPooledThread = (heapMb: number, alone: boolean, events: ThreadEvents) => PooledThread;

/** A number that is absent has a default. */
export interface ThreadPoolOptions {
  /** The number of shared threads. */
  readonly size?: number;
  /** The heap limit of a shared thread, megabytes. */
  readonly sharedHeapMb?: number;
  readonly scheduler?: Scheduler;
  readonly startThread?: StartPooledThread;
}

/**
 * The threads of the jobs. Most jobs share a few threads, because an idle job with a separate
 * thread needs 25 MB. An isolated job has a separate thread.
 */
export class ThreadPool {
  readonly #sharedHeapMb: number;
  readonly #size: number;
  readonly #scheduler: Scheduler;
  readonly #startThread: StartPooledThread;
  readonly #threads = new Set<PooledThread>();

  constructor(options: ThreadPoolOptions = {}) {
    this.#sharedHeapMb = options.sharedHeapMb ?? SHARED_HEAP_MB;
    this.#size = options.size ?? Math.min(os.availableParallelism(), SHARED_MAX);
    this.#scheduler = options.scheduler ?? systemScheduler;
    this.#startThread = options.startThread ?? ((...how) => new WorkerThread(...how));
  }

  /** The number of threads, shared or not. */
  get count(): number {
    return this.#threads.size;
  }

  /** Starts a job. A thread for one job ends with the job. */
  start(spec: JobSpec, listener: JobHostListener): JobHost {
    const thread = spec.alone ? this.#start(heapMegabytes(spec.memoryBytes), true) : this.#shared();
    return new JobHost(spec, thread, listener, this.#scheduler);
  }

  /**
   * Returns the shared thread with the least load, or a new one while there are fewer than `size`.
   * A running job never moves. It may get another thread when it starts again.
   */
  #shared(): PooledThread {
    const threads = [...this.#threads].filter((thread) => !thread.alone && !thread.ending);
    if (threads.length < this.#size) return this.#start(this.#sharedHeapMb, false);
    const loads = new Map(threads.map((thread) => [thread, Math.floor(thread.load() / LOAD_STEP)]));
    const [least] = threads.sort((a, b) => loads.get(a)! - loads.get(b)! || a.jobs - b.jobs);
    return least!;
  }

  #start(heapMb: number, alone: boolean): PooledThread {
    const thread = this.#startThread(heapMb, alone, {
      onEmpty: (empty) => this.#onEmpty(empty),
      onExit: (ended) => this.#threads.delete(ended),
    });
    this.#threads.add(thread);
    return thread;
  }

  #onEmpty(thread: PooledThread): void {
    const end = (): void => {
      if (thread.jobs === 0) this.#end(thread);
    };
    if (thread.alone) end();
    else this.#scheduler.after(IDLE_MS, end, true);
  }

  #end(thread: PooledThread): void {
    // No other job may get this thread.
    if (this.#threads.delete(thread)) thread.terminate();
  }

  /** Ends all threads. Their jobs must have ended. */
  async close(): Promise<void> {
    const threads = [...this.#threads];
    for (const thread of threads) this.#end(thread);
    await Promise.all(threads.map((thread) => thread.exited));
  }
}

/**
 * Returns the heap limit of the thread of a job. Typed arrays of the state are outside the heap.
 * Keys, current rows and the rest of the job are inside.
 */
const heapMegabytes = (memoryBytes: number): number => 256 + Math.ceil((memoryBytes * 3) / 1048576);
