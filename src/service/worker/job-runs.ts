import { guardHeap } from './heap-guard.ts';
import type { JobRun } from './job-run.ts';
import type { FromWorker, JobSpec, ToJob } from './messages.ts';

/** The jobs of one worker thread. They take turns between their batches. */
export class JobRuns {
  readonly #send: (message: FromWorker) => void;
  readonly #runs = new Map<number, JobRun>();
  /** Messages that arrived while the libraries were loading, by run. */
  readonly #early = new Map<number, ToJob[]>();
  #unguard: (() => void) | null = null;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  /** Resolves when the job has ended. */
  async start(run: number, spec: JobSpec): Promise<void> {
    this.#early.set(run, []);
    this.#unguard ??= this.#guard();
    try {
      const { JobRun } = await import('./job-run.ts');
      const running = new JobRun(spec, (message) => this.#send({ kind: 'from-job', run, message }));
      this.#runs.set(run, running);
      for (const message of this.#early.get(run)!) running.receive(message);
      this.#early.delete(run);
      await running.run();
    } catch (error) {
      const failure = { code: 'JOB_FAILED', message: (error as Error).message, opened: false } as const;
      this.#send({ kind: 'from-job', run, message: { kind: 'failed', failure } });
    } finally {
      this.#early.delete(run);
      this.#runs.delete(run);
    }
  }

  receive(run: number, message: ToJob): void {
    const early = this.#early.get(run);
    if (early !== undefined) early.push(message);
    else this.#runs.get(run)?.receive(message);
  }

  /**
   * V8 does not tell which job uses the heap. The job with the most state is the most probable one,
   * so this job leaves the thread. If the heap is still full then, the next one leaves.
   */
  #guard(): () => void {
    return guardHeap((limitMb) => {
      const [largest] = [...this.#runs.values()].sort((a, b) => b.stateBytes - a.stateBytes);
      const others = this.#runs.size > 1;
      const why = others ? 'the thread that the job shares with others used up its heap' : 'the job used up its heap';
      const ended = largest?.leave(`${why} (${limitMb} MB)`, others);
      void (ended ?? Promise.resolve()).then(() => {
        this.#unguard = this.#guard();
      });
    });
  }
}
