import { MIN_WATERMARK } from '../../batch/batch.ts';
import { parseDuration } from '../../core/quantity.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { SilenceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { SplitReader } from './split-reader.ts';

/** The watermark of a silent source advances in steps of this length. */
const STEP_MS = 100;

/**
 * Returns the milliseconds of silence after which the watermark of a table follows the clock; null:
 * never.
 */
export function idleAdvanceMs({ options }: ScanNode): number | null {
  const text = options['sequitur.idle-advance'];
  return text === undefined ? null : parseDuration(text);
}

/**
 * Lets the watermark of a source follow the clock while all its splits are silent (ADR 0058). A
 * split is silent while its last read found no rows.
 */
export class IdleAdvance {
  readonly #afterMs: number;
  /** The watermark and the monotonic time at the start of the silence; null: there are rows. */
  #silence: { readonly watermark: number; readonly since: number } | null = null;

  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /**
   * Call this after the splits were filled. Returns the watermark of the source. It may be below
   * `watermark`, the current one. `growing`: there is no split to read, but one may appear.
   */
  watermarkAt(splits: readonly SplitReader[], growing: boolean, watermark: number, now: number): number {
    let isSilent = growing;
    let isReading = false;
    for (const split of splits) {
      if (split.finished) continue;
      isSilent = !split.ready && split.waitingSince !== null;
      if (!isSilent) break;
      isReading ||= !split.waiting;
    }
    if (!isSilent) {
      this.#silence = null;
      return watermark;
    }
    this.#silence ??= { watermark, since: now };
    // A read in progress may find rows, so the watermark stays until the read has ended.
    if (isReading) return watermark;
    const { watermark: from, since } = this.#silence;
    const beyondMs = now - since - this.#afterMs;
    return from === MIN_WATERMARK || beyondMs < STEP_MS ? watermark : from + Math.floor(beyondMs / STEP_MS) * STEP_MS;
  }

  /** Returns the milliseconds until the next step. */
  nextInMs(now: number): number {
    if (this.#silence === null || this.#silence.watermark === MIN_WATERMARK) return Number.POSITIVE_INFINITY;
    const beyondMs = now - this.#silence.since - this.#afterMs;
    return STEP_MS * Math.max(1, Math.floor(beyondMs / STEP_MS) + 1) - beyondMs;
  }

  snapshot(now: number): SilenceSnapshot | null {
    if (this.#silence === null || this.#silence.watermark === MIN_WATERMARK) return null;
    return { watermark: this.#silence.watermark, ms: now - this.#silence.since };
  }

  /** The time between the checkpoint and the restart is not part of the silence. */
  restore({ watermark, ms }: SilenceSnapshot, now: number): void {
    this.#silence = { watermark, since: now - ms };
  }
}
