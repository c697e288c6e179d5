import { type Batch, DELETE, INSERT, MIN_WATERMARK, UPDATE_AFTER, UPDATE_BEFORE } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { GroupAggregateNode } from '../../../plan/nodes/group-aggregate.ts';
import type { Operator, OperatorContext, Output } from '../../operator.ts';
import { RowMarkCursor } from '../../operator-kit/row-mark-cursor.ts';
import { runSteps, type Steps, waitFor } from '../../operator-kit/steps.ts';
import type { KeyedTable } from '../../state/state-store.ts';
import { AggregateCalls, type PreparedCalls } from './aggregate-calls.ts';

/**
 * Unbounded GROUP BY with its changelog (Flink's GroupAggFunction): the first row of a group emits
 * +I. A later row emits −U and +U if an aggregate changed. A retraction of the last row emits
 * −D. The state has the number of rows and the accumulators of each group. It never expires.
 */
export class GroupAggregateOperator implements Operator {
  readonly #node: GroupAggregateNode;
  readonly #calls: AggregateCalls;
  readonly #table: KeyedTable;
  readonly #fields: readonly Field[];
  readonly #batchRows: number;
  #slots = new Int32Array(0);
  readonly #cursor = new RowMarkCursor();
  /** The results before the change, one per aggregate. */
  readonly #before: unknown[];
  /** The triggers before the change, one per aggregate. */
  readonly #triggers: unknown[];

  /** `retracting`: the input has −U and −D rows. */
  constructor(node: GroupAggregateNode, inputFields: readonly Field[], retracting: boolean, context: OperatorContext) {
    this.#node = node;
    this.#fields = node.fields;
    this.#batchRows = context.batchRows;
    this.#calls = new AggregateCalls(node.aggregates, retracting, context.environment, 1);
    this.#before = new Array(node.aggregates.length).fill(null);
    this.#triggers = [...this.#before];
    this.#table = context.state.keyedTable({
      operator: context.operator,
      table: 0,
      name: 'groups',
      key: node.keys.map((k) => inputFields[k]!.type),
      columns: [{ kind: 'number' }, ...this.#calls.columns],
    });
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    return runSteps(this.#steps(batch, out));
  }

  *#steps(batch: Batch, out: Output): Steps {
    if (this.#slots.length < batch.selected) this.#slots = new Int32Array(batch.selected);
    yield* waitFor(this.#table.lookup(batch, this.#node.keys, this.#slots));
    const prepared = this.#calls.prepare(batch, { rows: batch.selection, count: batch.selected });
    const builder = new BatchBuilder(
      this.#fields.map((f) => f.type),
      Math.max(2, Math.min(this.#batchRows * 2, batch.selected * 2)),
      (b) => out.emit(b),
    );
    const cursor = this.#cursor;
    for (cursor.begin(batch, MIN_WATERMARK); cursor.next(); ) {
      for (let i = cursor.from; i < cursor.to; i++) {
        this.#change(batch, cursor.rowAt(i), this.#slots[i]!, prepared, builder);
      }
      if (cursor.reached) builder.mark(cursor.watermark);
    }
    builder.flush();
  }

  #change(batch: Batch, row: number, slot: number, prepared: PreparedCalls, builder: BatchBuilder): void {
    const table = this.#table;
    const rowCounts = table.columns[0] as Float64Array;
    const kind = batch.kinds === null ? INSERT : batch.kinds[row]!;
    const removes = kind === UPDATE_BEFORE || kind === DELETE;
    const isNew = !table.exists(slot);
    // The group does not exist, so there is nothing to retract.
    if (isNew && removes) return;
    table.touch(slot);
    if (!isNew) this.#readResults(slot, this.#before);
    if (removes) {
      rowCounts[slot]! -= 1;
      prepared.retract(table, slot, row);
    } else {
      rowCounts[slot]! += 1;
      prepared.add(table, slot, row);
    }
    if (rowCounts[slot]! <= 0) {
      this.#put(builder, batch, row, DELETE, this.#before);
      table.remove(slot);
    } else if (isNew) this.#putCurrent(builder, batch, row, slot, INSERT);
    else if (this.#changed(slot)) {
      if (this.#node.updateBefore) this.#put(builder, batch, row, UPDATE_BEFORE, this.#before);
      this.#putCurrent(builder, batch, row, slot, UPDATE_AFTER);
    }
  }

  #readResults(slot: number, into: unknown[]): void {
    for (let a = 0; a < into.length; a++) {
      into[a] = this.#calls.value(a, this.#table, slot);
      this.#triggers[a] = this.#calls.trigger(a, this.#table, slot, into[a]);
    }
  }

  #changed(slot: number): boolean {
    for (let a = 0; a < this.#before.length; a++) {
      const result = this.#calls.value(a, this.#table, slot);
      if (!equalResults(this.#triggers[a], this.#calls.trigger(a, this.#table, slot, result))) return true;
    }
    return false;
  }

  #put(builder: BatchBuilder, batch: Batch, row: number, kind: number, results: readonly unknown[]): void {
    const to = builder.row(kind);
    const keys = this.#node.keys;
    for (let k = 0; k < keys.length; k++) builder.set(k, to, batch.columns[keys[k]!]!.get(row));
    for (let a = 0; a < results.length; a++) builder.set(keys.length + a, to, results[a]);
  }

  #putCurrent(builder: BatchBuilder, batch: Batch, row: number, slot: number, kind: number): void {
    const to = builder.row(kind);
    const keys = this.#node.keys;
    for (let k = 0; k < keys.length; k++) builder.set(k, to, batch.columns[keys[k]!]!.get(row));
    for (let a = 0; a < this.#calls.count; a++) {
      builder.set(keys.length + a, to, this.#calls.value(a, this.#table, slot));
    }
  }
}

/**
 * Compares the results of an aggregate before and after a change. Nested values are compared by
 * content.
 */
function equalResults(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    for (const [k, v] of a) if (!b.has(k) || !equalResults(v, b.get(k))) return false;
    return true;
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((v, i) => equalResults(v, b[i]));
  }
  return false;
}
