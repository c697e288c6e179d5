import type { JsonColumn } from './json-column.ts';
import type { JsonCursor } from './json-cursor.ts';
import { JsonRowColumn } from './json-row-column.ts';
import type { ScanField } from './scanner-code.ts';

const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** With more keys there is no scanner, because its code would be too large. */
const KEYS_MAX = 2000;
const KEY_BYTES_MAX = 1 << 18;

/**
 * The keys of the objects in a table's lines. Their order is learned from lines. A scanner is fast
 * for keys in this order. Keys inside objects that are not read do not count.
 */
export class KeyOrder {
  readonly #column: JsonRowColumn;
  /** Bytes of the keys as Latin-1 text. */
  readonly #keys: string[] = [];
  readonly #nested: ReadonlyMap<string, KeyOrder>;

  constructor(column: JsonRowColumn) {
    this.#column = column;
    this.#nested = new Map(
      column.columns.flatMap((child) =>
        child instanceof JsonRowColumn ? [[bytesOf(child.name), new KeyOrder(child)] as const] : [],
      ),
    );
  }

  /**
   * Learns the keys of the object at a cursor. The object must be well-formed. Returns false if the
   * table's lines have too many keys.
   */
  learn(cursor: JsonCursor): boolean {
    this.#learnObject(cursor);
    this.#addDeclared();
    const keys = this.#allKeys();
    return keys.length <= KEYS_MAX && keys.reduce((sum, key) => sum + key.length, 0) <= KEY_BYTES_MAX;
  }

  #learnObject(cursor: JsonCursor): void {
    let at = 0;
    for (let more = cursor.enter(CLOSE_OBJECT); more; more = cursor.next(CLOSE_OBJECT)) {
      cursor.scanKey();
      const key = cursor.buffer.latin1Slice(cursor.tokenStart, cursor.tokenEnd);
      if (cursor.hasEscapes || this.#keys.length > KEYS_MAX) {
        cursor.skip();
        continue;
      }
      at = this.#add(key, at);
      const nested = this.#nested.get(key);
      if (nested !== undefined && cursor.peek() === OPEN_OBJECT) nested.#learnObject(cursor);
      else cursor.skip();
    }
  }

  /** Adds the columns that no line had yet. Each one follows the previous column. */
  #addDeclared(): void {
    let at = 0;
    for (const { name } of this.#column.columns) at = this.#add(bytesOf(name), at);
    for (const nested of this.#nested.values()) nested.#addDeclared();
  }

  /** Adds a new key at a position. Returns the position after the key. */
  #add(key: string, at: number): number {
    if (this.#keys[at] === key) return at + 1;
    const known = this.#keys.indexOf(key);
    if (known >= 0) return known + 1;
    this.#keys.splice(at, 0, key);
    return at + 1;
  }

  #allKeys(): readonly string[] {
    return [...this.#keys, ...[...this.#nested.values()].flatMap((nested) => nested.#allKeys())];
  }

  /** The fields for a scanner. */
  fields(): readonly ScanField[] {
    const columns = new Map(this.#column.columns.map((column) => [bytesOf(column.name), column]));
    return this.#keys.map((key): ScanField => {
      const column = columns.get(key);
      const keyBytes = Buffer.from(key, 'latin1');
      if (column === undefined) return { keyBytes, kind: 'skip' };
      const nested = this.#nested.get(key);
      if (nested === undefined) return { keyBytes, ...column.scanType };
      return { keyBytes, ...column.scanType, fields: nested.fields() };
    });
  }

  /** The columns that the fields read. The columns inside a row follow the row. */
  columns(): readonly JsonColumn[] {
    const columns = new Map(this.#column.columns.map((column) => [bytesOf(column.name), column]));
    return this.#keys.flatMap((key) => {
      const column = columns.get(key);
      if (column === undefined) return [];
      return column instanceof JsonRowColumn ? [column, ...this.#nested.get(key)!.columns()] : [column];
    });
  }
}

const bytesOf = (name: string): string => Buffer.from(name).toString('latin1');
