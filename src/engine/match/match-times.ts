import { MIN_WATERMARK } from '../../batch/batch.ts';
import { END_OF_INPUT, type StandardMatch } from './matcher.ts';

/** The times of matches that no row completes (ADR 0057). */
export class MatchTimes {
  /** False: on processing time. The time of a match is then always the time of the clock. */
  readonly #eventTime: boolean;
  /** The last watermark before the end of the input. */
  #reached = MIN_WATERMARK;

  constructor(eventTime: boolean) {
    this.#eventTime = eventTime;
  }

  /** Call this when a watermark was passed, or a job continues from a checkpoint at it. */
  reach(watermark: number): void {
    if (Number.isFinite(watermark)) this.#reached = watermark;
  }

  /** Returns the time of a match. `bound`: the bound that completed an absence, if there is one. */
  ofMatch(now: number, bound: number | undefined): number {
    return this.#eventTime && bound !== undefined ? bound : now;
  }

  /**
   * Returns the time of a match. The end of the input has no time. A match that it decides has the
   * time of the last row, but at least the time after the last watermark, so it is never late.
   */
  ofStandardMatch(now: number, { time, lastRowTime }: StandardMatch): number {
    if (!this.#eventTime) return now < END_OF_INPUT ? now : this.#reached;
    if (now < END_OF_INPUT) return time;
    return Math.max(time < END_OF_INPUT ? time : lastRowTime, this.#reached + 1);
  }
}
