import type { Batch } from './batch.ts';

/**
 * Records which event of a source's batch caused each row and mark of a batch made from it. The
 * events of a source's batch are its rows and its marks, in order. The number of an event is 2p + 1
 * for the row at position p, and 2q for the mark at position q. Numbers ascend in a batch.
 *
 * Only batches on their way to a merge of two ways of one source have origins (ADR 0026). A batch
 * without them still has its rows and marks where the source's batch had them.
 */
export interface Origins {
  /** By physical row. */
  readonly rows: Int32Array;
  /** By mark. */
  readonly marks: Int32Array;
}

export const rowOrigin = ({ origins }: Batch, row: number): number =>
  origins === null ? 2 * row + 1 : origins.rows[row]!;

export const markOrigin = ({ origins, marks }: Batch, mark: number): number =>
  origins === null ? 2 * marks!.positions[mark]! : origins.marks[mark]!;

/** Returns the batch with origins that say that one event caused all of it. */
export function causedBy(event: number, batch: Batch): Batch {
  const rows = new Int32Array(batch.size).fill(event);
  const marks = new Int32Array(batch.marks?.count ?? 0).fill(event);
  return batch.withOrigins({ rows, marks });
}

/**
 * Returns the origins of an operator's output for `from`, where the operator keeps each row at its
 * position. It may have dropped marks. A remaining mark has the same watermark as before.
 */
export function inPlaceOf(from: Batch, made: Batch): Batch {
  if (from.origins === null) return made;
  return made.withOrigins({ rows: from.origins.rows, marks: marksFrom(from, made) });
}

function marksFrom(from: Batch, made: Batch): Int32Array {
  const origins = new Int32Array(made.marks?.count ?? 0);
  let mark = 0;
  for (let k = 0; k < origins.length; k++) {
    mark = markReaching(from, made.marks!.values[k]!, mark);
    origins[k] = markOrigin(from, mark);
  }
  return origins;
}

/**
 * Returns the origins of an operator's output for `from`, where the rows are results of watermarks.
 * Each row comes before the mark that caused it, and all marks of `from` are kept. Rows after the
 * last mark belong to the end of the batch.
 */
export function causedByMarks(from: Batch, made: readonly Batch[]): readonly Batch[] {
  const stamped: Batch[] = [];
  let cause = 2 * from.size + 1;
  for (const batch of [...made].reverse()) {
    const marks = marksFrom(from, batch);
    const rows = new Int32Array(batch.size);
    let end = batch.size;
    for (let k = marks.length - 1; k >= 0; k--) {
      const position = batch.marks!.positions[k]!;
      rows.fill(cause, position, end);
      end = position;
      cause = marks[k]!;
    }
    rows.fill(cause, 0, end);
    stamped.push(batch.withOrigins({ rows, marks }));
  }
  return stamped.reverse();
}

/**
 * Returns the first mark at or after `start` that reaches the watermark; the last mark if none
 * does.
 */
function markReaching({ marks }: Batch, watermark: number, start: number): number {
  let mark = start;
  while (mark < marks!.count - 1 && marks!.values[mark]! < watermark) mark++;
  return mark;
}
