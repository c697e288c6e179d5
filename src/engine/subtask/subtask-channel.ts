import type { FromSubtask, ToSubtask } from './subtask-messages.ts';

/** Connects a task with a subtask, in this thread or in another. Messages arrive in their order. */
export interface SubtaskChannel {
  /** Sends a message. The sender must not use the buffers in `transfer` any more. */
  post(message: ToSubtask, transfer: ArrayBuffer[]): void;
  /** Passes the messages that have arrived to the receiver at once. */
  poll(): void;
  /** Ends the thread of the subtask. */
  end(): Promise<void>;
}

/**
 * Opens a channel to a new subtask. `receive` gets its messages, between two calls of the task's
 * code. When the thread ends, `receive` gets `ended`.
 */
export type OpenChannel = (receive: (message: FromSubtask) => void) => SubtaskChannel;
