import { EngineError } from '../core/engine-error.ts';
import type { Row } from './row.ts';

/** One reader of an input table: a scan of a job. */
export interface InputReader {
  /** Number of the next row that it reads, counted from the first row of the table. */
  next: number;
  /** Called when rows, the end or a failure come. */
  wake: () => void;
}

/**
 * A table that is fed by hand. `write` waits while `capacity` rows are not read yet, so that a slow
 * query slows its feeder.
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
  /** Rows that a reader has not read yet; the first one is row `#first`. */
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

  /** Resolves when every job that reads the table has read the rows that were written. */
  async drained(): Promise<void> {
    while (this.#rows.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#throwFailure();
    }
  }

  /** No row follows. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @internal The input has failed, or nothing reads it any more. */
  fail(failure: unknown): void {
    this.#failure ??= failure;
    this.#wake();
    this.#admit();
  }

  /** @internal */
  attach(reader: InputReader): void {
    this.#readers.add(reader);
  }

  /** @internal A reader that has ended holds nothing up. Without readers, `write` rejects. */
  detach(reader: InputReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) this.#forget();
    else this.fail(new EngineError('JOB_NOT_RUNNING', 'no job reads the table any more', {}));
  }

  /**
   * @internal Called when all readers are known. Returns the number of rows that checkpoints have:
   * they are not fed again, so that the next row that is written is that one.
   */
  begin(): number {
    this.#first = this.#leastRead();
    return this.#first;
  }

  /** @internal The next rows of a reader, at most `limit`; none: wait, or the end. */
  take(reader: InputReader, limit: number): readonly T[] | 'idle' | 'end' {
    this.#throwFailure();
    const from = reader.next - this.#first;
    const rows = this.#rows.slice(from, from + limit);
    if (rows.length === 0) return this.#ended ? 'end' : 'idle';
    reader.next += rows.length;
    this.#forget();
    return rows;
  }

  /** Drops the rows that all readers have read. */
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
