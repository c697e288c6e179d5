import type { Vector } from '../../batch/vector.ts';
import type { AccumulatorCells, AggregateFunction } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';

/** COLLECT: the MULTISET of the values, NULLs left out. */
export const collect: AggregateFunction = {
  name: 'COLLECT',
  summary: 'A multiset of the values that are not NULL: each value with the number of its rows.',
  typedWithoutRows: true,
  resolve: (args) =>
    unary(
      args,
      () => true,
      'a value',
      (t) => ({ kind: 'multiset', element: t, nullable: false }),
    ),
  create: (_args, result) => ({
    columns: [{ kind: 'value', type: result }],
    add: (cells, base, slot, args, row) => count(cells, base, slot, args, row, 1),
    retract: (cells, base, slot, args, row) => count(cells, base, slot, args, row, -1),
    merge(cells, base, slot, from, fromSlot) {
      const later = (from.columns[base] as unknown[])[fromSlot] as Map<unknown, number> | null;
      for (const [v, n] of later ?? []) change(cells, base, slot, v, n);
    },
    value: (cells, base, slot) => new Map(((cells.columns[base] as unknown[])[slot] as Map<unknown, number>) ?? []),
  }),
};

function count(
  cells: AccumulatorCells,
  base: number,
  slot: number,
  args: readonly Vector[],
  row: number,
  by: number,
): void {
  const v = args[0]!.get(row);
  if (v !== null) change(cells, base, slot, v, by);
}

function change(cells: AccumulatorCells, base: number, slot: number, value: unknown, by: number): void {
  const maps = cells.columns[base] as unknown[];
  if (maps[slot] === null) maps[slot] = new Map();
  const counts = maps[slot] as Map<unknown, number>;
  const n = (counts.get(value) ?? 0) + by;
  if (n === 0) counts.delete(value);
  else counts.set(value, n);
}
