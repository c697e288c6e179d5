import { Batch } from '../../batch/batch.ts';
import { NumberVector } from '../../batch/vector.ts';
import { VALUES_CONNECTOR } from '../../core/values-connector.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Connector } from '../connector.ts';

/**
 * Reads the rows of VALUES and of SELECT without FROM. The compiler creates the table. A SQL text
 * cannot name this connector. The table's only column is the number of the row. The plan contains
 * the expressions of the rows.
 */
export const values: Connector = {
  name: VALUES_CONNECTOR,
  summary: 'the rows of VALUES',
  uses: ['source'],
  formatted: false,
  options: [{ key: 'number-of-rows', type: 'integer', use: 'source', required: true, summary: 'rows' }],
  createSource: (node) => new NumberedRows(node),
};

class NumberedRows implements Source, Split {
  readonly id = '';
  readonly #columns: number;
  readonly #rows: number;
  #next = 0;

  constructor({ columns, options }: ScanNode) {
    this.#columns = columns.length;
    this.#rows = Number(options['number-of-rows']);
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    const from = this.#next;
    const count = Math.min(maxRows, this.#rows - from);
    if (count === 0) return 'end';
    this.#next += count;
    const numbers = Float64Array.from({ length: count }, (_, i) => from + i);
    return new Batch(
      count,
      Array.from({ length: this.#columns }, () => new NumberVector(numbers)),
    );
  }

  position(): unknown {
    return this.#next;
  }
  seek(position: unknown): void {
    this.#next = position as number;
  }
  metrics(): SourceMetrics {
    return { malformed: 0, bytes: 0 };
  }
  close(): void {}
}
