/**
 * The byte store under the state cache. Keys are ordered bytewise. There is one writer. Reads may
 * overlap with a write; other calls do not overlap.
 */
export interface StateBackend {
  readonly kind: 'rocksdb' | 'memory';
  /** Returns the values in the order of the keys; null: absent. */
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]>;
  /** Applies the operations atomically, in their order. */
  write(operations: readonly StateWrite[]): Promise<void>;
  /** Removes the entries with from <= key < to. */
  deleteRange(from: Buffer, to: Buffer): Promise<void>;
  /**
   * Returns the entries with from <= key < to, ascending, in chunks. It sees all writes before the
   * call.
   */
  scan(from: Buffer, to: Buffer): AsyncIterable<readonly StateEntry[]>;
  /**
   * Makes all writes durable in files and creates hard links or copies of the files in `directory`.
   * The directory exists and is empty. The caller must not write until the promise resolves.
   * Returns the file names. The content of the files never changes afterwards.
   */
  snapshotTo(directory: string): Promise<readonly string[]>;
  /** Returns the known memory use of the back end, in bytes. */
  memoryBytes(): Promise<number>;
  /** Free bytes of its disk; +Infinity if it uses no disk. */
  freeDiskBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface StateWrite {
  readonly key: Buffer;
  /** null: deletes the key. */
  readonly value: Buffer | null;
}

export interface StateEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}
