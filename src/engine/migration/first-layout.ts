import { keyRange } from '../state/entry-key.ts';
import type { StateBackend, StateEntry, StateWrite } from '../state/state-backend.ts';

/** A table of the first layout. */
export interface OldTable {
  readonly operator: number;
  readonly table: number;
}

/**
 * Reads a table of the first layout, writes the entries that `convert` returns for each of its
 * entries, and removes the table. New tables have other numbers, so the new entries are not read
 * again.
 */
export async function replaceTable(
  backend: StateBackend,
  table: OldTable,
  convert: (entry: StateEntry) => readonly StateWrite[],
): Promise<void> {
  const { from, to } = keyRange(table, null, null);
  for await (const chunk of backend.scan(from, to)) {
    const writes = chunk.flatMap(convert);
    if (writes.length > 0) await backend.write(writes);
  }
  await backend.deleteRange(from, to);
}
