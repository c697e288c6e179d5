import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';
import type { Connector } from '../connector.ts';

/**
 * Prints rows as they arrive, one per line, e.g. `+I[7, ann, 2026-01-01 00:00:00]`. At least once:
 * after a crash lines may be repeated.
 */
export const print: Connector = {
  name: 'print',
  summary: 'rows on standard output',
  writes: 'Each row is a line such as `+I[7, ann, 2026-01-01 00:00:00]`.',
  uses: ['sink'],
  formatted: false,
  acceptsChangelog: true,
  promise: 'at least once: rows after the last checkpoint are printed again after a crash',
  options: [
    { key: 'print-identifier', type: 'string', use: 'sink', summary: 'text before each row, followed by `> `' },
  ],
  createSink: (node, context) => new PrintSink(node.fields, node.options['print-identifier'] ?? null, context.print),
};

class PrintSink implements Sink {
  readonly #texts: readonly ((value: unknown) => string)[];
  readonly #prefix: string;
  readonly #print: (text: string) => void;

  constructor(fields: readonly Field[], identifier: string | null, print: (text: string) => void) {
    this.#texts = fields.map((f) => {
      const text = writeJsonValue(f.type);
      return (value) => {
        const json = text(value);
        return json.startsWith('"') ? (JSON.parse(json) as string) : json;
      };
    });
    this.#prefix = identifier === null ? '' : `${identifier}> `;
    this.#print = print;
  }

  write(batch: Batch): void {
    let lines = '';
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[row]!];
      lines += `${this.#prefix}${kind}[${this.#texts.map((text, c) => text(batch.columns[c]!.get(row))).join(', ')}]\n`;
    }
    this.#print(lines);
  }
  prepare(): { prepared: Promise<unknown> } {
    return { prepared: Promise.resolve(null) };
  }
  async commit(): Promise<void> {}
  async restore(): Promise<void> {}
  async close(): Promise<void> {}
}
