/**
 * What checkpoints need of a store that is not the local disk: objects under keys, each there whole
 * or not at all, seen by everyone once it is acknowledged. Failures of the store, after retries,
 * are CHECKPOINT_STORE; an object that is not there is an answer, not a failure.
 */
export interface ObjectStore {
  /** For messages: `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * Atomic create-if-absent, the one operation that fencing rests on. False when the key is taken,
   * also when by an earlier attempt of this very call whose reply was lost.
   */
  create(key: string, content: Buffer): Promise<boolean>;
  /** Creates or replaces. */
  put(key: string, content: Buffer): Promise<void>;
  /** Null: not there. */
  get(key: string): Promise<Buffer | null>;
  /**
   * Creates or replaces with the content of a local file, `length` bytes with that sha256 (hex).
   */
  putFile(key: string, localPath: string, length: number, sha256: string): Promise<void>;
  /** Writes the content into a new local file; false: not there. The caller checks what it got. */
  getFile(key: string, localPath: string): Promise<boolean>;
  /** Keys that begin with `prefix` and their lengths in bytes, in ascending order. */
  list(prefix: string): Promise<readonly ListedObject[]>;
  /** Nothing to do when it is not there. */
  delete(key: string): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}

export interface ListedObject {
  readonly key: string;
  readonly length: number;
}
