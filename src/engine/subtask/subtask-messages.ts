import type { Failure, Outcome } from '../checkpoint/failure.ts';
import type { StateDemand } from '../checkpoint/messages.ts';
import type { StateSnapshot } from '../checkpoint/state-files.ts';
import type { OperatorCounters } from '../operator.ts';
import type { BatchMessage } from './batch-message.ts';

/** The messages between a task and a subtask of one of its operators. They are plain data. */
export type ToSubtask =
  /** The first message. `opened` answers it. */
  | { readonly kind: 'open'; readonly setup: SubtaskSetup }
  /** Rows of the subtask's key groups, and watermarks. `made` answers it. */
  | { readonly kind: 'batch'; readonly batch: BatchMessage }
  /** Take part in a checkpoint. `sealed` answers it. */
  | { readonly kind: 'barrier'; readonly epoch: number; readonly state: StateDemand }
  /** Write state that is in memory to a new file with the next checkpoint. */
  | { readonly kind: 'renew-state' }
  /** The last message. `closed` answers it. */
  | { readonly kind: 'close' };

export interface SubtaskSetup {
  /** The plan of the job as JSON, and the name of the operator's node. */
  readonly plan: unknown;
  readonly node: string;
  /** The operator's number in state keys. */
  readonly operator: number;
  readonly batchRows: number;
  readonly backend: 'rocksdb' | 'memory';
  /** The memory of this subtask's back end and cache together. */
  readonly memoryBytes: number;
  /** The directory of its live state. */
  readonly directory: string;
  /** The directory for its state log and its snapshots; null: the job has no checkpoints. */
  readonly checkpointDirectory: string | null;
  readonly restored: RestoredSubtask | null;
}

/** The state of a subtask in a checkpoint. The files are in the directory of the live state. */
export interface RestoredSubtask {
  readonly files: readonly string[];
  /** The operator's snapshot. */
  readonly snapshot: unknown;
}

export type FromSubtask =
  | { readonly kind: 'opened'; readonly counters: OperatorCounters }
  | ({ readonly kind: 'made' } & MadeBatches)
  | {
      readonly kind: 'sealed';
      readonly epoch: number;
      /** Milliseconds that processing was paused. */
      readonly pauseMs: number;
      readonly snapshot: unknown;
      readonly state: Outcome<StateSnapshot>;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The last message. The failure is that of closing. */
  | { readonly kind: 'closed'; readonly failure: Failure | null }
  /** The thread of the subtask has ended. No message follows. */
  | { readonly kind: 'ended'; readonly failure: Failure };

/** The results of a batch, and the figures of the subtask after it. */
export interface MadeBatches {
  readonly batches: readonly BatchMessage[];
  readonly counters: OperatorCounters;
  readonly figures: SubtaskFigures;
}

/** The state of a subtask in numbers. */
export interface SubtaskFigures {
  readonly stateEntries: number;
  readonly entryBytes: number;
  readonly keysOnDiskBytes: number;
  readonly evictedEntries: number;
}

export const NO_FIGURES: SubtaskFigures = { stateEntries: 0, entryBytes: 0, keysOnDiskBytes: 0, evictedEntries: 0 };
