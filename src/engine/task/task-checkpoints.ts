import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../checkpoint/checkpoint-storage.ts';
import { type Failure, failureOf, outcomeOf } from '../checkpoint/failure.ts';
import type { FromTask, PreparedOutput, StateDemand, ToTask } from '../checkpoint/messages.ts';
import { NO_STATE, StateFiles, type StateSnapshot, type StoredState } from '../checkpoint/state-files.ts';
import { Barrier, type PreparedPart } from '../graph/barrier.ts';
import type { Sink } from '../sink.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';

interface TaskCheckpointOptions {
  readonly storage: CheckpointStorage;
  readonly store: CachedStateStore;
  readonly sinks: ReadonlyMap<string, Sink>;
  /** Sends the barrier through the graph. */
  readonly passBarrier: (barrier: Barrier) => void;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly reply: (reply: FromTask) => void;
}

/**
 * The checkpoints of one task. The barrier is synchronous: it passes through the graph and seals
 * the state. The rest runs in the background: the sealed entries are written, their files are
 * stored, and the sinks make their output durable. When the files are linked, the cache may write
 * to the back end again. The prepared output becomes visible when the coordinator commits it.
 */
export class TaskCheckpoints {
  readonly #options: TaskCheckpointOptions;
  readonly #stateFiles: StateFiles;

  constructor(options: TaskCheckpointOptions) {
    this.#options = options;
    this.#stateFiles = new StateFiles(options.storage, options.disk);
  }

  /** Call this between two batches. */
  receive(message: ToTask): void {
    switch (message.kind) {
      case 'barrier':
        this.#barrier(message.epoch, message.state);
        return;
      case 'commit':
        void this.#commit(message.epoch, message.output);
        return;
      case 'renew-state':
        this.#options.store.renewLog();
        return;
    }
  }

  #barrier(epoch: number, state: StateDemand): void {
    const { clock, store, passBarrier } = this.#options;
    const since = clock.monotonicMs();
    const barrier = new Barrier(epoch);
    passBarrier(barrier);
    if (state !== 'none') store.seal();
    void this.#prepare(barrier, state, clock.monotonicMs() - since);
  }

  async #prepare({ epoch, parts, cut }: Barrier, demand: StateDemand, pauseMs: number): Promise<void> {
    const [state, output] = await Promise.all([
      outcomeOf(this.#storeState(epoch, demand)),
      outcomeOf(durableOutput(parts)),
    ]);
    this.#options.reply({ kind: 'prepared', epoch, pauseMs, cut, state, output });
  }

  async #storeState(epoch: number, demand: StateDemand): Promise<StoredState> {
    if (demand === 'none') return NO_STATE;
    return this.#stateFiles.store(await this.#snapshotState(epoch), demand === 'all');
  }

  /**
   * Writes the state at the barrier to local files. The files do not change before the next
   * barrier.
   */
  async #snapshotState(epoch: number): Promise<StateSnapshot> {
    const { store, storage } = this.#options;
    const { log } = store;
    try {
      if (log !== null) {
        await store.writeSealed();
        return { directory: null, files: log.files };
      }
      await store.writeSealed().catch((cause: unknown) => {
        if (cause instanceof EngineError) throw cause;
        throw new EngineError('STATE_STORE', `state cannot be written: ${String(cause)}`, { epoch }, cause);
      });
      const directory = await storage.workDirectory(`snapshot-${epoch}`);
      const names = await store.backend.snapshotTo(directory);
      return { directory, files: names.map((name) => ({ name, path: path.join(directory, name) })) };
    } finally {
      store.unseal();
    }
  }

  async #commit(epoch: number, output: PreparedOutput): Promise<void> {
    const committed: string[] = [];
    let failure: Failure | null = null;
    try {
      for (const sink of this.#options.sinks.values()) sink.settle?.();
      for (const [name, sink] of this.#options.sinks) {
        const parts = output[name];
        if (parts === undefined) continue;
        for (const part of parts) await sink.commit(part);
        committed.push(name);
      }
    } catch (cause) {
      failure = failureOf(cause);
    }
    this.#options.reply({ kind: 'committed', epoch, sinks: committed, failure });
  }
}

/** Waits for all parts, even if some fail. */
async function durableOutput(parts: readonly PreparedPart[]): Promise<Readonly<Record<string, unknown>>> {
  const settled = await Promise.allSettled(parts.map(({ prepared }) => prepared));
  const output: Record<string, unknown> = {};
  for (const [i, result] of settled.entries()) {
    if (result.status === 'rejected') {
      const { reason } = result as PromiseRejectedResult;
      if (reason instanceof EngineError) throw reason;
      throw new EngineError('CONNECTOR_WRITE', `output cannot be made durable: ${String(reason)}`, {}, reason);
    }
    output[parts[i]!.name] = result.value;
  }
  return output;
}
