import path from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import type { CheckpointStorage } from '../../src/engine/checkpoint/checkpoint-storage.ts';
import { savepointAt } from '../../src/engine/checkpoint/retention.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { takeAwayOutput } from './verdict.ts';
import { SINKS } from './workload.ts';

interface Options {
  /** `execution.checkpointing.dir` of the round. */
  readonly checkpoints: string;
  readonly s3Endpoint: string | null;
  /** The directory of the sinks, and a directory for files of the storages. */
  readonly directory: string;
  readonly random: () => number;
}

/**
 * Sometimes sets the jobs of a round back to one of their savepoints, while no process runs.
 */
export class GoingBack {
  savepoints = 0;
  times = 0;
  readonly #options: Options;
  /**
   * By job: the savepoint it goes back to, and the newest checkpoint that it abandons. The job has
   * gone back when a newer one exists.
   */
  readonly #pending = new Map<string, { readonly epoch: number; readonly newest: number }>();
  /** The checkpoints after a savepoint that a job went back to: an abandoned branch. */
  readonly #givenUp = new Map<string, Set<number>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Chooses each job with probability `chance`, removes its later output, and returns the orders
   * for the next start.
   */
  async orders(chance: number): Promise<Record<string, number>> {
    const orders: Record<string, number> = {};
    for (const sink of SINKS) {
      const job = `jobs.${sink}`;
      const epoch = await this.#withStorage(job, (storage) => this.#choose(storage, job, sink, chance)).catch(
        (error: unknown) => {
          // If a round has damaged the log, the engine must report it, not this class.
          if (error instanceof EngineError && error.code === 'CHECKPOINT_CORRUPT') return null;
          throw error;
        },
      );
      if (epoch !== null) orders[job] = epoch;
    }
    return orders;
  }

  async #choose(storage: CheckpointStorage, job: string, sink: string, chance: number): Promise<number | null> {
    const epochs = await storage.listManifests();
    const pending = this.#pending.get(job);
    if (pending !== undefined && epochs.at(-1) === pending.newest) return pending.epoch;
    this.#pending.delete(job);
    const { random } = this.#options;
    if (random() >= chance) return null;
    const givenUp = this.#givenUp.get(job) ?? new Set();
    const found: number[] = [];
    for (const epoch of epochs) {
      if (!givenUp.has(epoch) && (await savepointAt(storage, epoch)) !== null) found.push(epoch);
    }
    this.savepoints += found.length;
    const newest = epochs.at(-1);
    const epoch = found[Math.floor(random() * found.length)];
    if (newest === undefined || epoch === undefined || epoch === newest) return null;
    for (const later of epochs) if (later > epoch) givenUp.add(later);
    this.#givenUp.set(job, givenUp);
    this.#pending.set(job, { epoch, newest });
    takeAwayOutput(path.join(this.#options.directory, sink), epoch);
    this.times++;
    return epoch;
  }

  async #withStorage<T>(job: string, action: (storage: CheckpointStorage) => Promise<T>): Promise<T> {
    const { checkpoints, s3Endpoint, directory } = this.#options;
    const storage = openStorage(
      {
        directory: checkpoints,
        job,
        work: path.join(directory, 'looked-at', job),
        s3: { endpoint: s3Endpoint, region: null, pathStyle: true },
      },
      systemClock,
    );
    try {
      return await action(storage);
    } finally {
      await storage.release();
    }
  }
}
