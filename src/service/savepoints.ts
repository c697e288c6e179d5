import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import type { CheckpointStorage } from '../engine/checkpoint/checkpoint-storage.ts';
import { type Manifest, type SavepointMark, stateFilesOf } from '../engine/checkpoint/manifest.ts';
import { savepointAt } from '../engine/checkpoint/retention.ts';
import { isRemote } from '../storage/open-storage.ts';
import type { ManagedJob } from './managed-job.ts';
import type { SavepointRequest, SavepointStatus } from './savepoint-status.ts';

/** Number of failed savepoints that are listed for a job. */
const FAILED_KEPT = 20;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/;

/**
 * The savepoints of the service's jobs. Complete ones are read from the manifests. Only running and
 * recently failed ones are kept in memory.
 */
export class Savepoints {
  readonly #clock: Clock;
  readonly #storageOf: (job: string) => CheckpointStorage;
  readonly #remembered = new Map<string, Map<string, SavepointStatus>>();

  constructor(clock: Clock, storageOf: (job: string) => CheckpointStorage) {
    this.#clock = clock;
    this.#storageOf = storageOf;
  }

  /**
   * Takes a savepoint. Throws immediately if the savepoint is not possible. `taken` resolves when
   * the savepoint is complete or has failed. With `stop`, `taken` resolves when the job has ended.
   * `taken` never rejects.
   */
  async take(
    job: ManagedJob,
    request: SavepointRequest,
    stop: (mark: SavepointMark) => Promise<void>,
  ): Promise<{ readonly status: SavepointStatus; readonly taken: Promise<SavepointStatus> }> {
    const drained = request.drain === true;
    if (drained && request.stop !== true) {
      throw new EngineError('CONFIG_USAGE', 'drain needs stop: a job that is drained has come to its end', {});
    }
    if (job.definition.preview) {
      throw new EngineError('CONFIG_USAGE', `the job ${job.id} is a preview and takes no checkpoints`, {});
    }
    const known = new Set((await this.list(job.id)).flatMap((s) => (s.state === 'FAILED' ? [] : [s.name])));
    // There is no await up to the entry in `#remembered`, so that no two savepoints get the same
    // name.
    if (job.state !== 'RUNNING' || job.stopping) {
      const why = job.stopping ? 'is being stopped' : 'does not run';
      throw new EngineError('JOB_NOT_RUNNING', `the job ${job.id} ${why}`, { job: job.id });
    }
    const name = this.#nameFor(job.id, request.name, known);
    const at = this.#clock.now();
    const status: SavepointStatus = {
      name,
      state: 'IN_PROGRESS',
      checkpoint: null,
      path: null,
      at,
      stateBytes: 0,
      drained,
      failure: null,
    };
    this.#rememberedOf(job.id).set(name, status);
    const action = request.stop === true ? stop({ name, drained }) : job.savepoint(name);
    return { status, taken: this.#finish(job, status, action) };
  }

  #nameFor(job: string, wanted: string | undefined, known: ReadonlySet<string>): string {
    const taken = (name: string): boolean =>
      known.has(name) || this.#remembered.get(job)?.get(name)?.state === 'IN_PROGRESS';
    if (wanted !== undefined) {
      if (!NAME.test(wanted)) {
        throw new EngineError(
          'CONFIG_USAGE',
          `'${wanted}' is no name for a savepoint: up to 64 letters, digits, - _ and . (not first)`,
          {},
        );
      }
      if (taken(wanted)) {
        throw new EngineError('SAVEPOINT_EXISTS', `the job ${job} has a savepoint ${wanted} already`, { name: wanted });
      }
      return wanted;
    }
    const base = `savepoint-${new Date(this.#clock.now()).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}`;
    for (let n = 1; ; n++) {
      const name = n === 1 ? base : `${base}-${n}`;
      if (!taken(name)) return name;
    }
  }

  async #finish(job: ManagedJob, status: SavepointStatus, action: Promise<void>): Promise<SavepointStatus> {
    const remembered = this.#rememberedOf(job.id);
    let failure: SavepointStatus['failure'] = null;
    try {
      await action;
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'CHECKPOINT_FAILED';
      failure = { code, message: (error as Error).message };
    }
    // The manifest decides whether the savepoint is complete, not the thread's report.
    const found = (await this.#standing(job.id).catch(() => [])).find((s) => s.name === status.name);
    if (found !== undefined) {
      remembered.delete(status.name);
      return found;
    }
    const missing = { code: 'CHECKPOINT_FAILED', message: `the job ${job.id} ended before the savepoint` } as const;
    const failed: SavepointStatus = { ...status, state: 'FAILED', failure: failure ?? job.failure ?? missing };
    remembered.set(status.name, failed);
    const old = [...remembered.values()].filter((s) => s.state === 'FAILED').slice(0, -FAILED_KEPT);
    for (const { name } of old) remembered.delete(name);
    return failed;
  }

