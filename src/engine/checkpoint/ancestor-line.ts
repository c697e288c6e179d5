import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import type { Manifest } from './manifest.ts';

/**
 * The checkpoints to try, newest first, where those before turn out damaged: only ancestors of what
 * was tried. What a person went back behind would give other answers. A manifest that can be read
 * names its ancestors. One that cannot goes on from the one with the number before it, since a job
 * that goes back leaves a number out (`lineOf`); where that one is not there, nobody knows, and a
 * person has to choose.
 */
export class AncestorLine {
  readonly #location: string;
  readonly #all: readonly number[];
  #left: readonly number[];
  /** The one that is being tried, and whether its manifest could be read. */
  #tried: number | null = null;
  #wasRead = false;
  /** Set once the ancestors of an unreadable one are not known. */
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
   * The manifest of the one that is tried. Throws CHECKPOINT_CORRUPT where nobody can know that the
   * damaged ones go on from it.
   */
  found({ ancestors }: Manifest): void {
    this.#wasRead = true;
    // Older versions did not say.
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
      `none of the checkpoints in ${this.#location} that the newest goes on from can be used; choose one of ${this.#all.join(', ')} with --restore, or start over with --fresh`,
    );
  }

  #choose(): EngineError {
    return this.#corrupt(
      `the newest checkpoint in ${this.#location} cannot be read, so nobody knows which one it goes on from; choose one of ${this.#all.slice(0, this.#left.length + 1).join(', ')} with --restore`,
    );
  }

  #corrupt(message: string): EngineError {
    return new EngineError('CHECKPOINT_CORRUPT', message, { location: this.#location });
  }
}

/**
 * What the checkpoints of a job begin with that goes on from `manifest`; null: from nothing. One
 * that leaves newer ones behind leaves a number out too.
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
