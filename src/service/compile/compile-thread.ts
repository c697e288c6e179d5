import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Catalog } from '../../compiler/catalog.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CompileReply, CompileRequest } from './compile-request.ts';

/** From sources the worker is a .ts file; in the build it is a .js file beside this one. */
const WORKER = new URL(`./compile-worker${path.extname(new URL(import.meta.url).pathname)}`, import.meta.url);

/** Bounds of one request. */
export interface CompileLimits {
  readonly timeMs: number;
  readonly heapMegabytes: number;
}

/** A thread that compiles one text at a time. */
export class CompileThread {
  /** The catalogue that the thread has. */
  catalog: Catalog = { tables: new Map(), views: new Map() };
  readonly #worker: Worker;
  readonly #limits: CompileLimits;
  readonly #onGone: () => void;
  #ready = false;
  #timer: NodeJS.Timeout | null = null;
  #waiting: { readonly resolve: (reply: CompileReply) => void; readonly reject: (error: Error) => void } | null = null;
  /** Why the thread was terminated. */
  #why: EngineError | null = null;
  readonly exited: Promise<void>;

  /** `onGone`: the thread has ended. It is called once. */
  constructor(limits: CompileLimits, onGone: () => void) {
    this.#limits = limits;
    this.#onGone = onGone;
    this.#worker = new Worker(WORKER, {
      // References in options see the variables of this moment, as in the service's own thread.
      env: SHARE_ENV,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes, maxYoungGenerationSizeMb: 24 },
    });
    this.#worker.on('message', (reply: CompileReply) => this.#onReply(reply));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#why ??=
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new EngineError('SQL_LIMIT', `the text needs more than ${limits.heapMegabytes} MB to compile`, {})
          : new EngineError('JOB_FAILED', `the compiler's thread failed: ${error.message}`, {}, error);
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onExit();
        resolve();
      });
    });
    // An unused thread does not keep the process alive.
    this.#worker.unref();
  }

  /** Rejects with SQL_LIMIT when the request exceeds a limit. The thread has then ended. */
  ask(request: CompileRequest): Promise<CompileReply> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(request);
      if (this.#ready) this.#startTimer();
    });
  }

  terminate(): void {
    void this.#worker.terminate();
  }

  /** The time to load the compiler does not count. */
  #startTimer(): void {
    const { timeMs } = this.#limits;
    this.#timer = setTimeout(() => {
      this.#why = new EngineError('SQL_LIMIT', `the text takes longer than ${timeMs / 1000} s to compile`, {});
      this.terminate();
    }, timeMs);
  }

  #onReply(reply: CompileReply): void {
    if (reply.kind === 'ready') {
      this.#ready = true;
      if (this.#waiting !== null) this.#startTimer();
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#worker.unref();
    waiting?.resolve(reply);
  }

  #onExit(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#onGone();
    waiting?.reject(this.#why ?? new EngineError('JOB_FAILED', "the compiler's thread ended", {}));
  }
}
