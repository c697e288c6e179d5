/**
 * The port to a remote store: objects under keys. An object is complete or absent, and visible to
 * everyone once it is acknowledged. Failures of the store, after retries, are CHECKPOINT_STORE; an
 * absent object is a normal reply.
 */
export interface ObjectStore {
  /** For messages: `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * Atomic create-if-absent, which fencing needs. False when the key is taken, possibly by an
   * earlier attempt of this call whose reply was lost.
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
  /** Writes the content into a new local file; false: absent. The caller verifies the content. */
  getFile(key: string, localPath: string): Promise<boolean>;
  /** Keys that begin with `prefix` and their lengths in bytes, in ascending order. */
  list(prefix: string): Promise<readonly ListedObject[]>;
  /** Does nothing when the object is absent. */
  delete(key: string): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}

export interface ListedObject {
  readonly key: string;
  readonly length: number;
}
