import { connectorCatalog } from '../connectors/connector-registry.ts';
import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import { invariant } from '../core/invariant.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { SavepointMark } from '../engine/checkpoint/manifest.ts';
import type { JobMetrics } from '../engine/job/job-metrics.ts';
import { explainPlan } from '../plan/explain.ts';
import { redactPlan } from '../plan/redact-secrets.ts';
import type { JobDefinition } from './job-definition.ts';
import { jobSpec, type SpecSurroundings } from './job-spec.ts';
import { isActive, JOB_STATES, type JobEventName } from './job-states.ts';
import type { OpenMatchesJson } from './match-explanation/open-matches-json.ts';
import type { MemoryUse } from './memory-shares.ts';
import { OutputFeed } from './output-feed.ts';
import { ReportedMemory } from './reported-memory.ts';
import { RestartStrategy } from './restart-strategy.ts';
import type { JobDetail, JobState, JobSummary, ReloadStatus } from './service-api.ts';
import type { ServiceLog } from './service-log.ts';
import type { JobEnd } from './store/change.ts';
import type { HostEnd, JobThread, StartThread } from './worker/job-host.ts';
import type { FromJob, JobFailure } from './worker/messages.ts';
import type { OpenMatchesQuestion } from './worker/open-matches-question.ts';

const FAILURES_KEPT = 20;
const RELOADS_KEPT = 10;
/** The job learns of its share of the memory when it changes by this part. */
const SHARE_CHANGE = 0.1;
/** Time until a job starts again whose thread another job has ended. */
const DISPLACED_DELAY_MS = 100;

/** What a job needs from the service. */
export interface JobSurroundings extends SpecSurroundings {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly startThread: StartThread;
  readonly random: () => number;
  readonly log: ServiceLog;
  onRows(job: ManagedJob, sink: string, lines: readonly string[], written: number): void;
  onState(job: ManagedJob): void;
  onReload(job: ManagedJob, reload: ReloadStatus): void;
  /** The continuations before the last start of the service, oldest first. */
  readonly reloads: readonly ReloadStatus[];
  print(text: string): void;
}

/**
 * A job of the service: its state, its thread, its restarts and its last report.
 */
export class ManagedJob {
  readonly definition: JobDefinition;
  readonly output: OutputFeed;
  state: JobState = 'CREATED';
  readonly #around: JobSurroundings;
  #restarts: RestartStrategy;
  #host: JobThread | null = null;
  /** The job may have ended a thread that it shared. Now it gets its own. */
  #suspected = false;
  /** Cancels the restart; null: none is due. */
  #retry: (() => void) | null = null;
  #restartCount = 0;
  /** The checkpoint from which the next start continues; null: the newest. */
  #restoreEpoch: number | null = null;
  #startedAt: number | null = null;
  #endedAt: number | null = null;
  #metrics: JobMetrics | null = null;
  #memoryUse = new ReportedMemory();
  /** The share of the memory that the thread knows, bytes. */
  #share = 0;
  #reloads: readonly ReloadStatus[];
  #failures: { at: number; code: ErrorCode; message: string }[] = [];
  #failure: { code: ErrorCode; message: string } | null = null;
  #settled: ((failure: JobFailure | null) => void)[] = [];
  #endWaiters: (() => void)[] = [];
  #leaving = false;

  constructor(definition: JobDefinition, around: JobSurroundings) {
    this.definition = definition;
    this.#around = around;
    this.#reloads = around.reloads;
    this.#restarts = new RestartStrategy(definition.settings, around.random);
    this.output = new OutputFeed(definition.plan, definition.preview, {
      follow: (on) => this.#host?.send({ kind: 'follow', on }),
      taken: () => this.#host?.send({ kind: 'taken' }),
    });
  }

  get id(): string {
    return this.definition.id;
  }

  get active(): boolean {
    return isActive(this.state);
  }

  /** Marks a stored job as ended. */
  markEnded({ state, at, failure, failures = [] }: JobEnd): void {
    this.state = state;
    this.#endedAt = at;
    this.#failure = failure;
    this.#failures = [...failures];
    this.output.end(state);
  }

