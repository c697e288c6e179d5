import type { Clock } from '../../core/clock.ts';
import type { EngineError } from '../../core/engine-error.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import { tablesBelow } from '../../plan/scans-below.ts';
import type { OperatorIdentity } from '../checkpoint/manifest.ts';
import type { ToTask } from '../checkpoint/messages.ts';
import type { Barrier } from '../graph/barrier.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { GraphNode } from '../graph/graph-node.ts';
import { TurnOrder } from '../graph/source-order.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import type { RemoteSubtask } from '../subtask/remote-subtask.ts';
import { BackendMemory } from './backend-memory.ts';
import { BusyTimes } from './busy-times.ts';
import { closeAll } from './close-all.ts';
import { DiskGuard } from './disk-guard.ts';
import { type Dropped, DropReport } from './drop-report.ts';
import { entriesByName } from './entries-by-name.ts';
import { Questions } from './questions.ts';
import type { TaskCheckpoints } from './task-checkpoints.ts';
import { readTaskMetrics, type TaskMetrics } from './task-metrics.ts';

/** The task yields to other work in the process at least this often. */
const YIELD_EVERY_MS = 4;
const PROCESSING_TIME_EVERY_MS = 10;
/** While there are no rows, the task checks its memory and its disk at least this often. */
const UPKEEP_EVERY_MS = 100;

export interface TaskOptions {
  readonly graph: Graph;
  readonly store: CachedStateStore;
  readonly operators: readonly OperatorIdentity[];
  /** The subtasks of an operator that run beside the task. */
  readonly subtasks: readonly RemoteSubtask[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly batchRows: number;
  /** See `StateOptions`. */
  readonly diskLowWaterBytes: number;
  /**
   * Called between two batches. `now`: monotonic milliseconds. Returns the maximum number of
   * milliseconds until the next call.
   */
  readonly onTurn: (now: number) => number;
  readonly onEvent: (event: TaskEvent) => void;
  /** The error for questions after the task is closed. */
  readonly notRunning: () => EngineError;
}

export type TaskEvent =
  | { readonly kind: 'disk-low'; readonly freeBytes: number }
  | { readonly kind: 'dropped'; readonly dropped: Dropped };

/** The commands to a task, from the coordinator and from its job. */
export type TaskMessage =
  | ToTask
  /**
   * Stop reading. `drain`: the last watermark is then sent, so that windows and absences fire.
   */
  | { readonly kind: 'stop'; readonly drain: boolean };

/**
 * A running part of a plan, from sources to sinks. It uses one thread and has its own state. One
 * loop takes batches from the sources in their total order, sends them through the graph and keeps
 * the cache within its budget. The task processes barriers and questions between two batches.
 */
export class Task {
  readonly graph: Graph;
  readonly store: CachedStateStore;
  readonly subtasks: readonly RemoteSubtask[];
  readonly busy: BusyTimes;
  readonly backendMemory: BackendMemory;
  /** Absent: the job has no checkpoints. */
  checkpoints: TaskCheckpoints | null = null;
  readonly questions: Questions;
  readonly #options: TaskOptions;
  readonly #drops: DropReport;
  readonly #disk: DiskGuard;
  #stop: { readonly drain: boolean } | null = null;
  #looping = false;
  /** An event has occurred since the sources were last polled. */
  #called = false;
  #pause: AbortController | null = null;
  #barriers: ToTask[] = [];
  readonly #settling: readonly GraphNode[];

