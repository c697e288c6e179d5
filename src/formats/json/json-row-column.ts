import { type Nulls, RowVector, type Vector } from '../../batch/vector.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import { type EscapedTexts, type JsonColumn, nullsOf } from './json-column.ts';
import { type JsonCursor, JsonSyntaxError } from './json-cursor.ts';
import { JsonMembers, type JsonReading, otherThan } from './json-reader.ts';
import { JsonValueColumn } from './json-value-column.ts';
import type { ColumnCells, ScanType } from './scanner-code.ts';

const OPEN_OBJECT = 123;

/** A ROW, with a column for each field. The columns of a table are read in the same way. */
export class JsonRowColumn implements JsonColumn {
  readonly name: string;
  readonly scanType: ScanType = { kind: 'row' };
  readonly columns: readonly JsonColumn[];
  readonly cells: ColumnCells;
  readonly #type: DataType;
  readonly #ignoresErrors: boolean;
  readonly #members: JsonMembers;
  readonly #found: Uint8Array;
  readonly #readMember: (index: number) => void;
  #cursor: JsonCursor | null = null;
  #row = 0;
  #problem: { readonly column: string; readonly error: unknown } | null = null;

  constructor(name: string, fields: readonly Field[], capacity: number, how: JsonReading, escaped: EscapedTexts) {
    this.name = name;
    this.#type = { kind: 'row', fields, nullable: true };
    this.#ignoresErrors = how.ignoreErrors;
    this.columns = fields.map((field) =>
      field.type.kind === 'row'
        ? new JsonRowColumn(field.name, field.type.fields, capacity, how, escaped)
        : new JsonValueColumn(field, capacity, how, escaped),
    );
    this.cells = {
      numbers: new Float64Array(0),
      bits: new Uint8Array(0),
      starts: new Int32Array(0),
      ends: new Int32Array(0),
      nulls: new Uint8Array(capacity),
      hasNulls: false,
    };
    this.#members = new JsonMembers(
      fields.map((field) => field.name),
      how,
    );
    this.#found = new Uint8Array(fields.length);
    this.#readMember = (index) => {
      const column = this.columns[index]!;
      this.#found[index] = 1;
      try {
        column.read(this.#cursor!, this.#row);
      } catch (error) {
        if (error instanceof JsonSyntaxError) throw error;
        this.#problem ??= { column: column.name, error };
      }
    };
  }

  reset(): void {
    if (this.cells.hasNulls) this.cells.nulls.fill(0);
    this.cells.hasNulls = false;
    for (const column of this.columns) column.reset();
  }

  clear(row: number): void {
    this.cells.nulls[row] = 0;
    for (const column of this.columns) column.clear(row);
  }

  setNull(row: number): void {
    this.clear(row);
    this.cells.nulls[row] = 1;
    this.cells.hasNulls = true;
  }

  read(cursor: JsonCursor, row: number): void {
    if (cursor.peek() === OPEN_OBJECT) {
      const problem = this.readObject(cursor, row);
      if (problem !== null) throw problem.error;
      return;
    }
    this.setNull(row);
    try {
      otherThan(cursor, this.#type);
    } catch (error) {
      if (error instanceof JsonSyntaxError || !this.#ignoresErrors) throw error;
    }
  }

  /**
   * Reads the object at a cursor to its end. Returns the first column whose value does not fit.
   * Throws if the object is malformed or lacks a field that must be there.
   */
  readObject(cursor: JsonCursor, row: number): { readonly column: string; readonly error: unknown } | null {
    this.clear(row);
    this.#cursor = cursor;
    this.#row = row;
    this.#problem = null;
    this.#found.fill(0);
    this.#members.read(cursor, this.#readMember);
    for (let i = 0; i < this.#found.length; i++) if (this.#found[i] === 0) this.columns[i]!.setNull(row);
    return this.#problem;
  }

  replaceMalformed(buffer: Buffer, count: number): void {
    for (const column of this.columns) column.replaceMalformed(buffer, count);
  }

  finish(buffer: Buffer, count: number, outer: Nulls): Vector {
    const nulls = nullsOf(this.cells, outer, count);
    return new RowVector(
      this.columns.map((column) => () => column.finish(buffer, count, nulls)),
      count,
      nulls,
    );
  }
}
