import { EngineError } from '../core/engine-error.ts';
import type { Row } from './row.ts';

/** One reader of an input table: a scan of a job. */
export interface InputReader {
  /** The number of the next row for the reader, counted from the first row of the table. */
  next: number;
  /** Called when rows, the end or a failure arrive. */
  wake: () => void;
}

/**
 * A table into which the program writes rows. `write` waits while `capacity` rows are unread, so
 * that a slow query slows the writer.
 *
 * @example
 * const payments = new InputTable<{ card: string; amount: number }>();
 * await using program = await run(sql, { inputs: { payments } });
 * await payments.write({ card: '4711', amount: 1.2 });
 * payments.end();
 */
export class InputTable<T extends object = Row> {
  readonly #capacity: number;
  readonly #readers = new Set<InputReader>();
  /** Rows that a reader has not read yet. The first of these rows is row `#first`. */
  #rows: T[] = [];
  #first = 0;
  #ended = false;
  #failure: unknown = null;
  #waiting: (() => void)[] = [];

  constructor({ capacity = 1024 }: { readonly capacity?: number } = {}) {
    this.#capacity = capacity;
  }

  /**
   * Adds rows at the end of the table. Resolves when there is room for more. Rejects when the
   * program that reads the table has ended.
   */
  async write(...rows: readonly T[]): Promise<void> {
    if (this.#ended) throw new EngineError('CONFIG_USAGE', 'the table has ended: no row can follow', {});
    this.#rows.push(...rows);
    this.#wake();
    while (this.#rows.length >= this.#capacity) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#throwFailure();
    }
    this.#throwFailure();
  }

  /** Resolves when every job that reads the table has read all written rows. */
  async drained(): Promise<void> {
    while (this.#rows.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#throwFailure();
    }
  }

  /** Ends the table: no row follows. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @internal Ends the table after a failure of the input, or when no job reads the table. */
  fail(failure: unknown): void {
    this.#failure ??= failure;
    this.#wake();
    this.#admit();
  }

  /** @internal */
  attach(reader: InputReader): void {
    this.#readers.add(reader);
  }

  /**
   * @internal Removes a reader that has ended, so that `write` does not wait for this reader.
   * Without readers, `write` rejects.
   */
  detach(reader: InputReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) this.#forget();
    else this.fail(new EngineError('JOB_NOT_RUNNING', 'no job reads the table any more', {}));
  }

  /**
   * @internal Begins reading. Called when all readers are known. Returns the number of rows that
   * checkpoints contain. These rows are not written again. The next written row has this number.
   */
  begin(): number {
    this.#first = this.#leastRead();
    return this.#first;
  }

  /**
   * @internal Returns the next rows of a reader, at most `limit`. Without rows the reader must
   * wait, or the table has ended.
   */
  take(reader: InputReader, limit: number): readonly T[] | 'idle' | 'end' {
    this.#throwFailure();
    const from = reader.next - this.#first;
    const rows = this.#rows.slice(from, from + limit);
    if (rows.length === 0) return this.#ended ? 'end' : 'idle';
    reader.next += rows.length;
    this.#forget();
    return rows;
  }

  /** Removes the rows that all readers have read. */
  #forget(): void {
    const read = this.#leastRead() - this.#first;
    if (read <= 0) return;
    this.#rows.splice(0, read);
    this.#first += read;
    this.#admit();
  }

  #leastRead(): number {
    return [...this.#readers].reduce((least, { next }) => Math.min(least, next), Number.MAX_SAFE_INTEGER);
  }

  #admit(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake();
  }

  #throwFailure(): void {
    if (this.#failure === null) return;
    if (this.#failure instanceof EngineError) throw this.#failure;
    const why = this.#failure instanceof Error ? this.#failure.message : String(this.#failure);
    throw new EngineError('CONNECTOR_READ', `the rows of the table ended with an error: ${why}`, {}, this.#failure);
  }
}
