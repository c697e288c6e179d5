import { keyRange } from '../../state/entry-key.ts';
import type { StateBackend, StateWrite } from '../../state/state-backend.ts';

/** A table of one operator, and the number of the operator that gets a copy. */
export interface TableCopy {
  readonly backend: StateBackend;
  readonly from: number;
  readonly to: number;
  readonly table: number;
}

/**
 * Copies a table entry by entry. `convert` returns the new value of each entry; null: the entry is
 * not copied. `more` returns additional writes.
 */
export async function copyTable(
  { backend, from, to, table }: TableCopy,
  convert: (value: Buffer, key: Buffer) => Buffer | null,
  more: () => readonly StateWrite[] = () => [],
): Promise<void> {
  const range = keyRange({ operator: from, table }, null, null);
  // One chunk is written while the next one is read and converted.
  let writing: Promise<void> = Promise.resolve();
  for await (const chunk of backend.scan(range.from, range.to)) {
    const writes: StateWrite[] = [];
    for (const { key, value } of chunk) {
      const converted = convert(value, key);
      if (converted !== null) writes.push({ key: underOperator(key, to), value: converted });
    }
    writes.push(...more());
    await writing;
    if (writes.length > 0) writing = backend.write(writes);
    // The next await reports the failure. Without this handler, it would be unhandled if the scan
    // fails first.
    writing.catch(() => {});
  }
  await writing;
}

function underOperator(key: Buffer, operator: number): Buffer {
  const moved = Buffer.from(key);
  moved.writeUInt16BE(operator, 0);
  return moved;
}
