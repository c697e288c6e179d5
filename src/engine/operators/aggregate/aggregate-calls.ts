import type { Batch } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { AccumulatorCells, Aggregator } from '../../../functions/aggregates/aggregate-function.ts';
import { createAggregator } from '../../../functions/aggregates/registry.ts';
import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import type { AggregateCall } from '../../../plan/expression.ts';
import { compilePredicate } from '../../expressions/compile-predicate.ts';
import { compileVector } from '../../expressions/compile-vector.ts';
import type { Predicate, Rows, VectorExpression } from '../../expressions/evaluate.ts';
import type { StateColumn } from '../../state/state-store.ts';
import { codecOf } from '../../state/value-codec.ts';

/**
 * The aggregate calls of one operator. Their accumulators are adjacent columns of a table.
 */
export class AggregateCalls {
  /** State columns of all calls, the first call's first. */
  readonly columns: readonly StateColumn[];
  readonly #calls: readonly CompiledCall[];

  /** `firstColumn`: the position of the first accumulator among the table's columns. */
  constructor(
    calls: readonly AggregateCall[],
    retractable: boolean,
    environment: FunctionEnvironment,
    firstColumn: number,
  ) {
    const columns: StateColumn[] = [];
    this.#calls = calls.map((call) => {
      const aggregator = createAggregator(call, retractable);
      const base = firstColumn + columns.length;
      for (const c of aggregator.columns)
        columns.push(c.kind === 'value' ? { kind: 'value', codec: codecOf(c.type) } : c);
      return {
        aggregator,
        base,
        args: call.args.map((a) => compileVector(a, environment)),
        filter: call.filter === undefined ? null : compilePredicate(call.filter, environment),
      };
    });
    this.columns = columns;
  }

  get count(): number {
    return this.#calls.length;
  }

  /**
   * Adds the rows to the accumulators in `slots[i]` for `rows.rows[i]`. The caller has touched the
   * slots.
   */
  addRows(batch: Batch, rows: Rows, cells: AccumulatorCells, slots: Int32Array): void {
    for (const call of this.#calls) {
      const args = call.args.map((arg) => arg(batch, rows));
      if (call.filter !== null) this.#addFiltered(call, call.filter, args, batch, rows, cells, slots);
      else if (call.aggregator.addRows) {
        call.aggregator.addRows(cells, call.base, slots, args, rows.rows, 0, rows.count);
      } else {
        for (let i = 0; i < rows.count; i++) {
          call.aggregator.add(cells, call.base, slots[i]!, args, rows.rows === null ? i : rows.rows[i]!);
        }
      }
    }
  }

  #addFiltered(
    call: CompiledCall,
    filter: Predicate,
    args: readonly Vector[],
    batch: Batch,
    rows: Rows,
    cells: AccumulatorCells,
    slots: Int32Array,
  ): void {
    const kept = filter(batch, rows);
    let at = 0;
    for (let k = 0; k < kept.count; k++) {
      const row = kept.rows === null ? k : kept.rows[k]!;
      while ((rows.rows === null ? at : rows.rows[at]!) !== row) at++;
      call.aggregator.add(cells, call.base, slots[at]!, args, row);
    }
  }

  /**
   * Evaluates arguments and filters of all calls for a batch. `add` and `retract` then take single
   * rows.
   */
  prepare(batch: Batch, rows: Rows): PreparedCalls {
    return new PreparedCalls(
      this.#calls.map((call) => {
        let passes: Uint8Array | null = null;
        if (call.filter !== null) {
          passes = new Uint8Array(batch.size);
          const kept = call.filter(batch, rows);
          for (let k = 0; k < kept.count; k++) passes[kept.rows === null ? k : kept.rows[k]!] = 1;
        }
        return { ...call, vectors: call.args.map((arg) => arg(batch, rows)), passes };
      }),
    );
  }

  merge(cells: AccumulatorCells, slot: number, from: AccumulatorCells, fromSlot: number): void {
    for (const { aggregator, base } of this.#calls) aggregator.merge(cells, base, slot, from, fromSlot);
  }

  /** Merges values that come before those in `slot`. See `Aggregator.mergeBefore`. */
  mergeBefore(cells: AccumulatorCells, slot: number, from: AccumulatorCells, fromSlot: number): void {
    for (const { aggregator, base } of this.#calls) {
      if (aggregator.mergeBefore === undefined) aggregator.merge(cells, base, slot, from, fromSlot);
      else aggregator.mergeBefore(cells, base, slot, from, fromSlot);
    }
  }

  value(call: number, cells: AccumulatorCells, slot: number): unknown {
    const { aggregator, base } = this.#calls[call]!;
    return aggregator.value(cells, base, slot);
  }

  /** Returns the value whose change sends the new result. Default: `result`. */
  trigger(call: number, cells: AccumulatorCells, slot: number, result: unknown): unknown {
    const { aggregator, base } = this.#calls[call]!;
    return aggregator.trigger === undefined ? result : aggregator.trigger(cells, base, slot);
  }
}

interface CompiledCall {
  readonly aggregator: Aggregator;
  readonly base: number;
  readonly args: readonly VectorExpression[];
  readonly filter: Predicate | null;
}

/** Aggregate calls bound to a batch. */
export class PreparedCalls {
  readonly #calls: readonly (CompiledCall & { vectors: readonly Vector[]; passes: Uint8Array | null })[];

  constructor(calls: readonly (CompiledCall & { vectors: readonly Vector[]; passes: Uint8Array | null })[]) {
    this.#calls = calls;
  }

  add(cells: AccumulatorCells, slot: number, row: number): void {
    for (let c = 0; c < this.#calls.length; c++) {
      const call = this.#calls[c]!;
      if (call.passes === null || call.passes[row] === 1)
        call.aggregator.add(cells, call.base, slot, call.vectors, row);
    }
  }

  retract(cells: AccumulatorCells, slot: number, row: number): void {
    for (let c = 0; c < this.#calls.length; c++) {
      const call = this.#calls[c]!;
      if (call.passes === null || call.passes[row] === 1)
        call.aggregator.retract(cells, call.base, slot, call.vectors, row);
    }
  }
}
