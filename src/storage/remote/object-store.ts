/**
 * The port to a remote store: objects under keys. An object is complete or absent, and visible to
 * everyone once it is acknowledged. Failures of the store, after retries, are CHECKPOINT_STORE; an
 * absent object is a normal reply.
 */
export interface ObjectStore {
  /** For messages: `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * Creates an object atomically if the key is absent. Fencing needs this operation. Returns false
   * if the key exists. An earlier attempt of this call with a lost reply may have created the key.
   */
  create(key: string, content: Buffer): Promise<boolean>;
  /** Creates or replaces an object. */
  put(key: string, content: Buffer): Promise<void>;
  /** Returns the content of an object. Null: the object is absent. */
  get(key: string): Promise<Buffer | null>;
  /**
   * Creates or replaces an object with the content of a local file of `length` bytes with this
   * sha256 (hex).
   */
  putFile(key: string, localPath: string, length: number, sha256: string): Promise<void>;
  /** Writes the content into a new local file; false: absent. The caller verifies the content. */
  getFile(key: string, localPath: string): Promise<boolean>;
  /** Returns the keys that begin with `prefix` and their lengths in bytes, in ascending order. */
  list(prefix: string): Promise<readonly ListedObject[]>;
  /** Deletes an object. Does nothing if the object is absent. */
  delete(key: string): Promise<void>;
  /** Closes the connections. */
  close(): void;
}

export interface ListedObject {
  readonly key: string;
  readonly length: number;
}
