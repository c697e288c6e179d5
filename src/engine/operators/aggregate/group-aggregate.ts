import { type Batch, DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../batch/batch.ts';
import { BatchBuilder } from '../../../batch/batch-builder.ts';
import type { Field } from '../../../core/data-type.ts';
import type { GroupAggregateNode } from '../../../plan/plan-node.ts';
import type { KeyedTable } from '../../state/state-store.ts';
import type { Operator, OperatorContext, Output } from '../operator.ts';
import { AggregateCalls } from './aggregate-calls.ts';

/**
 * Unbounded GROUP BY with its changelog (Flink's GroupAggFunction): the first row of a group is +I,
 * a later one −U and +U unless no aggregate changed, and −D when a retraction takes the last
 * row away. State: per group the number of rows and the accumulators, for ever.
 */
export class GroupAggregateOperator implements Operator {
  readonly #node: GroupAggregateNode;
  readonly #calls: AggregateCalls;
  readonly #table: KeyedTable;
  readonly #fields: readonly Field[];
  readonly #batchRows: number;
  #slots = new Int32Array(0);
  /** Results of the row before its change, one per aggregate. */
  readonly #before: unknown[];

  /** `retracting`: the input carries −U and −D. */
  constructor(node: GroupAggregateNode, inputFields: readonly Field[], retracting: boolean, context: OperatorContext) {
    this.#node = node;
    this.#fields = node.fields;
    this.#batchRows = context.batchRows;
    this.#calls = new AggregateCalls(node.aggregates, retracting, context.environment, 1);
    this.#before = new Array(node.aggregates.length).fill(null);
    this.#table = context.state.keyedTable({
      operator: context.operator,
      table: 0,
      name: 'groups',
      key: node.keys.map((k) => inputFields[k]!.type),
      columns: [{ kind: 'number' }, ...this.#calls.columns],
    });
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    if (this.#slots.length < batch.selected) this.#slots = new Int32Array(batch.selected);
    const wait = this.#table.lookup(batch, this.#node.keys, this.#slots);
    if (wait) return wait.then(() => this.#apply(batch, out));
    this.#apply(batch, out);
  }

  #apply(batch: Batch, out: Output): void {
    const { selection, selected, kinds, marks } = batch;
    const table = this.#table;
    const slots = this.#slots;
    const prepared = this.#calls.prepare(batch, { rows: selection, count: selected });
    const rowCounts = table.columns[0] as Float64Array;
    const builder = new BatchBuilder(
      this.#fields.map((f) => f.type),
      Math.max(2, Math.min(this.#batchRows * 2, selected * 2)),
      (b) => out.emit(b),
    );
    let mark = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i]!;
      for (; marks !== null && mark < marks.count && marks.positions[mark]! <= row; mark++)
        builder.mark(marks.values[mark]!);
      const slot = slots[i]!;
      const kind = kinds === null ? INSERT : kinds[row]!;
      const removes = kind === UPDATE_BEFORE || kind === DELETE;
      const isNew = !table.exists(slot);
      // A retraction of a group that is not there has nothing to take back.
      if (isNew && removes) continue;
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
    for (; marks !== null && mark < marks.count; mark++) builder.mark(marks.values[mark]!);
    builder.flush();
  }

  #readResults(slot: number, into: unknown[]): void {
    for (let a = 0; a < into.length; a++) into[a] = this.#calls.value(a, this.#table, slot);
  }

  #changed(slot: number): boolean {
    for (let a = 0; a < this.#before.length; a++) {
      if (!equalResults(this.#before[a], this.#calls.value(a, this.#table, slot))) return true;
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

/** Results of the same aggregate before and after: equal values, nested ones by content. */
function equalResults(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    for (const [k, v] of a) if (!b.has(k) || !equalResults(v, b.get(k))) return false;
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((v, i) => equalResults(v, b[i]));
  }
  return false;
}
