import path from 'node:path';
import { Batch } from '../../batch/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../core/disk.ts';
import { invariant } from '../../core/invariant.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import { checkPlan } from '../../plan/plan-json.ts';
import { failureOf, outcomeOf } from '../checkpoint/failure.ts';
import { snapshotState } from '../checkpoint/snapshot-state.ts';
import type { Operator } from '../operator.ts';
import { createOperator, loadOperators } from '../operators/operator-registry.ts';
import { CachedStateStore } from '../state/cached-state-store.ts';
import { EntryLimit } from '../state/entry-limit.ts';
import { StateLog } from '../state/log/state-log.ts';
import { cacheBytesOf, openBackend, type StateOptions } from '../state/open-backend.ts';
import { type BatchMessage, batchMessage, batchOf, buffersOf } from './batch-message.ts';
import {
  type FromSubtask,
  NO_FIGURES,
  type SubtaskFigures,
  type SubtaskSetup,
  type ToSubtask,
} from './subtask-messages.ts';

const FIGURES_EVERY_MS = 200;

interface SubtaskHostOptions {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly scheduler: Scheduler;
  /** Opens state in files instead of RocksDB, for simulations. */
  readonly openFiles?: StateOptions['openFiles'];
  readonly send: (message: FromSubtask, transfer: ArrayBuffer[]) => void;
}

/**
 * Runs the operator of a subtask on its own state, in the thread of the caller. Processes messages
 * in their order. After a failure it processes only `close`.
 */
export class SubtaskHost {
  readonly #options: SubtaskHostOptions;
  #queue: Promise<void> = Promise.resolve();
  #failed = false;
  #batchRows = 0;
  #checkpointDirectory: string | null = null;
  #operator: Operator | null = null;
  #store: CachedStateStore | null = null;
  #figures: SubtaskFigures = NO_FIGURES;
  #figuresAt = Number.NEGATIVE_INFINITY;
  /** The running checkpoint. */
  #sealing: Promise<void> = Promise.resolve();

  constructor(options: SubtaskHostOptions) {
    this.#options = options;
  }

  receive(message: ToSubtask): void {
    this.#queue = this.#queue.then(() => this.#handle(message)).catch((cause: unknown) => this.#fail(cause));
  }

