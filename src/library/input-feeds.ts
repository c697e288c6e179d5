import { InputTable } from './input-table.ts';
import type { Input, InputRows } from './run-options.ts';

/**
 * The inputs of a running program as tables. Rows of iterables are written into theirs one by one.
 */
export class InputFeeds {
  readonly #feeds: ReadonlyMap<string, { readonly table: InputTable<object>; readonly input: Input }>;
  readonly #positions = new Map<string, number>();
  #stopped = false;

  constructor(inputs: Readonly<Record<string, Input>>) {
    this.#feeds = new Map(
      Object.entries(inputs).map(([name, input]) => {
        const table = input instanceof InputTable ? (input as InputTable<object>) : new InputTable<object>();
        return [name, { table, input }];
      }),
    );
  }

  /** Undefined: the table is read by its connector. */
  table(name: string): InputTable<object> | undefined {
    return this.#feeds.get(name)?.table;
  }

  /** Rows of a table that the restored checkpoints have. */
  position(name: string): number | undefined {
    return this.#positions.get(name);
  }

  /** Called when all sources know their positions. */
  start(): void {
    for (const [name, { table, input }] of this.#feeds) {
      const from = table.begin();
      this.#positions.set(name, from);
      if (input instanceof InputTable) continue;
      const [rows, skipped] = typeof input === 'function' ? [input(from), 0] : [input, from];
      // The failure of an iterable is the failure of the jobs that read it.
      void this.#feed(table, rows, skipped).catch((error: unknown) => table.fail(error));
    }
  }

  /** Resolves when the rows that were written by hand have been read. */
  async drained(): Promise<void> {
    const byHand = [...this.#feeds.values()].filter(({ input }) => input instanceof InputTable);
    await Promise.all(byHand.map(({ table }) => table.drained()));
  }

  async #feed(table: InputTable<object>, rows: InputRows, skipped: number): Promise<void> {
    let number = 0;
    for await (const row of rows) {
      if (this.#stopped) return;
      if (number++ >= skipped) await table.write(row);
    }
    table.end();
  }

  /** The iterables are closed with the next row that they give. */
  stop(): void {
    this.#stopped = true;
  }
}
