import type { Nulls, Vector } from '../../batch/vector.ts';
import type { JsonCursor } from './json-cursor.ts';
import type { ColumnCells, ScanType } from './scanner-code.ts';

/** A column of the table or of a ROW, while the decoder fills it. */
export interface JsonColumn {
  readonly name: string;
  readonly scanType: ScanType;
  readonly cells: ColumnCells;
  /** Empties the column for the next batch. */
  reset(): void;
  /** Removes the value of a row, as if none had been read. */
  clear(row: number): void;
  /**
   * Reads the value at a cursor for a row, and moves past the value. Throws if the value does not
   * fit. If a record has a key twice, the last value wins.
   */
  read(cursor: JsonCursor, row: number): void;
  setNull(row: number): void;
  /** Replaces malformed bytes in texts with U+FFFD, as the exact reader does. */
  replaceMalformed(buffer: Buffer, count: number): void;
  /** The values of rows below `count`. `outer`: rows that are NULL because their ROW is NULL. */
  finish(buffer: Buffer, count: number, outer: Nulls): Vector;
}

/** Returns the rows in which the column, or the ROW that contains it, is NULL. */
export function nullsOf({ nulls, hasNulls }: ColumnCells, outer: Nulls, count: number): Nulls {
  if (!hasNulls) return outer;
  if (outer === null) return nulls;
  const both = new Uint8Array(count);
  for (let i = 0; i < count; i++) both[i] = nulls[i]! | outer[i]!;
  return both;
}

/**
 * The decoded texts of strings with escapes. The buffer still contains the original strings. The
 * decoder writes the texts when the whole record is known to be well-formed: the report of a
 * malformed record contains the original text.
 */
export class EscapedTexts {
  count = 0;
  readonly #writes: ((buffer: Buffer, isShared: boolean) => void)[] = [];

  add(write: (buffer: Buffer, isShared: boolean) => void): void {
    this.#writes.push(write);
    this.count++;
  }

  /** Forgets the texts of a malformed record. */
  clear(): void {
    if (this.count === 0) return;
    this.#writes.length = 0;
    this.count = 0;
  }

  /** With `isShared`, the buffer must not change, because other rows are in the same record. */
  write(buffer: Buffer, isShared: boolean): void {
    if (this.count === 0) return;
    for (const write of this.#writes) write(buffer, isShared);
    this.clear();
  }
}
