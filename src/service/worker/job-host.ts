import { EngineError } from '../../core/engine-error.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { SavepointMark } from '../../engine/checkpoint/manifest.ts';
import type { OpenMatchesJson } from '../match-explanation/open-matches-json.ts';
import type { FromJob, JobFailure, JobSpec, ToJob } from './messages.ts';
import type { OpenMatchesQuestion } from './open-matches-question.ts';
import type { SharedThread, ThreadEnd, ThreadUser } from './worker-thread.ts';

/** A thread whose job does not end in this time is terminated. */
const CANCEL_MS = 2000;
/** The same for a thread with several jobs, because all of them start again then. */
const CANCEL_SHARED_MS = 10_000;
const STOP_MS = 120_000;

export interface JobHostListener {
  onMessage(message: FromJob): void;
  /** Called once after the last message, when the job has ended. */
  onEnd(end: HostEnd): void;
}

/** The thread of a job, as the service sees it. A simulation has its own. */
export interface JobThread {
  send(message: ToJob): void;
  stop(how: 'stop' | 'cancel', savepoint?: SavepointMark | null): void;
  openMatches(question: OpenMatchesQuestion): Promise<OpenMatchesJson>;
  savepoint(name: string): Promise<void>;
  kill(): void;
}

export type StartThread = (spec: JobSpec, listener: JobHostListener) => JobThread;

export type HostEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  /**
   * The thread had to end, probably because of another job. `alone`: the job may be the cause, so
   * it needs a thread of its own from now on.
   */
  | { readonly kind: 'displaced'; readonly failure: JobFailure; readonly alone: boolean };

/**
 * The service's side of one run of a job in a worker thread. Any end of the job or its thread (an
 * error, `process.exit`, a full heap) causes one `onEnd`; the process continues.
 */
export class JobHost implements JobThread, ThreadUser {
  readonly #id: string;
  readonly #thread: SharedThread;
  readonly #run: number;
  readonly #listener: JobHostListener;
  readonly #scheduler: Scheduler;
  opened = false;
  stateBytes = 0;
  #asked: 'stop' | 'cancel' | null = null;
  /** Cancels the termination of the thread; null: none is due. */
  #timer: (() => void) | null = null;
  #questions = 0;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: EngineError) => void }
  >();

  constructor(spec: JobSpec, thread: SharedThread, listener: JobHostListener, scheduler: Scheduler) {
    this.#id = spec.id;
    this.#thread = thread;
    this.#listener = listener;
    this.#scheduler = scheduler;
    this.#run = thread.run(spec, this);
  }

  send(message: ToJob): void {
    this.#thread.send(this.#run, message);
  }

  /**
   * Ends the job. `stop`: after a last checkpoint, which is `savepoint` if given. `cancel`:
   * immediately.
   */
  stop(how: 'stop' | 'cancel', savepoint: SavepointMark | null = null): void {
    if (this.#asked === 'cancel' || this.#asked === how) return;
    this.#asked = how;
    this.send({ kind: 'stop', how, savepoint });
    this.#timer?.();
    const cancelMs = this.#thread.jobs > 1 ? CANCEL_SHARED_MS : CANCEL_MS;
    this.#timer = this.#scheduler.after(how === 'cancel' ? cancelMs : STOP_MS, () => this.kill());
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

  #ask(message: (number: number) => ToJob): Promise<unknown> {
    const number = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.send(message(number));
    });
  }

  /** Terminates the thread with all its jobs. */
  kill(): void {
    this.#thread.terminate();
  }

  onMessage(message: FromJob): void {
    if (message.kind === 'open-matches' || message.kind === 'savepoint-taken') {
      const asked = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      if (message.failure !== null) asked?.reject(new EngineError(message.failure.code, message.failure.message, {}));
      else asked?.resolve(message.kind === 'open-matches' ? message.answer : null);
      return;
    }
    if (message.kind === 'opened') this.opened = true;
    if (message.kind === 'metrics') this.stateBytes = message.metrics.cacheBytes;
    this.#listener.onMessage(message);
    if (message.kind === 'ended') {
      const stopped = this.#asked === 'cancel' ? 'canceled' : 'stopped';
      this.#onEnd({ kind: message.outcome === 'finished' ? 'finished' : stopped });
    } else if (message.kind === 'failed') {
      const failure = { ...message.failure, opened: this.opened };
      if (this.#asked === 'cancel') this.#onEnd({ kind: 'canceled' });
      else if (failure.displaced && this.#asked === null) this.#onEnd({ kind: 'displaced', failure, alone: true });
      else this.#onEnd({ kind: 'failed', failure });
    }
  }

  onThreadEnd({ message, caused, suspected }: ThreadEnd): void {
    const failed = (why: string): JobFailure => ({ code: 'JOB_FAILED', message: why, opened: this.opened });
    if (this.#asked === 'cancel') this.#onEnd({ kind: 'canceled' });
    else if (this.#asked === 'stop') {
      const why = 'the job did not stop in time and was ended without a last checkpoint';
      this.#onEnd({ kind: 'failed', failure: failed(why) });
    } else if (caused) this.#onEnd({ kind: 'failed', failure: failed(message) });
    else {
      const failure = failed(`the thread that the job shares with others ended: ${message}`);
      this.#onEnd({ kind: 'displaced', failure, alone: suspected });
    }
  }

  #onEnd(end: HostEnd): void {
    this.#timer?.();
    this.#timer = null;
    const gone = new EngineError('JOB_NOT_RUNNING', `the job ${this.#id} does not run`, { job: this.#id });
    for (const { reject } of this.#waiting.values()) reject(gone);
    this.#waiting.clear();
    this.#listener.onEnd(end);
  }
}
