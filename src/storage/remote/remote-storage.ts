import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { hashFile } from '../../core/durable-file.ts';
import { EngineError } from '../../core/engine-error.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import { KernelLock } from '../local/kernel-lock.ts';
import { startOf } from '../local/process-identity.ts';
import { JobLease, LEASE_TIMES, type LeaseTimes } from './job-lease.ts';
import type { ListedObject, ObjectStore } from './object-store.ts';
import { OwnershipLog } from './ownership-log.ts';
import { probeStore } from './probe-store.ts';

const CLAIM_ATTEMPTS = 5;
const OWNER = 'owner-';
const HOLD = 'lock.kernel';

const OUR_KEYS = { 'data/': /^data\/([0-9a-f]{64})\.\d+$/, 'log/': /^log\/\d{12,}$/ };

type Hold = Pick<KernelLock, 'release'>;

export interface RemoteStorageOptions {
  readonly objects: ObjectStore;
  /** Local directory of live state. Its content is removed. */
  readonly workDirectory: string;
  readonly clock: Clock;
  readonly lease?: LeaseTimes;
  /** Ports that a simulation replaces. */
  readonly disk?: Disk;
  readonly scheduler?: Scheduler;
  /** Takes a lock that ends with this process. */
  readonly hold?: (file: string) => Hold | 'held' | 'unsupported';
  /** A unique name of this process. */
  readonly newName?: () => string;
}

/**
 * Checkpoints of one job in an object store; live state stays on the local disk:
 *
 *     log/<number>                 the owners of the job and the manifests, in one sequence
 *     data/<sha256>.<generation>   state files, under the process that stored them
 *     lease/<owner>                the heartbeat of the owner
 *
 * A process uses a stored file again only if it wrote the file or read all of it. Otherwise another
 * process may be about to delete the file, or the file may be damaged.
 */
export class RemoteStorage implements CheckpointStorage {
  readonly location: string;
  readonly #objects: ObjectStore;
  readonly #work: string;
  /**
   * The part of this owner. A process whose job was taken over must not remove the state of its
   * successor.
   */
  readonly #own: string;
  readonly #disk: Disk;
  readonly #takeHold: NonNullable<RemoteStorageOptions['hold']>;
  /** Shows processes in other containers that this one uses its part. */
  #hold: Hold | null = null;
  readonly #newName: () => string;
  readonly #log: OwnershipLog;
  readonly #lease: JobLease;
  /** Files that this process has stored, or downloaded and verified. */
  readonly #known = new Set<string>();
  /** Objects by sha256, the newest first; null: not listed yet. */
  #objectsOf: Map<string, ListedObject[]> | null = null;

  constructor(options: RemoteStorageOptions) {
    const { objects, clock, scheduler = systemScheduler, lease = LEASE_TIMES } = options;
    this.location = objects.location;
    this.#objects = objects;
    this.#work = options.workDirectory;
    this.#disk = options.disk ?? systemDisk;
    this.#newName = options.newName ?? randomUUID;
    this.#takeHold = options.hold ?? KernelLock.take;
    const owner = this.#newName();
    this.#own = path.join(this.#work, `${OWNER}${process.pid}-${owner}`);
    this.#log = new OwnershipLog(objects, owner);
    this.#lease = new JobLease(objects, owner, clock, scheduler, lease);
  }

  async acquire(): Promise<void> {
    await probeStore(this.#objects, this.#newName);
    for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
      const view = await this.#log.read();
      if (view.claim !== null) await this.#lease.waitUntilFree(view.claim.owner);
      await this.#lease.take();
      try {
        if (await this.#log.claim(view)) {
          await this.#lease.dropOthers();
          await this.#log.deleteOldClaims();
          this.#removeLeftovers();
          this.#disk.makeDirectory(this.#own);
          const hold = this.#takeHold(path.join(this.#own, HOLD));
          this.#hold = typeof hold === 'string' ? null : hold;
          return;
        }
      } catch (error) {
        await this.#lease.drop();
        throw error;
      }
      await this.#lease.drop();
    }
    throw new EngineError('JOB_LOCKED', `the job in ${this.location} is being taken by another process`, {});
  }

