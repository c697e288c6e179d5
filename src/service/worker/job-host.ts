import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../core/engine-error.ts';
import type { SavepointMark } from '../../engine/checkpoint/manifest.ts';
import { dropOwnLock } from '../../storage/local/process-lock.ts';
import type { ExplanationJson } from '../match-explanation/explanation-json.ts';
import type { OpenMatchesJson } from '../match-explanation/open-matches-json.ts';
import type { ExplainSpec, FromWorker, JobFailure, JobSpec, ToWorker } from './messages.ts';
import type { OpenMatchesQuestion } from './open-matches-question.ts';

/** From sources the worker is a .ts file; in the build it is a .js file beside this one. */
const WORKER = new URL(`./job-worker${path.extname(new URL(import.meta.url).pathname)}`, import.meta.url);
/** Time for a thread to exit by itself after its work is done. */
const LEAVE_MS = 500;

/** A thread that does not answer is terminated after this time. */
const CANCEL_MS = 2000;
const STOP_MS = 120_000;
const GOLDEN_MS = 30_000;
const EXPLAIN_MS = 60_000;

export interface JobHostListener {
  onMessage(message: FromWorker): void;
  /** Called once after the last message, when the thread has exited. */
  onEnd(end: HostEnd): void;
}

/** The thread of a job, as the service sees it. A simulation has its own. */
export interface JobThread {
  send(message: ToWorker): void;
  stop(how: 'stop' | 'cancel', savepoint?: SavepointMark | null): void;
  openMatches(question: OpenMatchesQuestion): Promise<OpenMatchesJson>;
  savepoint(name: string): Promise<void>;
  kill(): void;
}

export type StartThread = (spec: JobSpec, listener: JobHostListener) => JobThread;

/** Starts the worker thread of a job. */
export const startWorkerThread: StartThread = (spec, listener) => {
  dropOwnLock(path.join(spec.directory, 'lock'));
  return new JobHost(spec, listener);
};

export type HostEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly failure: JobFailure };

/**
 * The service's side of a job's worker thread. Any end of the thread (an error, `process.exit`, a
 * full heap) causes one `onEnd`; the process continues.
 */
export class JobHost implements JobThread {
  readonly #worker: Worker;
  readonly #listener: JobHostListener;
  #opened = false;
  #asked: 'stop' | 'cancel' | null = null;
  #end: HostEnd | null = null;
  #timer: NodeJS.Timeout | null = null;
  #questions = 0;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: EngineError) => void }
  >();
  readonly ended: Promise<HostEnd>;

