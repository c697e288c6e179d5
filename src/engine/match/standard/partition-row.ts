import type { KeptRow } from '../partial-match.ts';

/** A row of a partition, with what is known of it before any attempt looks at it. `sequence` counts the partition's rows from 0. */
export interface PartitionRow extends KeptRow {
  /** Bit v: the part of variable v's condition that reads only the row holds. */
  readonly holds: number;
  /** Bit v: that part failed on some row of its batch, so the whole condition is evaluated where an attempt asks. */
  readonly asks: number;
  /** Bit p: the attempt under way had a thread at instruction p before this row. */
  tried: number;
  /** Bit p: an attempt that found nothing had a thread there, so no other needs to try. */
  dead: number;
}

/** Bits of a small integer: variables and instructions beyond this many do without the shortcuts. */
export const BITS = 31;
