import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import type { Field } from '../../core/data-type.ts';
import { type Steps, waitFor } from '../operator-kit/steps.ts';
import type { KeyedTable, StateStore, ValueCodec } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';
import type { Lag } from './lag-columns.ts';
import type { SortedRows } from './row-sorter.ts';

/** The values of one row, in the order of the columns that lags read. */
export type LaggedRow = readonly unknown[];

/**
 * Gives each row the values of the rows before it in its partition (`lag-columns.ts`). It keeps the
 * last rows of each key without a time limit: as many as the longest lag, with the columns that
 * lags read.
 */
export class LaggedRows {
  readonly #lags: readonly Lag[];
  readonly #fields: readonly Field[];
  readonly #partition: readonly number[];
  readonly #columns: readonly number[];
  readonly #longest: number;
  readonly #table: KeyedTable;
  #slots = new Int32Array(0);

  constructor(
    store: StateStore,
    table: { readonly operator: number; readonly table: number },
    fields: readonly Field[],
    lags: readonly Lag[],
    partition: readonly number[],
  ) {
    this.#lags = lags;
    this.#fields = fields;
    this.#partition = partition;
    this.#columns = laggedColumns(lags);
    this.#longest = longestLag(lags);
    this.#table = store.keyedTable({
      ...table,
      name: 'rows-before',
      key: partition.map((column) => fields[column]!.type),
      columns: [{ kind: 'value', codec: rowsCodec(this.#columns.map((column) => fields[column]!.type)) }],
    });
  }

  /** Adds the lags as additional columns to the rows. Yields while state is read. */
  *extend(sorted: SortedRows): Steps<SortedRows> {
    const { batch, rows, count } = sorted;
    if (count === 0) return sorted;
    if (this.#slots.length < count) this.#slots = new Int32Array(Math.max(count, 1024));
    yield* waitFor(this.#table.lookup(batch, this.#partition, this.#slots, rows, count));
    const values = this.#table.columns[0] as (LaggedRow[] | null)[];
    const first = this.#fields.length - this.#lags.length;
    const builders = this.#lags.map((_, i) => new VectorBuilder(this.#fields[first + i]!.type, batch.size));
    const places = this.#lags.map(({ column }) => this.#columns.indexOf(column));
    for (let k = 0; k < count; k++) {
      const row = rows === null ? k : rows[k]!;
      const slot = this.#slots[k]!;
      const before = values[slot] ?? [];
      for (let i = 0; i < builders.length; i++) {
        builders[i]!.set(row, before[this.#lags[i]!.rows - 1]?.[places[i]!] ?? null);
      }
      this.#table.touch(slot);
      const own = this.#columns.map((column) => batch.columns[column]!.get(row));
      values[slot] = [own, ...before.slice(0, this.#longest - 1)];
    }
    const columns = [...batch.columns.slice(0, first), ...builders.map((builder) => builder.finish())];
    return { ...sorted, batch: new Batch(batch.size, columns, null, batch.selection, batch.selected, batch.marks) };
  }
}

/** Returns the columns that lags read, in the order in which they are kept. */
export const laggedColumns = (lags: readonly Lag[]): readonly number[] => [
  ...new Set(lags.map(({ column }) => column)),
];

export const longestLag = (lags: readonly Lag[]): number => Math.max(0, ...lags.map(({ rows }) => rows));

/** Returns the codec of the last rows, newest first. */
export function rowsCodec(types: readonly Field['type'][]): ValueCodec {
  const codecs = types.map(codecOf);
  return {
    encode(value, writer) {
      const rows = value as readonly LaggedRow[];
      writer.varint(rows.length);
      for (const row of rows) for (const [i, codec] of codecs.entries()) codec.encode(row[i], writer);
    },
    decode: (reader) => Array.from({ length: reader.varint() }, () => codecs.map((codec) => codec.decode(reader))),
    sizeOf: (value) => 40 + (value as readonly LaggedRow[]).length * (24 + codecs.length * 24),
  };
}
