import type { Batch } from '../../batch/batch.ts';
import type { BytesVector } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import { ByteWriter } from '../state/byte-codec.ts';
import { KEY_GROUPS, keyGroupOf } from '../state/entry-key.ts';
import { type KeyPart, keyPart } from '../state/key-codec.ts';
import { HASH_PRIME, HASH_SEED } from '../state/open-addressing.ts';
import type { KeyGroups } from './key-groups.ts';

/** Distributes the rows of batches among the subtasks of an operator, by their key groups. */
export class KeyRouting {
  /** By subtask: the rows of the last batch, ascending. The first `counts[subtask]` are valid. */
  readonly rows: Int32Array[];
  readonly counts: Int32Array;
  readonly #columns: readonly number[];
  readonly #parts: readonly KeyPart[];
  /** By key group: the subtask. */
  readonly #subtasks = new Uint8Array(KEY_GROUPS);
  readonly #writer = new ByteWriter(64);

  constructor(types: readonly DataType[], columns: readonly number[], ranges: readonly KeyGroups[]) {
    this.#columns = columns;
    this.#parts = types.map(keyPart);
    this.rows = ranges.map(() => new Int32Array(0));
    this.counts = new Int32Array(ranges.length);
    for (const [subtask, { first, last }] of ranges.entries()) this.#subtasks.fill(subtask, first, last + 1);
  }

  route(batch: Batch): void {
    const { selection, selected } = batch;
    if (this.rows[0]!.length < selected) {
      for (let subtask = 0; subtask < this.rows.length; subtask++) this.rows[subtask] = new Int32Array(selected * 2);
    }
    const { counts, rows } = this;
    counts.fill(0);
    const only = this.#columns.length === 1 ? batch.columns[this.#columns[0]!]! : null;
    const texts = only !== null && only.kind === 'bytes' && only.nulls === null ? only : null;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i]!;
      const group = texts === null ? this.#groupOf(batch, row) : this.#groupOfText(texts, batch, row);
      const subtask = this.#subtasks[group]!;
      rows[subtask]![counts[subtask]!++] = row;
    }
  }

  #groupOf(batch: Batch, row: number): number {
    const writer = this.#writer;
    writer.reset();
    for (let k = 0; k < this.#parts.length; k++) {
      this.#parts[k]!.writeRow(writer, batch.columns[this.#columns[k]!]!, row);
    }
    return keyGroupOf(writer.buffer, 0, writer.position);
  }

  /** Hashes the encoded text without writing it: 0x01, the text, 0x00 0x01. */
  #groupOfText({ buffer, starts, ends }: BytesVector, batch: Batch, row: number): number {
    const end = ends[row]!;
    let hash = Math.imul(HASH_SEED ^ 1, HASH_PRIME);
    for (let at = starts[row]!; at < end; at++) {
      const byte = buffer[at]!;
      // The encoding escapes a zero byte.
      if (byte === 0) return this.#groupOf(batch, row);
      hash = Math.imul(hash ^ byte, HASH_PRIME);
    }
    hash = Math.imul(Math.imul(hash, HASH_PRIME) ^ 1, HASH_PRIME);
    return ((hash ^ (hash >>> 15)) >>> 0) % KEY_GROUPS;
  }
}
