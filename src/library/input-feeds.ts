import { InputTable } from './input-table.ts';
import type { Input, InputRows } from './run-options.ts';

/**
 * The inputs of a running program as tables. Writes the rows of each iterable into its table one by
 * one.
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

  /** Returns the input table. Undefined: the table's connector reads the rows. */
  table(name: string): InputTable<object> | undefined {
    return this.#feeds.get(name)?.table;
  }

  /** Returns the number of rows of a table that the restored checkpoints contain. */
  position(name: string): number | undefined {
    return this.#positions.get(name);
  }

  /** Starts the feeds. Call this method when all sources know their positions. */
  start(): void {
    for (const [name, { table, input }] of this.#feeds) {
      const from = table.begin();
      this.#positions.set(name, from);
      if (input instanceof InputTable) continue;
      const [rows, skipped] = typeof input === 'function' ? [input(from), 0] : [input, from];
      // If an iterable fails, the jobs that read it fail.
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

  /** Stops the feeds. Each iterable is closed at its next row. */
  stop(): void {
    this.#stopped = true;
  }
}
