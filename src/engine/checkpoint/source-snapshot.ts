/** What a checkpoint keeps of a source: where the rows not yet sent begin. */
export interface SourceSnapshot {
  /** Position before the batch that was under way. */
  readonly position: unknown;
  /** Rows of that batch that were already sent. */
  readonly rows: number;
  /** Watermark after the last row sent; null = none yet. */
  readonly watermark: number | null;
  readonly ended: boolean;
}
