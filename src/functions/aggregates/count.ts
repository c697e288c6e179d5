import { BIGINT, withNullable } from '../../core/data-type.ts';
import type { AggregateFunction, Aggregator } from './aggregate-function.ts';

/** COUNT(*) and COUNT(x): rows, or rows where x is not NULL. Never NULL. */
export const count: AggregateFunction = {
  name: 'COUNT',
  summary: 'The number of rows, or of values that are not NULL. 0 if there is none.',
  typedWithoutRows: true,
  resolve: (args) =>
    args.length > 1
      ? { mismatch: `takes * or one argument that may be NULL, got ${args.length}` }
      : { args: args.map((a) => a.type), result: withNullable(BIGINT, false) },
  create: (args) => (args.length === 0 ? countRows : countValues),
};

const countRows: Aggregator = {
  columns: [{ kind: 'number' }],
  add(cells, base, slot) {
    (cells.columns[base] as Float64Array)[slot]! += 1;
  },
  addRows(cells, base, slots, _args, _rows, from, to) {
    const counts = cells.columns[base] as Float64Array;
    for (let i = from; i < to; i++) counts[slots[i]!]! += 1;
  },
  retract(cells, base, slot) {
    (cells.columns[base] as Float64Array)[slot]! -= 1;
  },
  merge(cells, base, slot, from, fromSlot) {
    (cells.columns[base] as Float64Array)[slot]! += (from.columns[base] as Float64Array)[fromSlot]!;
  },
  value: (cells, base, slot) => (cells.columns[base] as Float64Array)[slot]!,
};

const countValues: Aggregator = {
  ...countRows,
  add(cells, base, slot, args, row) {
    if (!args[0]!.isNull(row)) (cells.columns[base] as Float64Array)[slot]! += 1;
  },
  addRows(cells, base, slots, args, rows, from, to) {
    const counts = cells.columns[base] as Float64Array;
    const vector = args[0]!;
    for (let i = from; i < to; i++) {
      if (!vector.isNull(rows === null ? i : rows[i]!)) counts[slots[i]!]! += 1;
    }
  },
  retract(cells, base, slot, args, row) {
    if (!args[0]!.isNull(row)) (cells.columns[base] as Float64Array)[slot]! -= 1;
  },
};
