/**
 * What is done so that checkpoints which stand stay usable: for months no restore may look at them.
 */
export interface CheckpointUpkeep {
  /** Each so-manieth checkpoint stores all its files anew; 0: none does. */
  readonly fullEvery: number;
  /** Milliseconds from one scrub, of one checkpoint, to the next; 0: none. */
  readonly scrubIntervalMs: number;
  /**
   * Milliseconds before the newest within which no checkpoint is deleted, however many there are.
   */
  readonly minAgeMs: number;
}

export const NO_UPKEEP: CheckpointUpkeep = { fullEvery: 0, scrubIntervalMs: 0, minAgeMs: 0 };
