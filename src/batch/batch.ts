import type { Origins } from './origins.ts';
import type { Vector } from './vector.ts';

/**
 * Row kinds of Flink's changelog. `kinds` is absent if all rows are inserts, as in an append-only
 * stream.
 */
export const INSERT = 0;
export const UPDATE_BEFORE = 1;
export const UPDATE_AFTER = 2;
export const DELETE = 3;
export const KIND_NAMES = ['+I', '-U', '+U', '-D'] as const;

/** The watermark at the end of a bounded input: no more rows follow. */
export const MAX_WATERMARK = Number.POSITIVE_INFINITY;
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY;

/**
 * Watermarks inside a batch. After the first `positions[k]` physical rows the watermark is
 * `values[k]` (milliseconds). Positions ascend, and values strictly ascend. Positions count all
 * physical rows, also those that a selection drops.
 */
export interface WatermarkMarks {
  readonly count: number;
  readonly positions: Int32Array;
  readonly values: Float64Array;
}

/**
 * Columns of `size` physical rows. `selection` has the ascending positions of the `selected` rows
 * that belong to the batch; null = all rows. A batch with no rows and one mark is valid. Immutable
 * once sent; may be read by several consumers.
 */
export class Batch {
  readonly size: number;
  readonly columns: readonly Vector[];
  readonly kinds: Uint8Array | null;
  readonly selection: Int32Array | null;
  readonly selected: number;
  readonly marks: WatermarkMarks | null;
  /**
   * Null: each row and mark is at its position in the source's batch, or no operator reads the
   * origins.
   */
  readonly origins: Origins | null;

  constructor(
    size: number,
    columns: readonly Vector[],
    kinds: Uint8Array | null = null,
    selection: Int32Array | null = null,
    selected: number = selection === null ? size : selection.length,
    marks: WatermarkMarks | null = null,
    origins: Origins | null = null,
  ) {
    this.size = size;
    this.columns = columns;
    this.kinds = kinds;
    this.selection = selection;
    this.selected = selected;
    this.marks = marks;
    this.origins = origins;
  }

  /** Returns the last watermark in the batch, or `before` when it has none. */
  lastWatermark(before: number): number {
    const marks = this.marks;
    return marks === null || marks.count === 0 ? before : marks.values[marks.count - 1]!;
  }

  withColumns(columns: readonly Vector[]): Batch {
    return new Batch(this.size, columns, this.kinds, this.selection, this.selected, this.marks, this.origins);
  }

  withOrigins(origins: Origins | null): Batch {
    return new Batch(this.size, this.columns, this.kinds, this.selection, this.selected, this.marks, origins);
  }
}

/** Creates a batch without rows that only moves the watermark. */
export function watermarkBatch(columns: readonly Vector[], watermark: number): Batch {
  return new Batch(0, columns, null, null, 0, {
    count: 1,
    positions: new Int32Array(1),
    values: Float64Array.of(watermark),
  });
}