  constructor(options: TaskOptions) {
    const { graph, store, clock, operators, diskLowWaterBytes, onEvent, notRunning } = options;
    this.#options = options;
    this.graph = graph;
    this.store = store;
    this.subtasks = options.subtasks;
    this.busy = new BusyTimes(graph.nodes);
    this.backendMemory = new BackendMemory(store.backend);
    this.questions = new Questions(notRunning);
    this.#settling = graph.nodes.filter(({ operator }) => operator.settle !== undefined);
    const tables = tablesBelow(graph.nodes.map(({ plan }) => plan));
    this.#drops = new DropReport(() =>
      graph.nodes.map(({ plan, operator }) => ({
        name: plan.name,
        tables: tables[plan.id]!,
        counters: operator.metrics?.() ?? {},
      })),
    );
    this.#disk = new DiskGuard({
      clock,
      freeBytes: () => store.backend.freeDiskBytes(),
      lowWaterBytes: diskLowWaterBytes,
      entries: () => entriesByName(store, operators),
      onLow: (freeBytes) => onEvent({ kind: 'disk-low', freeBytes }),
      stopped: () => this.#stop !== null,
    });
  }

  /**
   * Sends a command to the task. A barrier is processed between two batches, all other commands
   * immediately.
   */
  send(message: TaskMessage): void {
    if (message.kind === 'stop') {
      this.#stop ??= message;
      this.wake();
    } else if (message.kind === 'barrier' && this.#looping) {
      this.#barriers.push(message);
      this.wake();
    } else this.checkpoints?.receive(message);
  }

  /** Ends a pause, because there may be work. */
  wake(): void {
    this.#called = true;
    this.#pause?.abort();
  }

  /** Runs `look` between two batches. See `Questions.ask`. */
  ask<T>(look: () => Promise<T>): Promise<T> {
    const answer = this.questions.ask(look);
    this.wake();
    return answer;
  }

  /** Runs until the input ends or the task is stopped. */
  async run(): Promise<'ended' | 'stopped'> {
    this.#looping = true;
    for (const source of this.graph.sources) source.start(() => this.wake());
    const end = await this.#loop();
    await this.#settle();
    this.#looping = false;
    this.#passBarriers();
    if (this.#stop?.drain) await this.#drain();
    await this.#settle();
    this.#reportDrops(this.#drops.changed());
    return end;
  }

  async #loop(): Promise<'ended' | 'stopped'> {
    const { graph, clock, scheduler, batchRows, onTurn } = this.#options;
    const { sources } = graph;
    const turns = new TurnOrder(sources);
    const ticking = graph.nodes.filter((n) => n.operator.onProcessingTime !== undefined);
    let yieldAt = clock.monotonicMs() + YIELD_EVERY_MS;
    let tickAt = 0;
    while (this.#stop === null) {
      this.#called = false;
      for (const source of sources) {
        const wait = source.fill(Math.min(batchRows, this.store.rowLimit));
        if (wait) await wait;
      }
      const turn = turns.next();
      if (turn === 'end') return 'ended';
      if (turn === 'ready') {
        const wait = turns.source!.send(turns.split!, turns.limit, turns.orEqual);
        if (wait) await wait;
        const evict = this.store.maintain(batchRows * 2);
        if (evict) await evict;
      } else if (this.store.budgetLowered) {
        // Without rows the cache would not shrink.
        const evict = this.store.maintain(0);
        if (evict) await evict;
      }
      const now = clock.monotonicMs();
      this.#reportDrops(this.#drops.due(now));
      this.busy.sample(now);
      this.backendMemory.sample(now);
      const short = this.#disk.check(now);
      if (short) await short;
      if (now >= tickAt && ticking.length > 0) {
        tickAt = now + PROCESSING_TIME_EVERY_MS;
        for (const node of ticking) {
          const wait = node.tick(clock.now());
          if (wait) await wait;
        }
      }
      const dueMs = onTurn(now);
      const taken = this.#takeBarriers();
      if (taken) await taken;
      if (this.questions.any) await this.questions.answer();
      if (turn === 'wait') {
        const settled = this.#settle();
        if (settled) await settled;
      }
      if (turn === 'wait' && !this.#called) {
        const idleMs = Math.min(...sources.map((source) => source.idleInMs(now)));
        const tickMs = ticking.length > 0 ? PROCESSING_TIME_EVERY_MS : UPKEEP_EVERY_MS;
        await this.#pauseFor(Math.min(dueMs, idleMs, tickMs));
      } else if (now >= yieldAt || turn === 'wait') {
        await scheduler.turn();
        yieldAt = clock.monotonicMs() + YIELD_EVERY_MS;
      }
    }
    return 'stopped';
  }

  /** Waits until `wake` is called, but at most `ms`. */
  async #pauseFor(ms: number): Promise<void> {
    this.#pause = new AbortController();
    await this.#options.clock.sleep(Math.max(1, ms), this.#pause.signal);
    this.#pause = null;
  }

  /**
   * Processes the barriers. No batch is processed between the moment when the coordinator sends a
   * barrier and this call, so the subtasks of operators get it at the same place.
   */
  #takeBarriers(): void | Promise<void> {
    if (this.#barriers.length === 0) return;
    const settled = this.#settle();
    if (settled) return this.#passSettled(settled);
    this.#passBarriers();
  }

  async #passSettled(settled: Promise<void>): Promise<void> {
    try {
      await settled;
    } catch (cause) {
      // The coordinator must not wait for a task that fails.
      for (const barrier of this.#barriers.splice(0)) this.checkpoints?.refuse(barrier, cause);
      throw cause;
    }
    this.#passBarriers();
  }

  #passBarriers(): void {
    for (const barrier of this.#barriers.splice(0)) this.checkpoints?.receive(barrier);
  }

  /** Lets the operators with subtasks emit what these owe. */
  #settle(): void | Promise<void> {
    if (this.#settling.length === 0) return;
    return this.#settleAll();
  }

  async #settleAll(): Promise<void> {
    for (const node of this.#settling) await node.settle();
  }

  /** Sends a barrier through the graph. Call this only between two batches. */
  passBarrier(barrier: Barrier): void {
    for (const source of this.graph.sources) source.sendBarrier(barrier);
  }

  /**
   * Sends the last watermark without the rest of the input. Everything that waits for the watermark
   * fires.
   */
  async #drain(): Promise<void> {
    const open = this.graph.sources.filter((source) => !source.finished);
    for (const source of open.sort((a, b) => a.watermark - b.watermark)) await source.drain();
  }

  /** Commits the output of a job without checkpoints. */
  async commitOutput(): Promise<void> {
    for (const sink of this.graph.sinks.values()) {
      const prepared = await sink.prepare(1).prepared;
      if (prepared !== null) await sink.commit(prepared);
    }
  }

  #reportDrops(drops: readonly Dropped[]): void {
    for (const dropped of drops) this.#options.onEvent({ kind: 'dropped', dropped });
  }

  metrics(): TaskMetrics {
    return readTaskMetrics(this);
  }

  async close(): Promise<void> {
    this.questions.close();
    await closeAll([
      ...this.graph.nodes.map((node) => () => node.operator.close?.()),
      ...this.graph.sources.map((source) => () => source.source.close()),
      ...[...this.graph.sinks.values()].map((sink) => () => sink.close()),
      () => this.store.backend.close(),
    ]);
  }
}
