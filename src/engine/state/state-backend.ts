/**
 * What the state cache needs of a store of bytes. Keys are ordered bytewise. One writer; calls may
 * overlap only as far as the cache does it: reads while a write is under way.
 */
export interface StateBackend {
  readonly kind: 'rocksdb' | 'memory';
  /** Values in the order of the keys; null = absent. */
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]>;
  /** Applies the operations in order, atomically. */
  write(operations: readonly StateWrite[]): Promise<void>;
  /** Removes what has from <= key < to. */
  deleteRange(from: Buffer, to: Buffer): Promise<void>;
  /** Entries with from <= key < to, ascending, in chunks. Sees what was written before the call. */
  scan(from: Buffer, to: Buffer): AsyncIterable<readonly StateEntry[]>;
  /**
   * Makes everything written so far durable in files and puts them, as hard links or copies, into
   * `directory`, which exists and is empty. Nothing may be written until it resolves. Returns the
   * file names; their content never changes afterwards.
   */
  snapshotTo(directory: string): Promise<readonly string[]>;
  /** Bytes in memory outside the cache, as far as the back end knows. */
  memoryBytes(): Promise<number>;
  /** Free bytes of the disk it lies on; +Infinity where it lies on none. */
  freeDiskBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface StateWrite {
  readonly key: Buffer;
  /** null deletes. */
  readonly value: Buffer | null;
}

export interface StateEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}
