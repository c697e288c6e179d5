import { EngineError } from '../../core/engine-error.ts';
import type { CompiledPattern } from '../patterns/compile-pattern.ts';
import type { SubmissionLimits } from '../submission.ts';
import { catalogDifference } from './catalog-difference.ts';
import type { CompileReply, CompileRequest, PatternRequest, SubmissionReply } from './compile-request.ts';
import { type CompileLimits, CompileThread } from './compile-thread.ts';

/** A second text is compiled while the first takes long. */
const THREADS_MAX = 2;
/** The second thread ends after this time without work. */
const IDLE_MS = 10_000;
const LIMITS: CompileLimits = { timeMs: 10_000, heapMegabytes: 512 };

/** Compiles the texts of the service. A simulation has its own. */
export interface Compiler {
  submission(
    sql: string,
    settings: Readonly<Record<string, string>>,
    limits: SubmissionLimits,
  ): Promise<SubmissionReply>;
  pattern(asked: Omit<PatternRequest, 'kind'>): Promise<CompiledPattern>;
  close(): Promise<void>;
}

/**
 * Compiles texts in threads of their own, so that no text delays replies over HTTP. A text that
 * takes too long or needs too much memory ends its thread, and is refused with SQL_LIMIT.
 */
export class CompilePool implements Compiler {
  readonly #limits: CompileLimits;
  readonly #threads: CompileThread[] = [];
  /** The threads that have a request. */
  readonly #taken = new Set<CompileThread>();
  /** The requests that wait for a thread, oldest first. */
  readonly #queue: ((thread: CompileThread) => void)[] = [];
  #idle: NodeJS.Timeout | null = null;

  constructor(limits: CompileLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Compiles and checks a text from HTTP. Rejects with the first mistake of the text. */
  async submission(
    sql: string,
    settings: Readonly<Record<string, string>>,
    limits: SubmissionLimits,
  ): Promise<SubmissionReply> {
    const { catalog, serviceSettings, defaultSettings, baseDirectory, roots } = limits;
    const reply = await this.#ask((thread) => {
      const difference = catalogDifference(thread.catalog, catalog);
      thread.catalog = catalog;
      return {
        kind: 'submission',
        sql,
        settings,
        limits: { serviceSettings, defaultSettings, baseDirectory, roots },
        catalog: difference,
      };
    });
    return expect(reply, 'submission');
  }

  /** Compiles the text of a pattern. Mistakes are in the result. */
  async pattern(asked: Omit<PatternRequest, 'kind'>): Promise<CompiledPattern> {
    try {
      return expect(await this.#ask(() => ({ kind: 'pattern', ...asked })), 'pattern').compiled;
    } catch (error) {
      if (error instanceof EngineError && error.code === 'SQL_LIMIT') {
        return { ok: false, diagnostics: [], problem: error.message };
      }
      throw error;
    }
  }

  async #ask(request: (thread: CompileThread) => CompileRequest): Promise<CompileReply> {
    const thread = this.#take() ?? (await new Promise<CompileThread>((resolve) => this.#queue.push(resolve)));
    try {
      return await thread.ask(request(thread));
    } finally {
      this.#taken.delete(thread);
      if (this.#queue.length > 0) this.#queue.shift()!(this.#take()!);
      else this.#endSecondLater();
    }
  }

  /** Takes a thread that has no request, or a new one. Null: there are no more threads. */
  #take(): CompileThread | null {
    const thread = this.#threads.find((each) => !this.#taken.has(each)) ?? this.#start();
    if (thread !== null) this.#taken.add(thread);
    return thread;
  }

  #start(): CompileThread | null {
    if (this.#threads.length >= THREADS_MAX) return null;
    const started: CompileThread = new CompileThread(this.#limits, () => this.#remove(started));
    this.#threads.push(started);
    return started;
  }

  #remove(thread: CompileThread): void {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
  }

  #endSecondLater(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      for (const thread of this.#threads.slice(1)) {
        if (this.#taken.has(thread)) continue;
        this.#remove(thread);
        thread.terminate();
      }
    }, IDLE_MS).unref();
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const threads = [...this.#threads];
    for (const thread of threads) thread.terminate();
    await Promise.all(threads.map((thread) => thread.exited));
  }
}

function expect<K extends 'submission' | 'pattern'>(reply: CompileReply, kind: K): Extract<CompileReply, { kind: K }> {
  if (reply.kind === kind) return reply as Extract<CompileReply, { kind: K }>;
  if (reply.kind === 'refused') throw new EngineError(reply.code, reply.message, { ...reply.details });
  const error = new Error(reply.kind === 'failed' ? reply.message : `unexpected reply ${reply.kind}`);
  if (reply.kind === 'failed') error.stack = reply.stack;
  throw error;
}
