import { Batch } from '../batch/batch.ts';
import { VectorBuilder } from '../batch/vector.ts';
import { EngineError } from '../core/engine-error.ts';
import { ONLY_SPLIT, type PollResult, type Source, type SourceMetrics, type Split } from '../engine/source.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { InputReader, InputTable } from './input-table.ts';
import { valueReader } from './row.ts';

/**
 * Reads an input table as the source of a scan. Its position is the number of rows that were read.
 */
export class InputSource implements Source, Split {
  readonly id = ONLY_SPLIT;
  readonly #node: ScanNode;
  readonly #table: InputTable<object>;
  readonly #reader: InputReader = { next: 0, wake: () => {} };
  readonly #readers: readonly ((value: unknown) => unknown)[];

  constructor(node: ScanNode, table: InputTable<object>) {
    this.#node = node;
    this.#table = table;
    this.#readers = node.fields.map(({ type }) => valueReader(type));
    table.attach(this.#reader);
  }

  start(wake: () => void): void {
    this.#reader.wake = wake;
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    const first = this.#reader.next;
    const rows = this.#table.take(this.#reader, maxRows);
    if (rows === 'idle' || rows === 'end') return rows;
    const columns = this.#node.fields.map((field, c) => {
      const builder = new VectorBuilder(field.type, rows.length);
      const { key } = this.#node.columns[c]!;
      for (const [i, row] of rows.entries()) builder.set(i, this.#value(row, key, c, first + i));
      return builder.finish();
    });
    return new Batch(rows.length, columns);
  }

  #value(row: object, key: string, column: number, number: number): unknown {
    try {
      return this.#readers[column]!(Object.hasOwn(row, key) ? (row as Record<string, unknown>)[key] : null);
    } catch (cause) {
      const { table } = this.#node;
      throw new EngineError(
        'FORMAT_VALUE',
        `table ${table}, row ${number + 1}, column \`${key}\`: ${(cause as Error).message}`,
        { table, row: number + 1, column: key },
        cause,
      );
    }
  }

  position(): number {
    return this.#reader.next;
  }

  seek(position: unknown): void {
    this.#reader.next = position as number;
  }

  metrics(): SourceMetrics {
    return { malformed: 0, bytes: 0 };
  }

  close(): void {
    this.#table.detach(this.#reader);
  }
}
