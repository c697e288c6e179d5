import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import { type Field, isNumeric } from '../../core/data-type.ts';
import type { Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';

const PAGE = 200;

/**
 * Writes rows of a SELECT as a table on a terminal, in pages. A result with changes has a column
 * `op`.
 */
export class TableWriter implements Sink {
  readonly #fields: readonly Field[];
  readonly #texts: readonly ((value: unknown) => string)[];
  readonly #write: (text: string) => void;
  #rows: { op: string; cells: string[] }[] = [];
  #changes = false;
  #shown = 0;

  constructor(fields: readonly Field[], write: (text: string) => void) {
    this.#fields = fields;
    this.#write = write;
    this.#texts = fields.map((f) => {
      const text = writeJsonValue(f.type);
      return (value) => {
        const json = text(value);
        return json.startsWith('"')
          ? printable(JSON.parse(json) as string)
          : json === 'null'
            ? styleText('dim', 'NULL')
            : json;
      };
    });
  }

  write(batch: Batch): void {
    for (let i = 0; i < batch.selected; i++) {
      const at = batch.selection === null ? i : batch.selection[i]!;
      const op = KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[at]!];
      this.#changes ||= op !== '+I';
      this.#rows.push({ op, cells: this.#texts.map((text, c) => text(batch.columns[c]!.get(at))) });
      if (this.#rows.length >= PAGE) this.#show();
    }
  }

  #show(): void {
    if (this.#rows.length === 0 && this.#shown > 0) return;
    const Table = createRequire(import.meta.url)('cli-table3') as typeof import('cli-table3');
    const head = this.#fields.map((f) => f.name);
    const align = this.#fields.map((f) => (isNumeric(f.type) ? 'right' : 'left') as 'left' | 'right');
    const table = new Table({
      head: this.#changes ? ['op', ...head] : head,
      colAligns: this.#changes ? ['left', ...align] : align,
      style: { head: ['bold'], border: ['grey'] },
    });
    for (const row of this.#rows) table.push(this.#changes ? [row.op, ...row.cells] : row.cells);
    this.#write(`${table.toString()}\n`);
    this.#shown += this.#rows.length;
    this.#rows = [];
  }

  prepare(): { prepared: Promise<unknown> } {
    return { prepared: Promise.resolve(null) };
  }
  async commit(): Promise<void> {}
  async restore(): Promise<void> {}
  async close(): Promise<void> {
    this.#show();
    this.#write(`${this.#shown} row${this.#shown === 1 ? '' : 's'}\n`);
  }
}

/** Replaces control characters of a value, so that they cannot control the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
