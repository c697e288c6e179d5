import type { Batch } from '../../../batch/batch.ts';
import type { BatchBuilder } from '../../../batch/batch-builder.ts';

/** Rows of a batch that belong to one slice. */
export class SliceRows {
  readonly end: number;
  readonly start: number;
  rows: Int32Array = new Int32Array(0);
  count = 0;
  checked = false;
  /** When the slice's first and last window fire. */
  firstFire = 0;
  lastFire = 0;

  constructor(end: number, start: number) {
    this.end = end;
    this.start = start;
  }

  add(row: number, most: number): void {
    if (this.count === this.rows.length) {
      const grown = new Int32Array(Math.min(Math.max(64, this.rows.length * 4), Math.max(64, most)));
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows[this.count++] = row;
  }
}

/** How far an operator is in a batch. */
export class WindowCursor {
  readonly batch: Batch;
  readonly builder: BatchBuilder;
  /** Processing time of the batch; null for event time. */
  readonly now: number | null;
  row = 0;
  mark = 0;
  /** The watermark whose windows are firing. */
  firing: number | null = null;
  /** Filled slices to be added, last first. */
  groups: SliceRows[] = [];
  done = false;
  readonly #open = new Map<number, SliceRows>();

  constructor(batch: Batch, builder: BatchBuilder, now: number | null) {
    this.batch = batch;
    this.builder = builder;
    this.now = now;
  }

  group(end: number, start: number): SliceRows {
    let group = this.#open.get(end);
    if (group === undefined) {
      group = new SliceRows(end, start);
      this.#open.set(end, group);
    }
    return group;
  }

  /** Hands over what was collected. */
  takeGroups(): readonly SliceRows[] {
    this.groups = [...this.#open.values()].filter((g) => g.count > 0).reverse();
    this.#open.clear();
    return this.groups;
  }
}
