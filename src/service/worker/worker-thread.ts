import type { Worker } from 'node:worker_threads';
import type { FromJob, FromWorker, JobSpec, ToJob, ToWorker } from './messages.ts';
import { startWorker } from './start-worker.ts';

/** A run of a job in a thread. */
export interface ThreadUser {
  readonly opened: boolean;
  /** Bytes of state in memory, as the job reported last. */
  readonly stateBytes: number;
  onMessage(message: FromJob): void;
  /** The thread has ended before the job. Called once, after the last message. */
  onThreadEnd(end: ThreadEnd): void;
}

export interface ThreadEnd {
  readonly message: string;
  /** The job caused the end: it was alone, or its code threw the error. */
  readonly caused: boolean;
  /** Of several jobs this one is the most probable cause. */
  readonly suspected: boolean;
}

/** A thread as one of its jobs sees it. A simulation has its own. */
export interface SharedThread {
  /** The number of jobs in the thread. */
  readonly jobs: number;
  /** Starts a job. Returns the number of its run in this thread. */
  run(spec: JobSpec, user: ThreadUser): number;
  send(run: number, message: ToJob): void;
  /** Ends the thread with all its jobs. */
  terminate(): void;
}

/** A thread as the pool sees it. */
export interface PooledThread extends SharedThread {
  /** The thread has only one job. */
  readonly alone: boolean;
  /** The thread was told to end. It may still run. */
  readonly ending: boolean;
  readonly exited: Promise<void>;
  /** Returns the part of the time since the last call in which the thread was busy, 0 to 1. */
  load(): number;
}

export interface ThreadEvents {
  /** The last job has ended. */
  onEmpty(thread: PooledThread): void;
  /** The thread has ended. */
  onExit(thread: PooledThread): void;
}

/** A worker thread that runs one or more jobs. Any end of the thread leaves the process alive. */
export class WorkerThread implements PooledThread {
  readonly alone: boolean;
  ending = false;
  readonly exited: Promise<void>;
  readonly #worker: Worker;
  readonly #users = new Map<number, ThreadUser>();
  readonly #onEmpty: (thread: PooledThread) => void;
  #runs = 0;
  #crash: Error | null = null;
  #uncaught: { readonly run: number | null; readonly message: string } | null = null;
  #utilization: ReturnType<Worker['performance']['eventLoopUtilization']> | undefined;

  constructor(heapMb: number, alone: boolean, { onEmpty, onExit }: ThreadEvents) {
    this.alone = alone;
    this.#onEmpty = onEmpty;
    this.#worker = startWorker(heapMb);
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message));
    this.#worker.on('error', (error) => {
      this.#crash = error;
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        onExit(this);
        this.#onExit(code);
        resolve();
      });
    });
  }

  get jobs(): number {
    return this.#users.size;
  }

  load(): number {
    const { performance } = this.#worker;
    const { utilization } = performance.eventLoopUtilization(this.#utilization);
    this.#utilization = performance.eventLoopUtilization();
    return utilization;
  }

  run(spec: JobSpec, user: ThreadUser): number {
    const run = ++this.#runs;
    this.#users.set(run, user);
    this.#worker.ref();
    this.#post({ kind: 'run', run, spec });
    return run;
  }

  send(run: number, message: ToJob): void {
    this.#post({ kind: 'to-job', run, message });
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  terminate(): void {
    this.ending = true;
    void this.#worker.terminate();
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'uncaught') this.#uncaught = message;
    if (message.kind !== 'from-job') return;
    const user = this.#users.get(message.run);
    const { kind } = message.message;
    if (kind === 'ended' || kind === 'failed') this.#users.delete(message.run);
    user?.onMessage(message.message);
    if (this.#users.size > 0) return;
    // An unused thread does not keep the process alive.
    this.#worker.unref();
    this.#onEmpty(this);
  }

  #onExit(code: number): void {
    const users = [...this.#users];
    this.#users.clear();
    const message = this.#message(code);
    const suspect = this.#suspect(users);
    for (const [run, user] of users) {
      const caused = users.length === 1 || this.#uncaught?.run === run;
      user.onThreadEnd({ message, caused, suspected: run === suspect });
    }
  }

  #message(code: number): string {
    if (this.#uncaught !== null) return this.#uncaught.message;
    if ((this.#crash as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return 'the job used up the heap of its thread';
    }
    if (this.#crash !== null) return `the thread of the job failed: ${this.#crash.message}`;
    return `the thread of the job ended with exit code ${code}`;
  }

  /** The job that was being opened, or the one with the most state. */
  #suspect(users: readonly (readonly [number, ThreadUser])[]): number | null {
    const weight = ({ opened, stateBytes }: ThreadUser): number => (opened ? stateBytes : Number.MAX_SAFE_INTEGER);
    const [first] = users.toSorted(([, a], [, b]) => weight(b) - weight(a));
    return first?.[0] ?? null;
  }
}
