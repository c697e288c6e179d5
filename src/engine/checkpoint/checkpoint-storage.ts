/**
 * The storage port: where checkpoints of one job live. Content-addressed data and immutable
 * manifests; whatever implements it must make `createManifest` atomic and durable before it
 * resolves, after the data that the manifest names.
 */
export interface CheckpointStorage {
  /** For messages. */
  readonly location: string;
  /**
   * Takes the job for this process; fails with JOB_LOCKED while another living process holds it.
   */
  acquire(): Promise<void>;
  release(): Promise<void>;
  /**
   * Throws JOB_LOCKED when another process has taken the job over: what is not there any more it
   * may have deleted.
   */
  checkOwner(): Promise<void>;
  /**
   * Stores the content of a local file under its sha256, durably. Nothing to do when it is there
   * with that length, unless it is to be stored `anew`: then what is there is replaced by bytes of
   * their own, which no other file shares.
   */
  putData(sha256: string, length: number, localPath: string, anew?: boolean): Promise<void>;
  /**
   * Puts stored content into a local file, by link where that is safe, and checks it against its
   * sha256. Throws CHECKPOINT_CORRUPT, naming the file.
   */
  fetchData(sha256: string, length: number, localPath: string, mayLink: boolean): Promise<void>;
  /**
   * Reads stored content and changes nothing. Throws as `fetchData` does; what is damaged counts as
   * not stored from then on.
   */
  checkData(sha256: string, length: number): Promise<void>;
  listData(): Promise<readonly string[]>;
  deleteData(sha256: string): Promise<void>;
  /** False when the epoch has a manifest already. */
  createManifest(epoch: number, content: Buffer): Promise<boolean>;
  readManifest(epoch: number): Promise<Buffer>;
  /** Ascending. */
  listManifests(): Promise<readonly number[]>;
  deleteManifest(epoch: number): Promise<void>;
  /**
   * Names of files beside the checkpoints that this port did not store: each is
   * reported, never deleted.
   */
  unknownFiles(): Promise<readonly string[]>;
  /**
   * A local directory on the same volume where possible, for live state and snapshots: made empty,
   * removed by the caller.
   */
  workDirectory(name: string): Promise<string>;
}
