import { type Clock, settledWithin } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { stateFilesOf } from './manifest.ts';
import { readManifest } from './restore.ts';

/** `file`: sha256 of the file; null: the manifest. */
export type DamageReport = (epoch: number, error: EngineError, file: string | null) => void;

/** The time that a scrub gets to finish the current file when its job ends. */
const STOP_GRACE_MS = 1000;

/**
 * Errors that mean a damaged checkpoint. Any other error means a problem of the store or of the
 * connection to it.
 */
const DAMAGE: ReadonlySet<string> = new Set(['CHECKPOINT_CORRUPT', 'CHECKPOINT_NOT_FOUND']);

/**
 * Reads stored checkpoints back in the background and compares every file with its sha256. It reads
 * one checkpoint in each interval, in turn by their places among the kept ones. Without it, damage
 * to a file that all checkpoints share would be found only by a restore, when the file is needed.
 */
export class Scrubber {
  readonly #storage: CheckpointStorage;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #stats: { scrubbed: number; damaged: number };
  readonly #report: DamageReport;
  #running: Promise<void> | null = null;
  #dueAt: number;
  #turn = 0;
  #stopped = false;

  /**
   * `intervalMs` 0: never. `stats`: counts the checkpoints that were read from end to end, and
   * those of them that were damaged.
   */
  constructor(
    storage: CheckpointStorage,
    clock: Clock,
    intervalMs: number,
    stats: { scrubbed: number; damaged: number },
    report: DamageReport,
  ) {
    this.#storage = storage;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#stats = stats;
    this.#report = report;
    this.#dueAt = this.#next();
  }

  /** Begins a scrub if one is due. `now`: monotonic milliseconds. */
  check(now: number): void {
    if (now < this.#dueAt || this.#running !== null) return;
    this.#running = this.#scrub()
      .catch(() => {
        // The store does not answer. Checkpoints report that, and the next scrub tries again.
      })
      .finally(() => {
        this.#running = null;
        this.#dueAt = this.#next();
      });
  }

  /** Reads no further file. Resolves after the current file, or when that takes too long. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#running !== null) await settledWithin(this.#clock, STOP_GRACE_MS, this.#running);
  }

  #next(): number {
    return this.#intervalMs === 0 || this.#stopped
      ? Number.POSITIVE_INFINITY
      : this.#clock.monotonicMs() + this.#intervalMs;
  }

  async #scrub(): Promise<void> {
    const epochs = await this.#storage.listManifests();
    if (epochs.length === 0) return;
    const epoch = epochs[this.#turn++ % epochs.length]!;
    const manifest = await this.#look(epoch, null, () => readManifest(this.#storage, epoch));
    let whole = manifest !== null;
    for (const { sha256, length } of manifest === null ? [] : stateFilesOf(manifest)) {
      if (this.#stopped) return;
      const found = await this.#look(epoch, sha256, async () => {
        await this.#storage.checkData(sha256, length);
        return true;
      });
      whole &&= found !== null;
    }
    if (!(await this.#exists(epoch))) return;
    this.#stats.scrubbed++;
    if (!whole) this.#stats.damaged++;
  }

  /**
   * Reads a file. Returns null after reporting that the file is damaged. Also returns null, without
   * a report, if the checkpoint was swept meanwhile.
   */
  async #look<T>(epoch: number, file: string | null, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof EngineError) || !DAMAGE.has(error.code)) throw error;
      // Manifests are deleted before the data that they name.
      if (!this.#stopped && (await this.#exists(epoch))) this.#report(epoch, error, file);
      return null;
    }
  }

  /**
   * Returns whether the checkpoint still exists. This call fails in a suspended process whose job
   * was taken over, and so does its scrub.
   */
  async #exists(epoch: number): Promise<boolean> {
    await this.#storage.checkOwner();
    return (await this.#storage.listManifests()).includes(epoch);
  }
}
