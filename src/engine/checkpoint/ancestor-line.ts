import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import type { Manifest } from './manifest.ts';

/**
 * The checkpoints that a restore tries, newest first, until one is not damaged. After the first
 * one, they are ancestors of those already tried. An abandoned checkpoint would give other results.
 * A readable manifest lists its ancestors. The ancestor of an unreadable one has the previous
 * number, because a job that abandons checkpoints skips a number (`lineOf`). If no manifest has
 * this number, the ancestor is unknown and the user must choose.
 */
export class AncestorLine {
  readonly #location: string;
  readonly #all: readonly number[];
  #left: readonly number[];
  /** The checkpoint that is tried, and whether its manifest could be read. */
  #tried: number | null = null;
  #wasRead = false;
  /** Set when the ancestors of an unreadable manifest are unknown. */
  #unknown = false;

  /** `epochs`: ascending. */
  constructor(epochs: readonly number[], location: string) {
    this.#all = epochs;
    this.#left = epochs;
    this.#location = location;
  }

  next(): number | undefined {
    const next = this.#left.at(-1);
    if (this.#tried !== null && !this.#wasRead && next !== this.#tried - 1) this.#unknown = true;
    this.#left = this.#left.slice(0, -1);
    if (next !== undefined) this.#tried = next;
    this.#wasRead = false;
    return next;
  }

  /**
   * Records the manifest of the tried checkpoint. Throws CHECKPOINT_CORRUPT if it may not be an
   * ancestor of the damaged ones.
   */
  found({ ancestors }: Manifest): void {
    this.#wasRead = true;
    // Older versions did not list ancestors.
    if (ancestors === undefined) return;
    if (this.#unknown) throw this.#choose();
    this.#left = this.#left.filter((epoch) => ancestors.includes(epoch));
  }

  nothingLeft(): EngineError {
    const [first, ...others] = this.#all;
    if (this.#left.length === 0 && others.length === 0) {
      return this.#corrupt(
        `checkpoint ${first}, the only one in ${this.#location}, cannot be used; start over with --fresh`,
      );
    }
    return this.#corrupt(
      `the newest checkpoint in ${this.#location} and all its ancestors are damaged; choose one of ${this.#all.join(', ')} with --restore, or start over with --fresh`,
    );
  }

  #choose(): EngineError {
    return this.#corrupt(
      `the newest checkpoint in ${this.#location} cannot be read, so its ancestor is unknown; choose one of ${this.#all.slice(0, this.#left.length + 1).join(', ')} with --restore`,
    );
  }

  #corrupt(message: string): EngineError {
    return new EngineError('CHECKPOINT_CORRUPT', message, { location: this.#location });
  }
}

/**
 * Returns the number and the ancestors for the first checkpoint of a job that continues from
 * `manifest`; null: the job starts fresh. A job that abandons newer checkpoints also skips a
 * number.
 */
export async function lineOf(
  manifest: Manifest | null,
  storage: CheckpointStorage,
): Promise<{ epoch: number; ancestors: readonly number[] }> {
  const epochs = await storage.listManifests();
  const newest = epochs.at(-1) ?? 0;
  if (manifest === null) return { epoch: newest === 0 ? 0 : newest + 1, ancestors: [] };
  const known = manifest.ancestors ?? epochs.filter((epoch) => epoch < manifest.epoch);
  const ancestors = [...known.filter((epoch) => epochs.includes(epoch)), manifest.epoch];
  return { epoch: newest === manifest.epoch ? newest : Math.max(newest, manifest.epoch) + 1, ancestors };
}
