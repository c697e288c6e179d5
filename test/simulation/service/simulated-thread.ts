import type { JobMetrics } from '../../../src/engine/job/job-metrics.ts';
import type { FromJob, JobFailure, JobSpec, ToJob } from '../../../src/service/worker/messages.ts';
import { ThreadPool } from '../../../src/service/worker/thread-pool.ts';
import type { PooledThread, ThreadEvents, ThreadUser } from '../../../src/service/worker/worker-thread.ts';
import type { SimulatedProcess } from '../world.ts';

const SLOWEST_MS = 50;
const SHARED_THREADS = 2;
/** The least time that a job has to end after a request. */
const PATIENCE_MS = 2000;
const METRICS = {
  rowsIn: 0,
  rowsOut: 0,
  lateRows: 0,
  malformedRows: 0,
  watermark: null,
  cacheBytes: 0,
  memory: { entryBytes: 0, keysOnDiskBytes: 0, backendBytes: 0 },
} as unknown as JobMetrics;

/** The threads on one machine. Each job runs in at most one. */
export class SimulatedThreads {
  /** The process that runs each job. */
  readonly running = new Map<string, SimulatedProcess>();
  /** The first mistake in the use of threads. */
  mistake: string | null = null;

  /** Returns the service's own pool, with simulated threads and timers. */
  poolOf(life: SimulatedProcess): ThreadPool {
    return new ThreadPool({
      size: SHARED_THREADS,
      scheduler: life.scheduler,
      startThread: (_heapMb, alone, events) => new SimulatedThread(this, life, alone, events),
    });
  }
}

interface Run {
  readonly number: number;
  readonly id: string;
  readonly user: ThreadUser;
  /** It never ends by itself. */
  readonly hangs: boolean;
  asked: 'stop' | 'cancel' | null;
  askedAt: number;
}

/** A thread. The seed decides whether its jobs open, fail, finish or hang, and whether it ends. */
class SimulatedThread implements PooledThread {
  readonly alone: boolean;
  readonly exited: Promise<void>;
  readonly #machine: SimulatedThreads;
  readonly #life: SimulatedProcess;
  readonly #events: ThreadEvents;
  readonly #runs = new Map<number, Run>();
  #count = 0;
  ending = false;
  #resolve!: () => void;

  constructor(machine: SimulatedThreads, life: SimulatedProcess, alone: boolean, events: ThreadEvents) {
    this.#machine = machine;
    this.#life = life;
    this.alone = alone;
    this.#events = events;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get jobs(): number {
    return this.#runs.size;
  }

  load(): number {
    return this.#life.world.random.below(100) / 100;
  }

  run(spec: JobSpec, user: ThreadUser): number {
    const { world } = this.#life;
    const { id } = spec;
    const owner = this.#machine.running.get(id);
    if (owner !== undefined && !owner.dead) this.#machine.mistake ??= `the job ${id} had two threads`;
    if (this.ending) this.#machine.mistake ??= `the job ${id} began in a thread that ends`;
    this.#machine.running.set(id, this.#life);
    world.note(`${this.#life.name}: ${id} starts in a thread`);
    const hangs = world.random.chance(0.03);
    const run: Run = { number: ++this.#count, id, user, hangs, asked: null, askedAt: 0 };
    this.#runs.set(run.number, run);
    this.#later(run, 'opens', () => this.#open(run));
    return run.number;
  }

  #open(run: Run): void {
    const { random } = this.#life.world;
    if (random.chance(0.15)) {
      this.#fail(run, false);
      return;
    }
    run.user.onMessage({ kind: 'opened', restoredFrom: null });
    if (random.chance(0.2)) run.user.onMessage({ kind: 'reloaded', operators: [] });
    const fate = random.oneOf(['fails', 'fails', 'finishes', 'ends its thread', 'leaves', 'goes on', 'goes on']);
    if (run.hangs || fate === 'goes on') return;
    this.#later(run, fate, () => {
      if (fate === 'fails') this.#fail(run, true);
      else if (fate === 'finishes') this.#end(run, { kind: 'ended', outcome: 'finished', metrics: METRICS });
      else if (fate === 'leaves') this.#fail(run, true, true);
      else this.#exit(run.number);
    });
  }

  send(number: number, message: ToJob): void {
    const run = this.#runs.get(number);
    if (run === undefined || message.kind !== 'stop') return;
    const { how } = message;
    run.asked = how;
    run.askedAt = this.#life.world.now;
    if (run.hangs) return;
    this.#later(run, how, () => {
      if (this.#life.world.random.chance(0.1)) this.#fail(run, true);
      else this.#end(run, { kind: 'ended', outcome: 'stopped', metrics: METRICS });
    });
  }

  terminate(): void {
    const { world } = this.#life;
    if (this.ending) return;
    const late = [...this.#runs.values()].some(
      ({ asked, askedAt }) => asked !== null && world.now - askedAt >= PATIENCE_MS,
    );
    if (this.jobs > 0 && !late) this.#machine.mistake ??= 'a thread was ended, but each of its jobs had time left';
    this.ending = true;
    world.after((world.random.below(1000) / 1000) * SLOWEST_MS, this.#life, 'a thread ends', () => this.#exit(null));
  }

  #later(run: Run, what: string, action: () => void): void {
    const { world } = this.#life;
    world.after((world.random.below(1000) / 1000) * SLOWEST_MS, this.#life, `${run.id}: ${what}`, () => {
      if (this.#runs.has(run.number)) action();
    });
  }

  #fail(run: Run, opened: boolean, displaced = false): void {
    const code = this.#life.world.random.oneOf(['CHECKPOINT_STORE', 'CONNECTOR_READ', 'FORMAT_MALFORMED'] as const);
    const failure: JobFailure = { code, message: 'a fault', opened, ...(displaced ? { displaced } : {}) };
    this.#end(run, { kind: 'failed', failure });
  }

  /** The job ends with its last message. */
  #end(run: Run, last: FromJob): void {
    this.#runs.delete(run.number);
    this.#machine.running.delete(run.id);
    run.user.onMessage(last);
    if (this.jobs === 0 && !this.ending) this.#events.onEmpty(this);
  }

  /** The thread ends with its jobs. `cause`: the run that caused the end. */
  #exit(cause: number | null): void {
    this.ending = true;
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    for (const { id } of runs) this.#machine.running.delete(id);
    this.#events.onExit(this);
    for (const { user, number } of runs) {
      const caused = runs.length === 1 || number === cause;
      user.onThreadEnd({ message: 'its thread ended', caused, suspected: this.#life.world.random.chance(0.5) });
    }
    this.#resolve();
  }
}
