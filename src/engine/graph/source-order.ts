import { MAX_WATERMARK } from '../../batch/batch.ts';
import type { SourceReader } from './source-reader.ts';
import type { SplitReader } from './split-reader.ts';

/**
 * The total order of all splits of all sources: the split with the lowest watermark is next, ties
 * by the order of the plan, then by that of the splits. So the order of rows depends on the data
 * only. A split without rows holds splits with a higher watermark until it is idle. A split without
 * event time has no position in the order and holds no other.
 */
export class TurnOrder {
  /** Set by `next`: the split that is next. */
  source: SourceReader | null = null;
  split: SplitReader | null = null;
  /** Set by `next`: the split may send until its watermark passes this, or reaches it. */
  limit = MAX_WATERMARK;
  orEqual = true;
  readonly #sources: readonly SourceReader[];

  constructor(sources: readonly SourceReader[]) {
    this.#sources = sources;
  }

  /** Call this after all splits were filled. `wait`: the next split has no rows yet. */
  next(): 'ready' | 'wait' | 'end' {
    if (this.#sources.every((source) => source.finished)) return 'end';
    if (!this.#choose(false)) return 'wait';
    const { source, split } = this;
    if (split?.ready !== true) {
      const holds = source!.chain.hasEventTime || split?.waiting !== true;
      if (holds || !this.#choose(true)) return 'wait';
    }
    this.#setLimit();
    return 'ready';
  }

  /**
   * Chooses the split with the lowest watermark of those that hold time, or of those that are
   * ready. Returns false if there is none.
   */
  #choose(ready: boolean): boolean {
    let lowest = Number.POSITIVE_INFINITY;
    let found = false;
    for (const source of this.#sources) {
      if (source.holdsEmpty && !ready && (!found || source.watermark < lowest)) {
        found = true;
        lowest = source.watermark;
        this.source = source;
        this.split = null;
      }
      for (const split of source.splits) {
        if (split.finished || split.idle || (ready && !split.ready)) continue;
        if (found && split.watermark >= lowest) continue;
        found = true;
        lowest = split.watermark;
        this.source = source;
        this.split = split;
      }
    }
    return found;
  }

  /**
   * Sets the limit to the lowest watermark of the others, and notes whether the split may also
   * reach that watermark.
   */
  #setLimit(): void {
    this.limit = MAX_WATERMARK;
    this.orEqual = true;
    let before = true;
    for (const source of this.#sources) {
      if (source.holdsEmpty) this.#limitBy(source.watermark, before);
      for (const split of source.splits) {
        if (split === this.split) before = false;
        else if (!split.finished && !split.idle) this.#limitBy(split.watermark, before);
      }
    }
  }

  #limitBy(watermark: number, before: boolean): void {
    if (watermark < this.limit) {
      this.limit = watermark;
      this.orEqual = !before;
    } else if (watermark === this.limit && before) this.orEqual = false;
  }
}
