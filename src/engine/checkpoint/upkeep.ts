/** Keeps stored checkpoints usable. A restore may not read them for months. */
export interface CheckpointUpkeep {
  /** Every nth checkpoint stores all its files again; 0: none does. */
  readonly fullEvery: number;
  /** Milliseconds between two scrubs; each reads one checkpoint. 0: no scrubs. */
  readonly scrubIntervalMs: number;
  /**
   * A checkpoint made less than this many milliseconds before the newest is never deleted.
   */
  readonly minAgeMs: number;
}

export const NO_UPKEEP: CheckpointUpkeep = { fullEvery: 0, scrubIntervalMs: 0, minAgeMs: 0 };
