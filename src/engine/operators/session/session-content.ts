import type { Batch } from '../../../batch/batch.ts';
import type { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Rows } from '../../expressions/evaluate.ts';
import type { Steps } from '../../operator-kit/steps.ts';
import type { KeyBytes, OrderedTable, StateColumn } from '../../state/state-store.ts';

/** The window of a session. */
export interface SessionWindow {
  readonly start: number;
  readonly end: number;
  /** The instant at which the session ends. */
  readonly due: number;
}

/** Defines what a session stores of its rows, and what it emits when it ends. */
export interface SessionContent {
  /** The columns of the content in the entry of a session. They start at `firstColumn`. */
  readonly columns: readonly StateColumn[];
  /** Looks up state of the content in other tables, for the keys of the batch's rows. */
  begin?(batch: Batch, keys: Int32Array): Steps;
  /** The same for keys whose timers are due. */
  beginDue?(encoded: readonly KeyBytes[], keys: Int32Array): Steps;
  /** A session has begun. */
  opened?(sessions: OrderedTable, slot: number): void;
  /** Adds the rows `rows.rows[i]` to the sessions in `slots[i]`, whose keys are in `keys[i]`. */
  addRows(batch: Batch, rows: Rows, sessions: OrderedTable, slots: Int32Array, keys: Int32Array): void;
  /**
   * The session in `from` is merged into the one in `into`, which began before it. `fromFirst`: an
   * aggregate whose result depends on the order has the values of `from` first.
   */
  merge(sessions: OrderedTable, key: number, into: number, from: number, fromFirst: boolean): void;
  emit(sessions: OrderedTable, key: number, slot: number, window: SessionWindow, builder: BatchBuilder): void;
}
