import { type Batch, DELETE, INSERT, MAX_WATERMARK, UPDATE_BEFORE } from '../../batch/batch.ts';
import { BatchBuilder } from '../../batch/batch-builder.ts';
import type { DataType } from '../../core/data-type.ts';
import { comparatorOf } from '../../functions/compare-values.ts';
import type { SortKey, SortNode } from '../../plan/nodes/sort.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { runSteps, type Steps, waitFor } from '../operator-kit/steps.ts';
import type { Segment, TimedTable } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';

/** The time of the only segment. */
const ALL = 0;

/**
 * ORDER BY of an input that ends. It sends all rows in order at the last watermark. Rows of equal
 * keys are in the order of arrival.
 *
 * The state contains all rows. If the input changes rows, the state contains the count of each row
 * instead. The operator then sends the rows that remain at the end.
 */
export class SortOperator implements Operator {
  readonly #node: SortNode;
  readonly #types: readonly DataType[];
  readonly #batchRows: number;
  readonly #table: TimedTable;
  readonly #columns: readonly number[];
  #slots = new Int32Array(0);

  constructor(node: SortNode, context: OperatorContext) {
    this.#node = node;
    this.#types = node.fields.map(({ type }) => type);
    this.#batchRows = context.batchRows;
    this.#columns = node.fields.map((_, column) => column);
    this.#table = context.state.timedTable({
      operator: context.operator,
      table: 0,
      name: 'rows',
      key: node.insertOnly ? [] : this.#types,
      columns: node.insertOnly
        ? this.#types.map((type) => ({ kind: 'value', codec: codecOf(type) }))
        : [{ kind: 'number' }],
    });
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    return runSteps(this.#steps(batch, out));
  }

  *#steps(batch: Batch, out: Output): Steps {
    if (batch.selected > 0) {
      const segment = this.#table.segment(ALL);
      if (this.#node.insertOnly) this.#append(batch, segment);
      else yield* this.#count(batch, segment);
    }
    if (batch.lastWatermark(ALL) !== MAX_WATERMARK) return;
    const builder = new BatchBuilder(this.#types, this.#batchRows, (made) => out.emit(made));
    const segment = this.#table.find(ALL);
    if (segment !== undefined) {
      yield* waitFor(segment.load());
      this.#emit(segment, builder);
      this.#table.drop(segment);
    }
    builder.mark(MAX_WATERMARK);
    builder.flush();
  }

  #append({ selection, selected, columns }: Batch, segment: Segment): void {
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i]!;
      const slot = segment.append();
      for (let c = 0; c < columns.length; c++) (segment.columns[c] as unknown[])[slot] = columns[c]!.get(row);
    }
  }

  *#count(batch: Batch, segment: Segment): Steps {
    const { selection, selected, kinds } = batch;
    if (this.#slots.length < selected) this.#slots = new Int32Array(selected);
    yield* waitFor(segment.lookup(batch, this.#columns, this.#slots));
    for (let i = 0; i < selected; i++) {
      const kind = kinds === null ? INSERT : kinds[selection === null ? i : selection[i]!]!;
      const slot = this.#slots[i]!;
      segment.touch(slot);
      (segment.columns[0] as Float64Array)[slot]! += kind === UPDATE_BEFORE || kind === DELETE ? -1 : 1;
    }
  }

  #emit(segment: Segment, builder: BatchBuilder): void {
    const { insertOnly, order } = this.#node;
    const keyOf = insertOnly ? null : Array.from(segment.slots(), (slot) => segment.keyOf(slot));
    const slots = segment.slots();
    const valueAt = (at: number, column: number): unknown =>
      keyOf === null ? segment.columns[column]![slots[at]!] : keyOf[at]![column];
    const sorted = Uint32Array.from(slots, (_, at) => at).sort(comparing(order, this.#types, valueAt));
    for (const at of sorted) {
      const times = insertOnly ? 1 : (segment.columns[0] as Float64Array)[slots[at]!]!;
      for (let time = 0; time < times; time++) {
        const to = builder.row(INSERT);
        for (const column of this.#columns) builder.set(column, to, valueAt(at, column));
      }
    }
  }
}

/** Compares rows by the keys, then by their arrival. */
function comparing(
  order: readonly SortKey[],
  types: readonly DataType[],
  valueAt: (at: number, column: number) => unknown,
): (a: number, b: number) => number {
  const compares = order.map(({ column }) => comparatorOf(types[column]!));
  return (a, b) => {
    for (const [k, { column, descending, nullsFirst }] of order.entries()) {
      const x = valueAt(a, column);
      const y = valueAt(b, column);
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null) === nullsFirst ? -1 : 1;
      }
      const compared = compares[k]!(x, y);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return a - b;
  };
}
