import type { DataType } from '../../core/data-type.ts';
import { ByteWriter } from '../state/byte-codec.ts';
import { keyGroupOf } from '../state/entry-key.ts';
import { type KeyPart, keyPart } from '../state/key-codec.ts';

/** Rows whose values can be read by place. */
interface KeptRows {
  valueOf(row: number, place: number): unknown;
}

/** Computes the key groups of kept rows from their values of the partition's columns. */
export class RowGroups {
  readonly #parts: readonly { readonly place: number; readonly part: KeyPart }[];
  readonly #writer = new ByteWriter(64);

  constructor(partition: readonly { readonly place: number; readonly type: DataType }[]) {
    this.#parts = partition.map(({ place, type }) => ({ place, part: keyPart(type) }));
  }

  of(rows: KeptRows, row: number): number {
    if (this.#parts.length === 0) return 0;
    const writer = this.#writer;
    writer.reset();
    for (const { place, part } of this.#parts) part.write(writer, rows.valueOf(row, place));
    return keyGroupOf(writer.buffer, 0, writer.position);
  }
}