  #send(message: FromSubtask, transfer: ArrayBuffer[] = []): void {
    this.#options.send(message, transfer);
  }

  #fail(cause: unknown): void {
    this.#failed = true;
    this.#send({ kind: 'failed', failure: failureOf(cause) });
  }

  async #handle(message: ToSubtask): Promise<void> {
    if (message.kind === 'close') {
      const closed = await outcomeOf(this.#close());
      this.#send({ kind: 'closed', failure: 'failure' in closed ? closed.failure : null });
    } else if (this.#failed) return;
    else if (message.kind === 'open') await this.#open(message.setup);
    else if (message.kind === 'batch') await this.#process(message.batch);
    else if (message.kind === 'barrier') this.#seal(message);
    else this.#store!.renewLog();
  }

  async #open(setup: SubtaskSetup): Promise<void> {
    const { disk, scheduler, clock, openFiles } = this.#options;
    const { backend: kind, memoryBytes, directory, restored, checkpointDirectory } = setup;
    const plan = checkPlan(setup.plan);
    const node = plan.nodes.find(({ name }) => name === setup.node);
    invariant(node !== undefined, 'the plan has the node of the subtask');
    await loadOperators(plan);
    const files = restored === null ? null : { directory, files: { backend: kind, names: restored.files } };
    const backend = await openBackend(
      { backend: kind, memoryBytes, directory, opensLate: true, ...(openFiles === undefined ? {} : { openFiles }) },
      files,
      disk,
    );
    const cacheBytes = cacheBytesOf(kind, memoryBytes);
    const store = new CachedStateStore(backend, cacheBytes, new EntryLimit(cacheBytes, () => node.name));
    this.#store = store;
    this.#batchRows = setup.batchRows;
    const operator = createOperator(node, {
      operator: setup.operator,
      inputs: node.inputs.map((input) => plan.nodes[input]!),
      sink: null,
      state: store,
      clock,
      settings: plan.settings,
      environment: {
        zone: plan.settings['table.local-time-zone'] ?? 'UTC',
        now: () => clock.now(),
        random: () => invariant(false, 'an operator with subtasks calls no random function') as never,
      },
      batchRows: setup.batchRows,
    });
    this.#operator = operator;
    if (restored !== null) {
      await store.restore([setup.operator]);
      if (restored.snapshot !== undefined) await operator.restore?.(restored.snapshot);
    }
    this.#checkpointDirectory = checkpointDirectory;
    if (checkpointDirectory !== null) await store.logTo(new StateLog(checkpointDirectory, disk, scheduler));
    this.#send({ kind: 'opened', counters: operator.metrics?.() ?? {} });
  }

  async #process(message: BatchMessage): Promise<void> {
    const operator = this.#operator!;
    const store = this.#store!;
    const made: BatchMessage[] = [];
    const emit = (batch: Batch): void => {
      if (batch.selected > 0) made.push(wholeMessage(batch));
    };
    const wait = operator.onBatch(batchOf(message), 0, { emit, onlyLastMark: true });
    if (wait) await wait;
    const evict = store.maintain(this.#batchRows * 2);
    if (evict) await evict;
    const transfer = made.flatMap(buffersOf);
    this.#send(
      { kind: 'made', batches: made, counters: operator.metrics?.() ?? {}, figures: this.#readFigures() },
      transfer,
    );
  }

  /** Counting the entries takes long, so the figures may be a little old. */
  #readFigures(): SubtaskFigures {
    const now = this.#options.clock.monotonicMs();
    if (now - this.#figuresAt < FIGURES_EVERY_MS) return this.#figures;
    const store = this.#store!;
    const keysOnDiskBytes = store.keysOnDiskBytes();
    this.#figuresAt = now;
    this.#figures = {
      stateEntries: Object.values(store.entryCounts()).reduce((sum, n) => sum + n, 0),
      entryBytes: store.cacheBytes() - keysOnDiskBytes,
      keysOnDiskBytes,
      evictedEntries: store.evictedEntries,
    };
    return this.#figures;
  }

  /** The barrier is synchronous. The files are written while later batches are processed. */
  #seal({ epoch, state }: Extract<ToSubtask, { kind: 'barrier' }>): void {
    const store = this.#store!;
    const since = this.#options.clock.monotonicMs();
    const snapshot = this.#operator!.snapshot?.();
    if (state !== 'none') store.seal();
    const pauseMs = this.#options.clock.monotonicMs() - since;
    const files =
      state === 'none'
        ? Promise.resolve({ directory: null, files: [] })
        : snapshotState(store, epoch, () => this.#makeDirectory(`snapshot-${epoch}`));
    this.#sealing = outcomeOf(files).then((outcome) =>
      this.#send({ kind: 'sealed', epoch, pauseMs, snapshot, state: outcome }),
    );
  }

  async #makeDirectory(name: string): Promise<string> {
    const directory = path.join(this.#checkpointDirectory!, name);
    this.#options.disk.removeNow(directory);
    this.#options.disk.makeDirectory(directory);
    return directory;
  }

  async #close(): Promise<void> {
    await this.#sealing;
    try {
      await this.#operator?.close?.();
    } finally {
      await this.#store?.backend.close();
    }
  }
}

function wholeMessage(batch: Batch): BatchMessage {
  const { selection, selected } = batch;
  const rows = selection ?? Int32Array.from({ length: selected }, (_, i) => i);
  const unmarked = new Batch(batch.size, batch.columns, batch.kinds, selection, selected);
  return batchMessage(unmarked, rows, selected, null);
}
