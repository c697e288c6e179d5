import type { DataType } from '../core/data-type.ts';
import { Batch, type WatermarkMarks } from './batch.ts';
import { gather } from './gather.ts';
import { markOrigin, rowOrigin } from './origins.ts';

/** The watermark of all ways after one of them has reached `watermark`; null: no advance. */
export type RaiseWatermark = (way: number, watermark: number) => number | null;

/**
 * Merges the batches that several ways made of one batch of a source into one batch. The order is
 * that of the event that caused each row or mark, then that of the ways. So the result does not
 * depend on the size of the source's batches. `types`: the types of the columns.
 */
export function mergeWays(
  ways: readonly (readonly Batch[])[],
  types: readonly DataType[],
  raise: RaiseWatermark,
  keepOrigins: boolean,
): Batch {
  const batches = ways.flat();
  const most = batches.reduce((sum, { selected }) => sum + selected, 0);
  const mostMarks = batches.reduce((sum, { marks }) => sum + (marks?.count ?? 0), 0);
  const parts = new Int32Array(most);
  const rows = new Int32Array(most);
  const origins = { rows: new Int32Array(keepOrigins ? most : 0), marks: new Int32Array(mostMarks) };
  const marks = { positions: new Int32Array(mostMarks), values: new Float64Array(mostMarks) };
  let count = 0;
  let markCount = 0;
  const cursors = cursorsOf(ways);
  for (let next = earliest(cursors); next !== null; next = earliest(cursors)) {
    if (next.atMark) {
      const watermark = raise(next.way, next.watermark);
      if (watermark !== null) {
        marks.positions[markCount] = count;
        marks.values[markCount] = watermark;
        origins.marks[markCount++] = next.event;
      }
    } else {
      parts[count] = next.part;
      rows[count] = next.row;
      if (keepOrigins) origins.rows[count] = next.event;
      count++;
    }
    next.advance();
  }
  const picked = { parts, rows, count };
  // The columns of a batch without rows are not read, and may be of another class.
  const filled = batches.find(({ selected }) => selected > 0) ?? batches[0]!;
  const read = batches.map((batch) => (batch.selected > 0 ? batch : filled));
  const columns = types.map((type, c) => {
    const vectors = read.map((batch) => batch.columns[c]!);
    return gather(type, vectors, picked);
  });
  const found: WatermarkMarks | null = markCount === 0 ? null : { count: markCount, ...marks };
  const kept = keepOrigins ? { rows: origins.rows, marks: origins.marks.subarray(0, markCount) } : null;
  return new Batch(count, columns, kindsOf(batches, parts, rows), null, count, found, kept);
}

function kindsOf(batches: readonly Batch[], parts: Int32Array, rows: Int32Array): Uint8Array | null {
  if (batches.every(({ kinds }) => kinds === null)) return null;
  const kinds = new Uint8Array(parts.length);
  for (let i = 0; i < kinds.length; i++) kinds[i] = batches[parts[i]!]!.kinds?.[rows[i]!] ?? 0;
  return kinds;
}

function cursorsOf(ways: readonly (readonly Batch[])[]): WayCursor[] {
  let firstPart = 0;
  return ways.map((batches, way) => {
    const cursor = new WayCursor(way, batches, firstPart);
    firstPart += batches.length;
    return cursor;
  });
}

/** Returns the first way with the earliest next event; null: all are at their end. */
function earliest(cursors: readonly WayCursor[]): WayCursor | null {
  let best = cursors[0]!;
  for (let i = 1; i < cursors.length; i++) if (cursors[i]!.event < best.event) best = cursors[i]!;
  return best.event === AT_END ? null : best;
}

const AT_END = Number.POSITIVE_INFINITY;

/** Iterates over the rows and marks of a way's batches. */
class WayCursor {
  readonly way: number;
  /** The event that caused the current row or mark. */
  event = AT_END;
  atMark = false;
  watermark = 0;
  /** Position of the batch among those of all ways, and of the row in it. */
  part: number;
  row = 0;
  readonly #batches: readonly Batch[];
  readonly #firstPart: number;
  #selected = 0;
  #mark = 0;

  constructor(way: number, batches: readonly Batch[], firstPart: number) {
    this.way = way;
    this.#batches = batches;
    this.#firstPart = firstPart;
    this.part = firstPart;
    this.#look();
  }

  advance(): void {
    if (this.atMark) this.#mark++;
    else this.#selected++;
    this.#look();
  }

  #look(): void {
    for (;;) {
      const batch = this.#batches[this.part - this.#firstPart];
      if (batch === undefined) {
        this.event = AT_END;
        return;
      }
      const { selection, selected, marks } = batch;
      const hasRow = this.#selected < selected;
      const row = !hasRow ? batch.size : selection === null ? this.#selected : selection[this.#selected]!;
      if (marks !== null && this.#mark < marks.count && (!hasRow || marks.positions[this.#mark]! <= row)) {
        this.atMark = true;
        this.watermark = marks.values[this.#mark]!;
        this.event = markOrigin(batch, this.#mark);
        return;
      }
      if (hasRow) {
        this.atMark = false;
        this.row = row;
        this.event = rowOrigin(batch, row);
        return;
      }
      this.part++;
      this.#selected = 0;
      this.#mark = 0;
    }
  }
}
