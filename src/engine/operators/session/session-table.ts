import { type Batch, INSERT } from '../../../batch/batch.ts';
import type { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { Rows } from '../../expressions/evaluate.ts';
import type { OperatorContext } from '../../operator.ts';
import { type Steps, waitFor } from '../../operator-kit/steps.ts';
import type { KeyBytes, OrderedTable, StateColumn } from '../../state/state-store.ts';
import { codecOf } from '../../state/value-codec.ts';
import { ROWS_TABLE } from './open-sessions.ts';
import type { SessionContent, SessionWindow } from './session-content.ts';

/** Columns of a row in the table. */
export const rowColumns = (fields: readonly Field[]): readonly StateColumn[] =>
  fields.map(({ type }) => ({ kind: 'value', codec: codecOf(type) }));

/**
 * SESSION as a table function without aggregation. It stores the rows of a session until the
 * session ends, then emits each row with its window.
 *
 * An ordered table has the rows of each key. The place of a row is the number of its session. Rows
 * of one session are in the order of arrival. The entry of the session contains the number.
 */
export class SessionRows implements SessionContent {
  readonly columns: readonly StateColumn[] = [{ kind: 'number' }];
  readonly #numberColumn: number;
  readonly #keyColumns: readonly number[];
  readonly #rows: OrderedTable;
  /** By key slot of the sessions: the key slot of the rows. Valid for one batch. */
  readonly #rowKeys = new Map<number, number>();
  #found = new Int32Array(0);

  constructor(
    inputFields: readonly Field[],
    keyColumns: readonly number[],
    context: OperatorContext,
    firstColumn: number,
  ) {
    this.#numberColumn = firstColumn;
    this.#keyColumns = keyColumns;
    this.#rows = context.state.orderedTable({
      operator: context.operator,
      table: ROWS_TABLE,
      name: 'session rows',
      key: keyColumns.map((column) => inputFields[column]!.type),
      columns: rowColumns(inputFields),
    });
  }

  *begin(batch: Batch, keys: Int32Array): Steps {
    this.#rowKeys.clear();
    this.#makeRoom(batch.selected);
    yield* waitFor(this.#rows.lookup(batch, this.#keyColumns, this.#found));
    for (let i = 0; i < batch.selected; i++) this.#rowKeys.set(keys[i]!, this.#found[i]!);
  }

  *beginDue(encoded: readonly KeyBytes[], keys: Int32Array): Steps {
    this.#makeRoom(encoded.length);
    yield* waitFor(this.#rows.lookupEncoded(encoded, this.#found));
    for (let i = 0; i < encoded.length; i++) this.#rowKeys.set(keys[i]!, this.#found[i]!);
  }

  #makeRoom(count: number): void {
    if (this.#found.length < count) this.#found = new Int32Array(count);
  }

  opened(sessions: OrderedTable, slot: number): void {
    (sessions.columns[this.#numberColumn] as Float64Array)[slot] = sessions.sequenceOf(slot);
  }

  #numberOf(sessions: OrderedTable, slot: number): number {
    return (sessions.columns[this.#numberColumn] as Float64Array)[slot]!;
  }

  addRows(batch: Batch, { rows, count }: Rows, sessions: OrderedTable, slots: Int32Array, keys: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : rows[i]!;
      const to = this.#rows.insert(this.#rowKeys.get(keys[i]!)!, this.#numberOf(sessions, slots[i]!));
      for (let c = 0; c < batch.columns.length; c++) {
        (this.#rows.columns[c] as unknown[])[to] = batch.columns[c]!.get(row);
      }
    }
  }

  merge(sessions: OrderedTable, key: number, into: number, from: number): void {
    const number = this.#numberOf(sessions, into);
    for (const slot of this.#rowsOf(key, this.#numberOf(sessions, from))) this.#rows.move(slot, number);
  }

  #rowsOf(key: number, number: number): readonly number[] {
    const slots: number[] = [];
    const rows = this.#rows;
    let slot = rows.firstFrom(this.#rowKeys.get(key)!, number);
    for (; slot >= 0 && rows.placeOf(slot) === number; slot = rows.next(slot)) slots.push(slot);
    return slots;
  }

  emit(
    sessions: OrderedTable,
    key: number,
    slot: number,
    { start, end, due }: SessionWindow,
    builder: BatchBuilder,
  ): void {
    const number = this.#numberOf(sessions, slot);
    const { columns } = this.#rows;
    const width = columns.length;
    for (const from of this.#rowsOf(key, number)) {
      const row = builder.row(INSERT);
      for (let c = 0; c < width; c++) builder.set(c, row, (columns[c] as unknown[])[from]);
      builder.set(width, row, start);
      builder.set(width + 1, row, end);
      builder.set(width + 2, row, due);
    }
    this.#rows.removeRange(this.#rowKeys.get(key)!, number, number + 1);
  }
}