  /**
   * Removes the live state of dead processes. A suspended process must find out by itself that its
   * job was taken over.
   */
  #removeLeftovers(): void {
    if (this.#disk.status(this.#work) === null) return;
    for (const name of this.#disk.list(this.#work)) {
      if (!this.#isInUse(name)) this.#disk.removeNow(path.join(this.#work, name));
    }
  }

  /** A process id says nothing about a process in another container. The lock of its part does. */
  #isInUse(name: string): boolean {
    const file = path.join(this.#work, name, HOLD);
    const hold = this.#disk.status(file) === null ? 'unsupported' : this.#takeHold(file);
    if (hold === 'held') return true;
    if (hold !== 'unsupported') {
      hold.release();
      return false;
    }
    const pid = Number(/^(?:owner|live)-(\d+)(?:-|$)/.exec(name)?.[1] ?? process.pid);
    return pid !== process.pid && ![null, 'dead'].includes(startOf(pid));
  }

  async release(): Promise<void> {
    try {
      this.#hold?.release();
      this.#hold = null;
      this.#disk.removeNow(this.#own);
      const left = this.#disk.status(this.#work) === null ? [] : this.#disk.list(this.#work);
      if (!left.some((name) => name.startsWith(OWNER))) this.#disk.removeNow(this.#work);
    } catch {
      // Live state is not needed any more. The next owner removes it; a failure here must not fail
      // a finished job.
    } finally {
      // A lease that cannot be released expires.
      await this.#lease.drop().catch(() => {});
      this.#objects.close();
    }
  }

  checkOwner(): Promise<void> {
    return this.#log.checkOwner();
  }

  async putData(sha256: string, length: number, localPath: string, replace = false): Promise<void> {
    if (!replace && this.#known.has(sha256)) return;
    await this.#objects.putFile(`data/${sha256}.${this.#log.generation}`, localPath, length, sha256);
    this.#known.add(sha256);
  }

  async fetchData(sha256: string, length: number, localPath: string): Promise<void> {
    this.#objectsOf ??= await this.#listObjects('data/');
    await this.#fetch(this.#objectsOf.get(sha256) ?? [], sha256, length, localPath);
    this.#known.add(sha256);
  }

  /**
   * Checks stored content. The content does not count as known afterwards, because a sweep may be
   * deleting it.
   */
  async checkData(sha256: string, length: number): Promise<void> {
    const objects = (await this.#listObjects(`data/${sha256}.`)).get(sha256) ?? [];
    const file = path.join(await this.workDirectory('scrub'), sha256);
    try {
      await this.#fetch(objects, sha256, length, file);
    } finally {
      await this.#disk.remove(file);
    }
  }

  /** Downloads the first of these objects that is intact. */
  async #fetch(objects: readonly ListedObject[], sha256: string, length: number, localPath: string): Promise<void> {
    const problems: string[] = [];
    for (const object of objects) {
      const name = `${this.location}/${object.key}`;
      if (object.length !== length) problems.push(`${name} has ${object.length} bytes instead of ${length}`);
      else if (!(await this.#objects.getFile(object.key, localPath))) problems.push(`${name} is missing`);
      else if ((await hashFile(localPath, this.#disk)).sha256 !== sha256) {
        problems.push(`${name} is damaged: its SHA-256 does not match`);
        await this.#disk.remove(localPath);
      } else return;
    }
    this.#known.delete(sha256);
    const file = `${this.location}/data/${sha256}`;
    const why = problems.length === 0 ? `${file} is missing` : problems.join('; ');
    throw new EngineError('CHECKPOINT_CORRUPT', `the checkpoint file ${why}`, { file });
  }

  /** Lists the data. Also checks that this process is still the owner. */
  async listData(): Promise<readonly string[]> {
    await this.#log.checkOwner();
    this.#objectsOf = await this.#listObjects('data/');
    return [...this.#objectsOf.keys()];
  }

  async deleteData(sha256: string): Promise<void> {
    this.#known.delete(sha256);
    for (const { key } of this.#objectsOf?.get(sha256) ?? []) {
      // Objects of a later owner must not be deleted.
      if (generationOf(key) <= this.#log.generation) await this.#objects.delete(key);
    }
  }

  createManifest(epoch: number, content: Buffer): Promise<boolean> {
    return this.#log.publish(epoch, content);
  }

  readManifest(epoch: number): Promise<Buffer> {
    return this.#log.manifest(epoch);
  }

  async listManifests(): Promise<readonly number[]> {
    return [...(await this.#log.manifests()).keys()].sort((a, b) => a - b);
  }

  deleteManifest(epoch: number): Promise<void> {
    return this.#log.deleteManifest(epoch);
  }

  async workDirectory(name: string): Promise<string> {
    const directory = path.join(this.#own, name);
    this.#disk.removeNow(directory);
    this.#disk.makeDirectory(directory);
    return directory;
  }

  async unknownFiles(): Promise<readonly string[]> {
    const strange: string[] = [];
    for (const [folder, ours] of Object.entries(OUR_KEYS)) {
      const keys = (await this.#objects.list(folder)).map(({ key }) => key);
      strange.push(...keys.filter((key) => !ours.test(key)).map((key) => `${this.location}/${key}`));
    }
    return strange;
  }

  async #listObjects(prefix: string): Promise<Map<string, ListedObject[]>> {
    const found = new Map<string, ListedObject[]>();
    for (const object of await this.#objects.list(prefix)) {
      const sha256 = OUR_KEYS['data/'].exec(object.key)?.[1];
      if (sha256 === undefined) continue;
      found.set(sha256, [...(found.get(sha256) ?? []), object]);
    }
    for (const objects of found.values()) objects.sort((a, b) => generationOf(b.key) - generationOf(a.key));
    return found;
  }
}

const generationOf = (key: string): number => Number(key.slice(key.lastIndexOf('.') + 1));
