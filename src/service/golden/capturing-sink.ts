import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { PreparedEpoch, Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';

/**
 * Committed changelog lines of one sink. Like a directory of files, it outlives the jobs that write
 * to it.
 */
export class CapturedRows {
  readonly #epochs = new Map<string, readonly string[]>();

  commit(id: string, lines: readonly string[]): void {
    this.#epochs.set(id, lines);
  }

  get lines(): readonly string[] {
    return [...this.#epochs.values()].flat();
  }
}

/**
 * A sink with the guarantees of the file sink, in memory: uncommitted rows are lost with the job.
 */
export class CapturingSink implements Sink {
  readonly #rows: CapturedRows;
  readonly #names: readonly string[];
  readonly #texts: readonly ((value: unknown) => string)[];
  #lines: string[] = [];

  constructor(fields: readonly Field[], rows: CapturedRows) {
    this.#rows = rows;
    this.#names = fields.map((f) => JSON.stringify(f.name));
    this.#texts = fields.map((f) => writeJsonValue(f.type));
  }

  write(batch: Batch): void {
    for (let i = 0; i < batch.selected; i++) {
      const at = batch.selection === null ? i : batch.selection[i]!;
      const op = KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[at]!];
      const cells = this.#names.map((name, c) => `${name}:${this.#texts[c]!(batch.columns[c]!.get(at))}`);
      this.#lines.push(`{"op":"${op}","row":{${cells.join(',')}}}`);
    }
  }

  prepare(epoch: number): PreparedEpoch {
    const lines = this.#lines;
    this.#lines = [];
    return { prepared: Promise.resolve(lines.length === 0 ? null : { id: String(epoch), lines }) };
  }

  async commit(prepared: unknown): Promise<void> {
    const { id, lines } = prepared as { id: string; lines: readonly string[] };
    this.#rows.commit(id, lines);
  }

  async restore(prepared: readonly unknown[]): Promise<void> {
    for (const epoch of prepared) await this.commit(epoch);
  }

  async close(): Promise<void> {}
}
