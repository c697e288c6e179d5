import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';

/**
 * Writes the rows of a SELECT as JSON: one row per line, or `{"op":"+I","row":{…}}` per line.
 * Writes values as Flink's json format does.
 */
export class JsonRowWriter implements Sink {
  readonly #keys: readonly string[];
  readonly #texts: readonly ((value: unknown) => string)[];
  readonly #changes: boolean;
  readonly #write: (text: string) => void;

  /** `changes`: each line also has the kind of its row. */
  constructor(fields: readonly Field[], changes: boolean, write: (text: string) => void) {
    this.#keys = fields.map((f, i) => `${i === 0 ? '{' : ','}${JSON.stringify(f.name)}:`);
    this.#texts = fields.map((f) => writeJsonValue(f.type));
    this.#changes = changes;
    this.#write = write;
  }

  write(batch: Batch): void {
    let lines = '';
    for (let i = 0; i < batch.selected; i++) {
      const at = batch.selection === null ? i : batch.selection[i]!;
      let row = '';
      for (let c = 0; c < this.#keys.length; c++) row += this.#keys[c]! + this.#texts[c]!(batch.columns[c]!.get(at));
      row += '}';
      if (this.#changes) row = `{"op":"${KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[at]!]}","row":${row}}`;
      lines += `${row}\n`;
    }
    this.#write(lines);
  }
  prepare(): { prepared: Promise<unknown> } {
    return { prepared: Promise.resolve(null) };
  }
  async commit(): Promise<void> {}
  async restore(): Promise<void> {}
  async close(): Promise<void> {}
}
