import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../checkpoint/checkpoint-storage.ts';
import { type Failure, failureOf, outcomeOf } from '../checkpoint/failure.ts';
import type { FromTask, PreparedOutput, StateDemand, ToTask } from '../checkpoint/messages.ts';
import { snapshotState } from '../checkpoint/snapshot-state.ts';
import { NO_STATE, type StateFiles, type StoredState } from '../checkpoint/state-files.ts';
import { Barrier, type PreparedPart } from '../graph/barrier.ts';
import type { Sink } from '../sink.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';

interface TaskCheckpointOptions {
  readonly storage: CheckpointStorage;
  readonly stateFiles: StateFiles;
  readonly store: CachedStateStore;
  readonly sinks: ReadonlyMap<string, Sink>;
  /** Sends the barrier through the graph. */
  readonly passBarrier: (barrier: Barrier) => void;
  readonly clock: Clock;
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

  constructor(options: TaskCheckpointOptions) {
    this.#options = options;
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

  /** Answers a barrier that the task cannot process. */
  refuse(message: ToTask, cause: unknown): void {
    if (message.kind !== 'barrier') return;
    const failed = { failure: failureOf(cause) };
    const cut = { sources: {}, rows: {}, snapshots: {} };
    const { epoch } = message;
    this.#options.reply({ kind: 'prepared', epoch, pauseMs: 0, cut, state: failed, output: { value: {} } });
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
    const { store, storage, stateFiles } = this.#options;
    const snapshot = await snapshotState(store, epoch, () => storage.workDirectory(`snapshot-${epoch}`));
    return stateFiles.store(snapshot, demand === 'all');
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
