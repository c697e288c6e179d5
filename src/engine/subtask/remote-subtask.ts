import { errorOf, type Failure, outcomeOf } from '../checkpoint/failure.ts';
import type { FromTask, StateDemand, TaskPort, ToTask } from '../checkpoint/messages.ts';
import { NO_STATE, type StateFiles, type StoredState } from '../checkpoint/state-files.ts';
import type { OperatorCounters } from '../operator.ts';
import { type BatchMessage, buffersOf } from './batch-message.ts';
import type { OpenChannel, SubtaskChannel } from './subtask-channel.ts';
import {
  type FromSubtask,
  type MadeBatches,
  NO_FIGURES,
  type SubtaskFigures,
  type SubtaskSetup,
} from './subtask-messages.ts';

interface RemoteSubtaskOptions {
  readonly open: OpenChannel;
  readonly setup: SubtaskSetup;
  /** Null: the job has no checkpoints. */
  readonly stateFiles: StateFiles | null;
  /** Sends a message to the coordinator. */
  readonly reply: (reply: FromTask) => void;
}

/**
 * A subtask as its task sees it: it gets batches and returns results, in the same order. It takes
 * part in checkpoints as a task with state and without output. It processes a barrier after the
 * batches before it. The task emits their results before it passes the barrier on.
 */
export class RemoteSubtask implements TaskPort {
  counters: OperatorCounters = {};
  figures: SubtaskFigures = NO_FIGURES;
  readonly #options: RemoteSubtaskOptions;
  readonly #channel: SubtaskChannel;
  readonly #made: MadeBatches[] = [];
  #failure: Error | null = null;
  /** Ends the pause of a caller that waits for a message. */
  #arrived: () => void = () => {};
  #open = false;
  /** It sends no more messages. */
  #closed = false;
  #closeFailure: Failure | null = null;
  /** What each running checkpoint stores. */
  readonly #demands = new Map<number, StateDemand>();

  constructor(options: RemoteSubtaskOptions) {
    const { open, setup } = options;
    this.#options = options;
    this.#channel = open((message) => this.#receive(message));
    this.#channel.post({ kind: 'open', setup }, []);
  }

  /** Resolves when the subtask has its state. */
  async opened(): Promise<void> {
    while (!this.#open) await this.#arrival();
  }

  process(batch: BatchMessage): void {
    this.#channel.post({ kind: 'batch', batch }, buffersOf(batch));
  }

  /** Returns the results of the oldest batch whose results were not taken; null: not there yet. */
  take(): MadeBatches | null {
    if (this.#made.length === 0) this.#channel.poll();
    if (this.#failure !== null) throw this.#failure;
    return this.#made.shift() ?? null;
  }

  /** The same, waiting for them. */
  async taken(): Promise<MadeBatches> {
    for (;;) {
      const made = this.take();
      if (made !== null) return made;
      await this.#arrival();
    }
  }

  /** Waits for a message. Throws the failure of the subtask. */
  async #arrival(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    if (this.#failure !== null) throw this.#failure;
  }

  #receive(message: FromSubtask): void {
    switch (message.kind) {
      case 'opened':
        this.#open = true;
        this.counters = message.counters;
        break;
      case 'made':
        this.#made.push(message);
        this.counters = message.counters;
        this.figures = message.figures;
        break;
      case 'sealed':
        void this.#prepared(message);
        break;
      case 'failed':
        this.#fail(errorOf(message.failure));
        break;
      case 'closed':
        this.#closed = true;
        this.#closeFailure = message.failure;
        break;
      case 'ended':
        this.#closed = true;
        this.#fail(errorOf(message.failure));
        break;
    }
    this.#arrived();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    // The coordinator must not wait for a checkpoint of a subtask that has failed.
    for (const epoch of this.#demands.keys()) void this.#reply(epoch, 0, undefined, Promise.reject(error));
  }

  send(message: ToTask): void {
    const { reply } = this.#options;
    if (message.kind === 'barrier') {
      const { epoch, state } = message;
      this.#demands.set(epoch, state);
      if (this.#failure !== null) {
        this.#fail(this.#failure);
        return;
      }
      this.#channel.post({ kind: 'barrier', epoch, state }, []);
    } else if (message.kind === 'commit') {
      reply({ kind: 'committed', epoch: message.epoch, sinks: [], failure: null });
    } else this.#channel.post(message, []);
  }

  async #prepared({ epoch, pauseMs, snapshot, state }: Extract<FromSubtask, { kind: 'sealed' }>): Promise<void> {
    const demand = this.#demands.get(epoch);
    if (demand === undefined) return;
    const stored = async (): Promise<StoredState> => {
      if ('failure' in state) throw errorOf(state.failure);
      return demand === 'none' ? NO_STATE : this.#options.stateFiles!.store(state.value, demand === 'all');
    };
    await this.#reply(epoch, pauseMs, snapshot, stored());
  }

  async #reply(epoch: number, pauseMs: number, snapshot: unknown, stored: Promise<StoredState>): Promise<void> {
    const state = await outcomeOf(stored);
    if (!this.#demands.delete(epoch)) return;
    const cut = { sources: {}, rows: {}, snapshots: { [this.#options.setup.node]: snapshot } };
    this.#options.reply({ kind: 'prepared', epoch, pauseMs, cut, state, output: { value: {} } });
  }

  async close(): Promise<void> {
    this.#channel.post({ kind: 'close' }, []);
    while (!this.#closed) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    await this.#channel.end();
    if (this.#closeFailure !== null) throw errorOf(this.#closeFailure);
  }
}
