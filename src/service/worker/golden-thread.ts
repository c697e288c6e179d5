import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './messages.ts';
import { startWorker } from './start-worker.ts';

const GOLDEN_MS = 30_000;
const HEAP_MB = 512;
/** The thread ends after this time without a case. */
const IDLE_MS = 2000;

type GoldenRequest = Omit<Extract<ToWorker, { kind: 'golden' }>, 'kind'>;

/**
 * Runs golden cases one after the other in a thread of its own. The thread stays for the next case,
 * because loading the libraries takes longer than most cases.
 */
export class GoldenThread {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | null = null;
  #answer: (failure: string | null) => void = () => {};
  /** The answer if the thread ends. */
  #problem = '';

  /**
   * Runs the golden case in a folder. Returns null if the case passed, or if the folder has no
   * case.
   */
  run(asked: GoldenRequest): Promise<string | null> {
    const answer = this.#last.then(() => this.#run(asked));
    this.#last = answer;
    return answer;
  }

  async #run(asked: GoldenRequest): Promise<string | null> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#problem = 'the golden test ended without an answer';
    const worker = this.#worker ?? this.#start();
    const timer = setTimeout(() => {
      this.#problem = `the golden test took longer than ${GOLDEN_MS / 1000} s`;
      void worker.terminate();
    }, GOLDEN_MS);
    const answer = await new Promise<string | null>((resolve) => {
      this.#answer = resolve;
      worker.postMessage({ kind: 'golden', ...asked } satisfies ToWorker);
    });
    clearTimeout(timer);
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref();
    return answer;
  }

  #start(): Worker {
    const worker = startWorker(HEAP_MB);
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'golden') this.#answer(message.failure);
      if (message.kind === 'uncaught') this.#problem = `the golden test failed: ${message.message}`;
    });
    worker.on('error', (error) => {
      this.#problem = `the golden test failed: ${error.message}`;
    });
    worker.on('exit', () => {
      // A thread that was idle ends while the next one may be working.
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#answer(this.#problem);
    });
    this.#worker = worker;
    return worker;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** Waits for the running case. */
  async close(): Promise<void> {
    await this.#last;
    if (this.#idle !== null) clearTimeout(this.#idle);
    await this.#end();
  }
}
