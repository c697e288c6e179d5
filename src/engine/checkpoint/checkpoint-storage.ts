/**
 * The port to the storage of one job's checkpoints. It has content-addressed data and immutable
 * manifests. An implementation must make `createManifest` atomic and durable before it resolves,
 * and after the data that the manifest names.
 */
export interface CheckpointStorage {
  /** For messages. */
  readonly location: string;
  /**
   * Locks the job for this process; fails with JOB_LOCKED while another living process holds the
   * lock.
   */
  acquire(): Promise<void>;
  release(): Promise<void>;
  /**
   * Throws JOB_LOCKED if another process has taken the job over. That process may have deleted
   * missing files.
   */
  checkOwner(): Promise<void>;
  /**
   * Stores the content of a local file under its sha256, durably. Does nothing if the content
   * exists with that length, unless `replace` is set. Then the content is replaced by new bytes,
   * which no other file shares.
   */
  putData(sha256: string, length: number, localPath: string, replace?: boolean): Promise<void>;
  /**
   * Copies stored content into a local file, or links it if that is safe, and compares it with its
   * sha256. Throws CHECKPOINT_CORRUPT, naming the file.
   */
  fetchData(sha256: string, length: number, localPath: string, mayLink: boolean): Promise<void>;
  /**
   * Reads stored content and changes nothing. Throws as `fetchData` does. From then on damaged
   * content counts as not stored.
   */
  checkData(sha256: string, length: number): Promise<void>;
  listData(): Promise<readonly string[]>;
  deleteData(sha256: string): Promise<void>;
  /** Creates the manifest. Returns false if the epoch already has one. */
  createManifest(epoch: number, content: Buffer): Promise<boolean>;
  readManifest(epoch: number): Promise<Buffer>;
  /** Ascending. */
  listManifests(): Promise<readonly number[]>;
  deleteManifest(epoch: number): Promise<void>;
  /**
   * Returns the names of files beside the checkpoints that this port did not store. They are
   * reported and never deleted.
   */
  unknownFiles(): Promise<readonly string[]>;
  /**
   * Creates an empty local directory for live state and snapshots, on the same volume if possible.
   * The caller removes it.
   */
  workDirectory(name: string): Promise<string>;
}