  constructor(spec: JobSpec, listener: JobHostListener) {
    this.#listener = listener;
    this.#worker = startWorker(heapMegabytes(spec.memoryBytes));
    let crash: Error | null = null;
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message));
    this.#worker.on('error', (error) => {
      crash = error;
    });
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = null;
        const end = this.#end ?? this.#unexpectedEnd(crash, code);
        const gone = new EngineError('JOB_NOT_RUNNING', `the job ${spec.id} does not run`, { job: spec.id });
        for (const { reject } of this.#waiting.values()) reject(gone);
        this.#waiting.clear();
        this.#listener.onEnd(end);
        resolve(end);
      });
    });
    this.send({ kind: 'run', spec });
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /**
   * Ends the job. `stop`: after a last checkpoint, which is `savepoint` if given. `cancel`:
   * immediately. `ended` resolves when the job has ended.
   */
  stop(how: 'stop' | 'cancel', savepoint: SavepointMark | null = null): void {
    if (this.#asked === 'cancel' || this.#asked === how) return;
    this.#asked = how;
    this.send({ kind: 'stop', how, savepoint });
    this.#terminateAfter(how === 'cancel' ? CANCEL_MS : STOP_MS);
  }

  /**
   * Returns the partial matches of a pattern of the job. Rejects if they cannot be read, or if the
   * job ends before the reply.
   */
  openMatches(question: OpenMatchesQuestion): Promise<OpenMatchesJson> {
    return this.#ask((number) => ({ kind: 'open-matches', number, question })) as Promise<OpenMatchesJson>;
  }

  /**
   * Takes a savepoint. Resolves when the savepoint is complete. Rejects if the savepoint fails, or
   * if the job ends before.
   */
  async savepoint(name: string): Promise<void> {
    await this.#ask((number) => ({ kind: 'savepoint', number, name }));
  }

  #ask(message: (number: number) => ToWorker): Promise<unknown> {
    const number = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.send(message(number));
    });
  }

  /** Terminates the thread. */
  kill(): void {
    void this.#worker.terminate();
  }

  #terminateAfter(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#worker.terminate(), ms);
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'open-matches' || message.kind === 'savepoint-taken') {
      const asked = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      if (message.failure !== null) asked?.reject(new EngineError(message.failure.code, message.failure.message, {}));
      else asked?.resolve(message.kind === 'open-matches' ? message.answer : null);
      return;
    }
    if (message.kind === 'opened') this.#opened = true;
    else if (message.kind === 'ended') {
      this.#end =
        message.outcome === 'finished'
          ? { kind: 'finished' }
          : { kind: this.#asked === 'cancel' ? 'canceled' : 'stopped' };
      this.#terminateAfter(LEAVE_MS);
    } else if (message.kind === 'failed') {
      this.#end =
        this.#asked === 'cancel'
          ? { kind: 'canceled' }
          : { kind: 'failed', failure: { ...message.failure, opened: this.#opened } };
      this.#terminateAfter(LEAVE_MS);
    }
    this.#listener.onMessage(message);
  }

  #unexpectedEnd(crash: Error | null, exitCode: number): HostEnd {
    if (this.#asked === 'cancel') return { kind: 'canceled' };
    const outOfMemory = (crash as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const message =
      this.#asked === 'stop'
        ? 'the job did not stop in time and was ended without a last checkpoint'
        : outOfMemory
          ? 'the job used up the heap of its thread'
          : crash !== null
            ? `the thread of the job failed: ${crash.message}`
            : `the thread of the job ended with exit code ${exitCode}`;
    return { kind: 'failed', failure: { code: 'JOB_FAILED', message, opened: this.#opened } };
  }
}

/**
 * Runs the golden case in a folder in a separate thread. Returns null if the case passed, or if the
 * folder has no case.
 */
export async function runGoldenInWorker(
  asked: Omit<Extract<ToWorker, { kind: 'golden' }>, 'kind'>,
): Promise<string | null> {
  const worker = startWorker(512);
  let answer: string | null = 'the golden test ended without an answer';
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'golden') answer = message.failure;
  });
  worker.on('error', (error) => {
    answer = `the golden test failed: ${error.message}`;
  });
  const timer = setTimeout(() => {
    answer = `the golden test took longer than ${GOLDEN_MS / 1000} s`;
    void worker.terminate();
  }, GOLDEN_MS);
  worker.postMessage({ kind: 'golden', ...asked } satisfies ToWorker);
  await new Promise((resolve) => worker.on('exit', resolve));
  clearTimeout(timer);
  return answer;
}

/** Answers EXPLAIN MATCH in a separate thread. Rejects with the failure. */
export async function explainInWorker(spec: ExplainSpec): Promise<ExplanationJson> {
  const worker = startWorker(1024);
  let answer: ExplanationJson | null = null;
  let failure = new EngineError('JOB_FAILED', 'EXPLAIN MATCH ended without an answer', {});
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'explanation') answer = message.explanation;
    if (message.kind === 'failed') failure = new EngineError(message.failure.code, message.failure.message, {});
  });
  worker.on('error', (error) => {
    failure = new EngineError('JOB_FAILED', `EXPLAIN MATCH failed: ${error.message}`, {}, error);
  });
  const timer = setTimeout(() => {
    const seconds = EXPLAIN_MS / 1000;
    failure = new EngineError('JOB_FAILED', `EXPLAIN MATCH took longer than ${seconds} s; ask for a smaller input`, {});
    void worker.terminate();
  }, EXPLAIN_MS);
  worker.postMessage({ kind: 'explain', ...spec } satisfies ToWorker);
  await new Promise((resolve) => worker.on('exit', resolve));
  clearTimeout(timer);
  if (answer === null) throw failure;
  return answer;
}

function startWorker(heapMb: number): Worker {
  // A thread's young generation would grow to 48 MB. With this limit eleven jobs take 55 MB less,
  // at the same speed.
  return new Worker(WORKER, { resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 24 } });
}

/**
 * Returns the heap limit of a thread. Typed arrays of the state are outside the heap. Keys, current
 * rows and the rest of the job are inside.
 */
const heapMegabytes = (memoryBytes: number): number => 256 + Math.ceil((memoryBytes * 3) / 1048576);
