import type { Nulls, Vector } from '../../batch/vector.ts';
import type { JsonCursor } from './json-cursor.ts';
import type { ColumnCells, ScanType } from './scanner-code.ts';

/** One column while it is filled: of the table, or of a ROW. */
export interface JsonColumn {
  readonly name: string;
  readonly scanType: ScanType;
  readonly cells: ColumnCells;
  /** Empties the column for the next batch. */
  reset(): void;
  /** Resets what was stored for a row, as if no value had been read. */
  clear(row: number): void;
  /**
   * Reads the value at a cursor for a row, and moves behind the value. Throws if the value does not
   * fit. If a key occurs twice, the last call counts.
   */
  read(cursor: JsonCursor, row: number): void;
  setNull(row: number): void;
  /** Replaces malformed bytes in texts by U+FFFD, as the exact reader does. */
  replaceMalformed(buffer: Buffer, count: number): void;
  /** The values of rows below `count`. `outer`: rows that are NULL because their ROW is NULL. */
  finish(buffer: Buffer, count: number, outer: Nulls): Vector;
}

/** Returns the NULLs of a column and of the ROW that contains it. */
export function nullsOf({ nulls, hasNulls }: ColumnCells, outer: Nulls, count: number): Nulls {
  if (!hasNulls) return outer;
  if (outer === null) return nulls;
  const both = new Uint8Array(count);
  for (let i = 0; i < count; i++) both[i] = nulls[i]! | outer[i]!;
  return both;
}

/**
 * Texts with escapes whose strings are still in the buffer. They are written when the whole record
 * is known to be well-formed, because the report of a malformed record contains the original text.
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
