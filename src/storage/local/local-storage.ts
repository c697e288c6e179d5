import path from 'node:path';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { createFileOnce, hashFile, makeDurableDirectory } from '../../core/durable-file.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import { type JobLock, ProcessLock } from './process-lock.ts';

const DATA_NAME = /^[0-9a-f]{64}$/;
const MANIFEST_NAME = /^\d+\.json$/;

/** Ports that a simulation replaces. */
export interface LocalStoragePorts {
  readonly disk?: Disk;
  readonly lock?: JobLock;
}

/**
 * Checkpoints of one job in a local directory:
 *
 *     <directory>/manifests/<epoch>.json   immutable, created by link
 *     <directory>/data/<sha256>            content-addressed; hard links to files of the state
 *     <directory>/work                     live state and snapshots of the running process
 *     <directory>/lock                     the process that runs the job
 *     <directory>/lock.kernel              the kernel's lock of this process
 */
export class LocalStorage implements CheckpointStorage {
  readonly location: string;
  readonly #data: string;
  readonly #manifests: string;
  readonly #work: string;
  readonly #disk: Disk;
  readonly #lock: JobLock;
  /** Data files that this process has made durable or verified. */
  readonly #known = new Set<string>();

  /** `workRoot`: directory of live state; absent: beside the checkpoints. */
  constructor(directory: string, workRoot: string | null = null, ports: LocalStoragePorts = {}) {
    this.location = directory;
    this.#data = path.join(directory, 'data');
    this.#manifests = path.join(directory, 'manifests');
    this.#work = workRoot ?? path.join(directory, 'work');
    this.#disk = ports.disk ?? systemDisk;
    this.#lock = ports.lock ?? new ProcessLock(path.join(directory, 'lock'));
  }

  async acquire(): Promise<void> {
    for (const directory of [this.#data, this.#manifests]) makeDurableDirectory(directory, this.#disk);
    await this.#lock.watch?.();
    this.#lock.acquire(`the job directory ${this.location}`);
    try {
      this.#tidyUp();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /**
   * Removes live state of a dead process and half-written files, which are never used. Other files
   * of that process may be visible but not durable. They must be synced before this process relies
   * on them.
   */
  #tidyUp(): void {
    for (const directory of [this.#data, this.#manifests]) this.#disk.syncDirectory(directory);
    this.#disk.removeNow(this.#work);
    this.#disk.makeDirectory(this.#work);
    for (const directory of [this.#data, this.#manifests]) {
      for (const name of this.#disk.list(directory)) {
        if (name.endsWith('.tmp')) this.#disk.removeNow(path.join(directory, name));
      }
    }
  }

  async release(): Promise<void> {
    try {
      this.#disk.removeNow(this.#work);
    } catch {
      // Live state is not needed any more. The next owner removes it; a failure must not fail a
      // finished job.
    } finally {
      this.#lock.release();
    }
  }

  /** Another machine can take over only a directory that several machines share. */
  async checkOwner(): Promise<void> {
    this.#lock.check?.();
  }

  async putData(sha256: string, length: number, localPath: string, replace = false): Promise<void> {
    const target = path.join(this.#data, sha256);
    if (!replace && this.#known.has(sha256) && this.#disk.status(target)?.size === length) return;
    await this.#syncState(localPath);
    const temporary = `${target}.${process.pid}.tmp`;
    this.#disk.removeNow(temporary);
    if (replace || !(await this.#linked(localPath, temporary))) {
      await this.#disk.copy(localPath, temporary);
      await this.#disk.syncFile(temporary);
    }
    await this.#disk.rename(temporary, target);
    this.#disk.syncDirectory(this.#data);
    this.#known.add(sha256);
  }

  /**
   * Syncs a state file. After a failed sync the next sync may succeed without writing the data. So
   * the state counts as lost, and the job must restart from a checkpoint.
   */
  async #syncState(file: string): Promise<void> {
    try {
      await this.#disk.syncFile(file);
    } catch (cause) {
      throw new EngineError(
        'STATE_STORE',
        `state cannot be made durable: ${(cause as Error).message}`,
        { file },
        cause,
      );
    }
  }

  async fetchData(sha256: string, length: number, localPath: string, mayLink: boolean): Promise<void> {
    await this.checkData(sha256, length);
    this.#known.add(sha256);
    const source = path.join(this.#data, sha256);
    if (mayLink && (await this.#linked(source, localPath))) return;
    await this.#disk.copy(source, localPath);
  }

  async checkData(sha256: string, length: number): Promise<void> {
    const source = path.join(this.#data, sha256);
    const size = this.#disk.status(source)?.size ?? null;
    const found = size === length ? await this.#hashOf(source) : null;
    if (found === sha256) return;
    this.#known.delete(sha256);
    const missing = size === null || (size === length && found === null);
    const damaged =
      size === length ? 'is damaged: its SHA-256 does not match' : `has ${size} bytes instead of ${length}`;
    const what = `the checkpoint file ${source} ${missing ? 'is missing' : damaged}`;
    throw new EngineError('CHECKPOINT_CORRUPT', what, { file: source });
  }

  /** Returns the hash of a file. Null: the file was deleted meanwhile. */
  async #hashOf(file: string): Promise<string | null> {
    try {
      return (await hashFile(file, this.#disk)).sha256;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /**
   * Creates a hard link. Returns false if the file system does not support a link between these two
   * places.
   */
  async #linked(from: string, to: string): Promise<boolean> {
    try {
      await this.#disk.link(from, to);
      return true;
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return false;
    }
  }

  async listData(): Promise<readonly string[]> {
    return this.#disk.list(this.#data).filter((name) => DATA_NAME.test(name));
  }

  async deleteData(sha256: string): Promise<void> {
    this.#known.delete(sha256);
    await this.#disk.remove(path.join(this.#data, sha256));
  }

  async createManifest(epoch: number, content: Buffer): Promise<boolean> {
    await this.checkOwner();
    return createFileOnce(path.join(this.#manifests, `${epoch}.json`), content, this.#disk);
  }

  async readManifest(epoch: number): Promise<Buffer> {
    return this.#disk.read(path.join(this.#manifests, `${epoch}.json`));
  }

  async listManifests(): Promise<readonly number[]> {
    if (this.#disk.status(this.#manifests) === null) return [];
    return this.#disk
      .list(this.#manifests)
      .flatMap((name) => (MANIFEST_NAME.test(name) ? [Number(name.slice(0, -5))] : []))
      .sort((a, b) => a - b);
  }

  async deleteManifest(epoch: number): Promise<void> {
    await this.#disk.remove(path.join(this.#manifests, `${epoch}.json`));
    this.#disk.syncDirectory(this.#manifests);
  }

  async unknownFiles(): Promise<readonly string[]> {
    const strange = (directory: string, ours: RegExp): readonly string[] =>
      this.#disk
        .list(directory)
        .filter((name) => !ours.test(name) && !name.endsWith('.tmp'))
        .map((name) => path.join(directory, name));
    return [...strange(this.#manifests, MANIFEST_NAME), ...strange(this.#data, DATA_NAME)].sort();
  }

  async workDirectory(name: string): Promise<string> {
    const directory = path.join(this.#work, name);
    this.#disk.removeNow(directory);
    this.#disk.makeDirectory(directory);
    return directory;
  }
}
