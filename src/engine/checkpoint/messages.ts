import type { Failure, Outcome } from './failure.ts';
import type { Manifest, SubtaskState } from './manifest.ts';
import type { StoredState } from './state-files.ts';

/**
 * The messages about checkpoints between the coordinator and the tasks of a job. They are plain
 * data, so a task may run in a different thread than the coordinator.
 */
export type ToTask =
  /** Take part in a checkpoint. `prepared` answers it. */
  | { readonly kind: 'barrier'; readonly epoch: number; readonly state: StateDemand }
  /** The manifest is durable: make the output visible. `committed` answers it. */
  | { readonly kind: 'commit'; readonly epoch: number; readonly output: PreparedOutput }
  /** Write state that is in memory to a new file with the next checkpoint. */
  | { readonly kind: 'renew-state' };

export type FromTask =
  | {
      readonly kind: 'prepared';
      readonly epoch: number;
      /** Milliseconds that processing was paused. */
      readonly pauseMs: number;
      readonly cut: TaskCut;
      readonly state: Outcome<StoredState>;
      /** By sink node; null: no output was written. */
      readonly output: Outcome<Readonly<Record<string, unknown>>>;
    }
  | {
      readonly kind: 'committed';
      readonly epoch: number;
      /** The sinks whose output is visible now. */
      readonly sinks: readonly string[];
      /** Why not all are. */
      readonly failure: Failure | null;
    };

/**
 * `none`: nothing will be restored. `new`: files not stored before. `all`: every file is read and
 * stored again.
 */
export type StateDemand = 'none' | 'new' | 'all';

/**
 * The output that sinks prepared, by sink node: of this epoch, and of epochs whose checkpoint
 * failed.
 */
export type PreparedOutput = Readonly<Record<string, readonly unknown[]>>;

/**
 * The values besides tables that a task adds to the manifest, as they were when the barrier passed.
 */
export type TaskCut = Pick<Manifest, 'sources' | 'rows'> & Pick<SubtaskState, 'snapshots'>;

/** How the coordinator reaches a task. Replies go to `CheckpointCoordinator.receive`. */
export interface TaskPort {
  send(message: ToTask): void;
}