  async list(job: string): Promise<readonly SavepointStatus[]> {
    const now = (): readonly SavepointStatus[] => [...(this.#remembered.get(job)?.values() ?? [])];
    const before = now();
    const standing = await this.#standing(job);
    const remembered = new Map([...before, ...now()].map((s) => [s.name, s]));
    // The manifest of a running savepoint is visible shortly before it is durable.
    const complete = standing.filter((s) => remembered.get(s.name)?.state !== 'IN_PROGRESS');
    for (const { name } of complete) remembered.delete(name);
    return [...complete, ...remembered.values()];
  }

  async find(job: string, name: string): Promise<SavepointStatus> {
    const found = (await this.list(job)).find((s) => s.name === name);
    if (found !== undefined) return found;
    throw new EngineError('CHECKPOINT_NOT_FOUND', `the job ${job} has no savepoint ${JSON.stringify(name)}`, { name });
  }

  /** Returns the checkpoint number of a savepoint of an ended job. */
  async epochToRestore(job: ManagedJob, name: string): Promise<number> {
    const { checkpoint } = await this.find(job.id, name);
    if (checkpoint === null) {
      throw new EngineError('CHECKPOINT_NOT_FOUND', `the savepoint ${name} of job ${job.id} does not stand`, { name });
    }
    if (job.active) {
      throw new EngineError('JOB_EXISTS', `the job ${job.id} runs; stop it before it goes back to a savepoint`, {});
    }
    return checkpoint;
  }

  async delete(job: string, name: string): Promise<void> {
    const { state, checkpoint } = await this.find(job, name);
    if (state === 'IN_PROGRESS') {
      throw new EngineError('SAVEPOINT_IN_USE', `the savepoint ${name} of job ${job} is being taken`, { name });
    }
    if (checkpoint !== null) {
      const storage = this.#storageOf(job);
      if ((await storage.listManifests()).at(-1) === checkpoint) {
        throw new EngineError(
          'SAVEPOINT_IN_USE',
          `the savepoint ${name} is the newest checkpoint of job ${job}, and the job continues from it; delete it after a later checkpoint, or delete the job`,
          { name },
        );
      }
      await storage.deleteManifest(checkpoint);
    }
    this.#remembered.get(job)?.delete(name);
  }

  /** Removes the entries of a deleted job. */
  forget(job: string): void {
    this.#remembered.delete(job);
  }

  async #standing(job: string): Promise<readonly SavepointStatus[]> {
    const storage = this.#storageOf(job);
    const found: SavepointStatus[] = [];
    for (const epoch of await storage.listManifests()) {
      const manifest = await manifestIfThere(storage, epoch);
      if (manifest?.savepoint !== undefined) found.push(statusOf(manifest, manifest.savepoint, storage.location));
    }
    return found;
  }

  #rememberedOf(job: string): Map<string, SavepointStatus> {
    const known = this.#remembered.get(job) ?? new Map<string, SavepointStatus>();
    this.#remembered.set(job, known);
    return known;
  }
}

/**
 * Reads a manifest. Returns null if the checkpoint is not a savepoint, or was deleted after it was
 * listed.
 */
async function manifestIfThere(storage: CheckpointStorage, epoch: number): Promise<Manifest | null> {
  try {
    return await savepointAt(storage, epoch);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'CHECKPOINT_NOT_FOUND') return null;
    throw error;
  }
}

function statusOf(manifest: Manifest, mark: SavepointMark, directory: string): SavepointStatus {
  return {
    name: mark.name,
    state: 'COMPLETED',
    checkpoint: manifest.epoch,
    path: isRemote(directory)
      ? `${directory}#${manifest.epoch}`
      : path.join(directory, 'manifests', `${manifest.epoch}.json`),
    at: manifest.createdAt,
    stateBytes: stateFilesOf(manifest).reduce((sum, file) => sum + file.length, 0),
    drained: mark.drained,
    failure: null,
  };
}