  /**
   * Starts the thread. Resolves with null when the job runs, or with the failure that prevented it.
   * `epoch`: the checkpoint from which to continue instead of the newest.
   */
  start(epoch: number | null = null): Promise<JobFailure | null> {
    this.#restoreEpoch = epoch;
    if (!this.active) {
      // Starting a job whose restarts were exhausted resets its count of failures.
      this.#restarts = new RestartStrategy(this.definition.settings, this.#around.random);
      this.#step('start');
    }
    invariant(this.#host === null, `job ${this.id} has a thread already`);
    this.#endedAt = null;
    return new Promise((resolve) => {
      this.#settled.push(resolve);
      this.#launch();
    });
  }

  /** Starts a job that waits for its restart. */
  hurry(): void {
    if (this.#retry === null) return;
    this.#retry();
    this.#launch();
  }

  #launch(): void {
    this.#retry = null;
    try {
      const spec = jobSpec(this.definition, this.#around, this.#suspected, this.#restoreEpoch);
      const host = this.#around.startThread(spec, {
        onMessage: (message) => this.#guarded(() => this.#onMessage(message)),
        onEnd: (end) => this.#onEnd(end),
      });
      this.#host = host;
      this.#share = 0;
      this.#memoryUse = new ReportedMemory();
      if (this.output.followed) host.send({ kind: 'follow', on: true });
    } catch (error) {
      this.#onEnd({
        kind: 'failed',
        failure: { code: 'JOB_FAILED', message: (error as Error).message, opened: false },
      });
    }
  }

  /**
   * Stops the job after a last checkpoint. This checkpoint is `savepoint` if given. Resolves when
   * the job has ended, also after a failure.
   */
  stop(savepoint: SavepointMark | null = null): Promise<void> {
    return this.#end('stop', savepoint);
  }

  /** Whether the job is being replaced or removed. Such a job must not be started. */
  get leaving(): boolean {
    return this.#leaving;
  }

  /**
   * Marks the job, so that no request starts it. Call this before you end a job to remove it: a
   * request may arrive in the meantime.
   */
  leave(): void {
    this.#leaving = true;
  }

  /** Allows starts again. Call this if the job could not be removed. */
  stay(): void {
    this.#leaving = false;
  }

  /** Returns whether the job is ending on request. */
  get stopping(): boolean {
    return this.#endWaiters.length > 0;
  }

  /** Resolves when the job has ended, if it is ending on request; otherwise immediately. */
  async stopped(): Promise<void> {
    while (this.stopping) await new Promise<void>((resolve) => this.#endWaiters.push(resolve));
  }

  /** Resolves when the savepoint is complete. */
  async savepoint(name: string): Promise<void> {
    await this.#running().savepoint(name);
  }

  #running(): JobThread {
    if (this.#host !== null && this.state === 'RUNNING') return this.#host;
    throw new EngineError('JOB_NOT_RUNNING', `the job ${this.id} does not run`, { job: this.id });
  }

  /** Stops the job immediately, without a checkpoint. */
  cancel(): Promise<void> {
    return this.#end('cancel');
  }

  #end(how: 'stop' | 'cancel', savepoint: SavepointMark | null = null): Promise<void> {
    if (!this.active) return Promise.resolve();
    if (this.#host === null) {
      if (this.#retry !== null) this.#retry();
      this.#retry = null;
      this.#step(how === 'stop' ? 'stopped' : 'canceled');
      // If a thread ended before the job opened, the start still waits.
      this.#settle(null);
      return Promise.resolve();
    }
    this.#host.stop(how, savepoint);
    return new Promise((resolve) => this.#endWaiters.push(resolve));
  }

  kill(): void {
    this.#host?.kill();
  }

  openMatches(question: OpenMatchesQuestion): Promise<OpenMatchesJson> {
    return this.#running().openMatches(question);
  }

  get memoryUse(): MemoryUse {
    return this.#memoryUse.now(this.#around.clock.monotonicMs());
  }

  /** Gives the job its share of the memory, in bytes. Small changes are not worth a message. */
  shareMemory(bytes: number): void {
    if (this.state !== 'RUNNING' || Math.abs(bytes - this.#share) < this.#share * SHARE_CHANGE) return;
    this.#share = bytes;
    this.#host?.send({ kind: 'memory', bytes });
  }

  #onMessage(message: FromJob): void {
    switch (message.kind) {
      case 'opened':
        this.#startedAt = this.#around.clock.now();
        this.#restoreEpoch = null;
        this.#step('opened');
        this.#settle(null);
        return;
      case 'reloaded':
        this.#onReload({ at: this.#around.clock.now(), operators: message.operators });
        return;
      case 'metrics':
      case 'ended':
        this.#metrics = message.metrics;
        this.#memoryUse.report(message.metrics, this.#around.clock.monotonicMs());
        return;
      case 'rows':
        this.output.take(message);
        this.#around.onRows(this, message.sink, message.lines, message.written);
        return;
      case 'note':
        this.#around.log[message.level]({ job: this.id }, message.message);
        return;
      case 'print':
        this.#around.print(message.text);
        return;
      case 'failed':
      case 'open-matches':
      case 'savepoint-taken':
        return;
    }
  }

  #onReload(reload: ReloadStatus): void {
    this.#reloads = [...this.#reloads, reload].slice(-RELOADS_KEPT);
    this.#around.onReload(this, reload);
  }

  /**
   * The thread's events have no caller that could handle an error. An error must end neither the
   * process nor the other jobs.
   */
  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#around.log.error({ job: this.id }, `internal error: ${(error as Error).stack ?? String(error)}`);
    }
  }

  #onEnd(end: HostEnd): void {
    this.#host = null;
    this.#guarded(() => {
      if (end.kind === 'displaced') this.#onDisplaced(end);
      else if (end.kind === 'failed') this.#onFailure(end.failure);
      else this.#step(end.kind);
    });
    // Only after an internal error. A job without a thread must not be shown as running.
    if (this.active && this.#retry === null) this.state = 'FAILED';
    if (end.kind !== 'displaced') this.#settle(end.kind === 'failed' ? end.failure : null);
    else if (!this.active) this.#settle(end.failure);
    if (this.#retry !== null) return;
    const waiters = this.#endWaiters;
    this.#endWaiters = [];
    for (const done of waiters) done();
  }

  #onFailure(failure: JobFailure): void {
    const { preview } = this.definition;
    const ends = preview || this.stopping;
    this.#restartAfter(failure, ends ? null : this.#restarts.next(failure.code, this.#around.clock.monotonicMs()));
  }

  /**
   * The thread ended, probably because of another job. So the restart is not one of those that the
   * restart strategy counts.
   */
  #onDisplaced({ failure, alone }: Extract<HostEnd, { kind: 'displaced' }>): void {
    this.#suspected ||= alone;
    this.#restartAfter(failure, this.definition.preview ? null : DISPLACED_DELAY_MS);
  }

  /** `delay`: milliseconds; null: the job does not start again. */
  #restartAfter({ code, message }: JobFailure, delay: number | null): void {
    const { clock, log } = this.#around;
    this.#failure = { code, message };
    this.#failures = [...this.#failures, { at: clock.now(), code, message }].slice(-FAILURES_KEPT);
    if (delay === null) {
      log.error({ job: this.id, code }, `failed: ${message}`);
      this.#step('gave-up');
      return;
    }
    log.warn({ job: this.id, code }, `failed, starts again in ${(delay / 1000).toFixed(1)} s: ${message}`);
    this.#restartCount++;
    this.#retry = this.#around.scheduler.after(delay, () => this.#launch());
    this.#step('failed');
  }

  /** The job has ended, but the service could not store that. So the job has failed. */
  endNotStored(why: string): void {
    invariant(!this.active, `job ${this.id} runs`);
    const code = 'STATE_STORE';
    const message = `the job has ended as ${this.state}, but its end cannot be stored: ${why}`;
    this.state = 'FAILED';
    this.#failure = { code, message };
    this.#failures = [...this.#failures, { at: this.#around.clock.now(), code, message } as const].slice(
      -FAILURES_KEPT,
    );
    this.#around.log.error({ job: this.id, code }, message);
  }

  #settle(failure: JobFailure | null): void {
    const settled = this.#settled;
    this.#settled = [];
    for (const resolve of settled) resolve(failure);
  }

  #step(event: JobEventName): void {
    const next = JOB_STATES[this.state][event];
    invariant(next !== null, `job ${this.id}: ${event} in state ${this.state}`);
    this.state = next;
    if (event === 'opened' || event === 'start') this.#failure = null;
    if (event === 'start') this.output.reopen();
    if (!this.active) {
      this.#endedAt = this.#around.clock.now();
      this.output.end(next);
    }
    this.#around.onState(this);
  }

  summary(): JobSummary {
    const metrics = this.#metrics;
    return {
      id: this.id,
      state: this.state,
      origin: this.definition.origin,
      createdAt: this.definition.createdAt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      restarts: this.#restartCount,
      rowsIn: metrics?.rowsIn ?? 0,
      rowsOut: metrics?.rowsOut ?? 0,
      lateRows: metrics?.lateRows ?? 0,
      malformedRows: metrics?.malformedRows ?? 0,
      watermark: metrics?.watermark ?? null,
      stateBytes: metrics?.cacheBytes ?? 0,
      failure: this.#failure,
    };
  }

  get endedAt(): number | null {
    return this.#endedAt;
  }

  get failure(): { readonly code: ErrorCode; readonly message: string } | null {
    return this.#failure;
  }

  /** The last continuation with a changed query. */
  get reload(): ReloadStatus | null {
    return this.#reloads.at(-1) ?? null;
  }

  /** Returns the latest failures, oldest first. */
  get failures(): JobDetail['failures'] {
    return this.#failures;
  }

  detail(): JobDetail {
    const plan = redactPlan(this.definition.plan, connectorCatalog.secrets);
    return {
      ...this.summary(),
      plan,
      explain: explainPlan(plan),
      metrics: this.#metrics,
      failures: this.#failures,
      reload: this.reload,
      reloads: this.#reloads,
    };
  }
}
