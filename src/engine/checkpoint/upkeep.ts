/** Keeps stored checkpoints usable, which no restore may read for months. */
export interface CheckpointUpkeep {
  /** Every nth checkpoint stores all its files again; 0: none does. */
  readonly fullEvery: number;
  /** Milliseconds from one scrub, of one checkpoint, to the next; 0: none. */
  readonly scrubIntervalMs: number;
  /**
   * Milliseconds before the newest within which no checkpoint is deleted, however many there are.
   */
  readonly minAgeMs: number;
}

export const NO_UPKEEP: CheckpointUpkeep = { fullEvery: 0, scrubIntervalMs: 0, minAgeMs: 0 };
