import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { type Field, isNumeric } from '../../core/data-type.ts';
import type { Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';
import { fits, layTable, type TableLayout } from './table-layout.ts';

const PAGE = 200;
/** A row is shown at most this long after its arrival. */
const SHOW_AFTER_MS = 100;

export interface TableOptions {
  /** Whether the result has changes. The table then has a column `op`. */
  readonly changes: boolean;
  /** The width of the terminal in characters; null: any width. */
  readonly columns: number | null;
  readonly clock: Clock;
}

/**
 * Writes the rows of a SELECT as a table on a terminal, a short time after their arrival. Rows that
 * fit into the open table are added to it. Other rows begin a new table.
 */
export class TableWriter implements Sink {
  readonly #options: TableOptions;
  readonly #head: readonly string[];
  readonly #aligns: readonly ('left' | 'right')[];
  readonly #texts: readonly ((value: unknown) => string)[];
  readonly #write: (text: string) => void;
  readonly #alarm: Alarm;
  #rows: string[][] = [];
  /** The layout of the open table; null: no table is open. */
  #layout: TableLayout | null = null;
  #count = 0;
  #cut = false;

  constructor(fields: readonly Field[], options: TableOptions, write: (text: string) => void) {
    const op: readonly string[] = options.changes ? ['op'] : [];
    this.#options = options;
    this.#head = [...op, ...fields.map(({ name }) => printable(name))];
    this.#aligns = [
      ...op.map(() => 'left' as const),
      ...fields.map(({ type }) => (isNumeric(type) ? 'right' : 'left')),
    ];
    this.#write = write;
    this.#alarm = new Alarm(options.clock, () => this.#show());
    this.#texts = fields.map(({ type }) => {
      const text = writeJsonValue(type);
      return (value) => {
        const json = text(value);
        if (json.startsWith('"')) return printable(JSON.parse(json) as string);
        return json === 'null' ? styleText('dim', 'NULL') : json;
      };
    });
  }

  write({ selection, selected, kinds, columns }: Batch): void {
    if (selected > 0 && this.#rows.length === 0) this.#alarm.set(SHOW_AFTER_MS);
    for (let i = 0; i < selected; i++) {
      const at = selection === null ? i : selection[i]!;
      const op = this.#options.changes ? [KIND_NAMES[kinds === null ? 0 : kinds[at]!]!] : [];
      this.#rows.push([...op, ...this.#texts.map((text, c) => text(columns[c]!.get(at)))]);
      if (this.#rows.length >= PAGE) this.#show();
    }
  }

  #show(): void {
    const rows = this.#rows;
    this.#rows = [];
    this.#count += rows.length;
    const { columns } = this.#options;
    const begins = this.#layout === null || !fits(rows, this.#layout, columns);
    if (begins) {
      this.#end();
      this.#layout = layTable([this.#head, ...rows], columns);
      this.#cut ||= this.#layout.cuts || this.#layout.shown < this.#head.length;
    }
    if (begins || rows.length > 0) this.#write(this.#text(begins ? 'begin' : 'rows', rows));
  }

  /** Closes the open table. */
  #end(): void {
    if (this.#layout !== null) this.#write(this.#text('end', []));
    this.#layout = null;
  }

  /** Returns a part of a table: its head and rows, more rows, or its last line. */
  #text(part: 'begin' | 'rows' | 'end', rows: readonly string[][]): string {
    const Table = createRequire(import.meta.url)('cli-table3') as typeof import('cli-table3');
    const { widths, shown } = this.#layout!;
    const table = new Table({
      head: part === 'begin' ? this.#head.slice(0, shown) : [],
      colAligns: this.#aligns.slice(0, shown),
      colWidths: [...widths],
      style: { head: ['bold'], border: ['grey'], compact: true },
      chars: part === 'begin' ? NO_BOTTOM : NO_EDGES,
    });
    if (part === 'end') {
      const line = widths.map((width) => '─'.repeat(width)).join('┴');
      return `${styleText('grey', `└${line}┘`)}\n`;
    }
    for (const row of rows) table.push(row.slice(0, shown));
    return `${table.toString()}\n`;
  }

  prepare(): { prepared: Promise<unknown> } {
    return { prepared: Promise.resolve(null) };
  }
  async commit(): Promise<void> {}
  async restore(): Promise<void> {}
  async close(): Promise<void> {
    this.#alarm.clear();
    if (this.#rows.length > 0 || this.#layout === null) this.#show();
    this.#end();
    const cut = this.#cut ? '; values or columns that do not fit are cut, --output jsonl shows all' : '';
    this.#write(`${this.#count} row${this.#count === 1 ? '' : 's'}${cut}\n`);
  }
}

const NO_BOTTOM = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };
const NO_EDGES = { ...NO_BOTTOM, top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };

/** Replaces control characters of a value, so that they cannot control the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
