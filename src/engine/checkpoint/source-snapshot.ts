/** The state of a source in a checkpoint. */
export interface SourceSnapshot {
  /** The watermark that the source has sent; null: none yet. */
  readonly watermark: number | null;
  /** By the id of the split, in the order in which they are read. */
  readonly splits: Readonly<Record<string, SplitSnapshot>>;
  /** Absent: there were rows, or the watermark of the source does not follow the clock. */
  readonly silence?: SilenceSnapshot;
}

/** The time without rows of a source whose watermark follows the clock (ADR 0058). */
export interface SilenceSnapshot {
  /** The watermark at the start of the silence. */
  readonly watermark: number;
  /** Milliseconds from the start of the silence to the checkpoint. */
  readonly ms: number;
}

/** The first row of a split that was not sent. */
export interface SplitSnapshot {
  /** Position before the current batch. */
  readonly position: unknown;
  /** Rows of that batch that were already sent. */
  readonly rows: number;
  /** Watermark after the last row sent; null: none yet. */
  readonly watermark: number | null;
  readonly ended: boolean;
  /** The split had no rows for the idle time-out; absent: false. */
  readonly idle?: boolean;
}

/** Converts the form that checkpoints had before sources had splits. Each source had one split. */
export function readSourceSnapshot(stored: SourceSnapshot | SplitSnapshot): SourceSnapshot {
  return 'splits' in stored ? stored : { watermark: stored.watermark, splits: { '': stored } };
}
