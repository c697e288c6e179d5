import type { Vector } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { AccumulatorCells, AggregateFunction, Aggregator } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';
import { compareValues, notRetractable } from './minimum-maximum.ts';

/** FIRST_VALUE and LAST_VALUE in arrival order; NULLs are left out, as in Flink. */
export const firstValue: AggregateFunction = {
  name: 'FIRST_VALUE',
  summary: 'The first value that is not NULL.',
  resolve: (args) =>
    unary(
      args,
      () => true,
      'a value',
      (t) => t,
    ),
  create: (args, _result, retractable) => (retractable ? listed(args[0]!, 'first') : kept(args[0]!, 'first')),
};

export const lastValue: AggregateFunction = {
  name: 'LAST_VALUE',
  summary: 'The last value that is not NULL.',
  resolve: (args) =>
    unary(
      args,
      () => true,
      'a value',
      (t) => t,
    ),
  create: (args, _result, retractable) => (retractable ? listed(args[0]!, 'last') : kept(args[0]!, 'last')),
};

function kept(type: DataType, end: 'first' | 'last'): Aggregator {
  const offer = (values: unknown[], slot: number, v: unknown): void => {
    if (v !== null && (end === 'last' || values[slot] === null)) values[slot] = v;
  };
  return {
    columns: [{ kind: 'value', type }],
    add(cells, base, slot, args, row) {
      offer(cells.columns[base] as unknown[], slot, args[0]!.get(row));
    },
    retract: notRetractable,
    merge(cells, base, slot, from, fromSlot) {
      offer(cells.columns[base] as unknown[], slot, (from.columns[base] as unknown[])[fromSlot]);
    },
    value: (cells, base, slot) => (cells.columns[base] as unknown[])[slot],
  };
}

/**
 * Creates the aggregator for input with retractions. It keeps all values in order. A retraction
 * removes the earliest equal value.
 */
function listed(type: DataType, end: 'first' | 'last'): Aggregator {
  return {
    columns: [{ kind: 'value', type: { kind: 'array', element: type, nullable: true } }],
    add: pushValue,
    retract: dropValue,
    merge(cells, base, slot, from, fromSlot) {
      const later = (from.columns[base] as unknown[])[fromSlot] as unknown[] | null;
      for (const v of later ?? []) listAt(cells, base, slot).push(v);
    },
    value(cells, base, slot) {
      const list = (cells.columns[base] as unknown[])[slot] as unknown[] | null;
      return list === null || list.length === 0 ? null : list[end === 'first' ? 0 : list.length - 1];
    },
  };
}

export function listAt(cells: AccumulatorCells, base: number, slot: number): unknown[] {
  const lists = cells.columns[base] as unknown[];
  if (lists[slot] === null) lists[slot] = [];
  return lists[slot] as unknown[];
}

/** Adds the values of another list to a list, after or before its own. */
export function mergeLists(before: boolean): Aggregator['merge'] {
  return (cells, base, slot, from, fromSlot) => {
    const other = (from.columns[base] as unknown[])[fromSlot] as unknown[] | null;
    if (other === null) return;
    const own = listAt(cells, base, slot);
    if (before) (cells.columns[base] as unknown[])[slot] = [...other, ...own];
    else for (const value of other) own.push(value);
  };
}

export function pushValue(
  cells: AccumulatorCells,
  base: number,
  slot: number,
  args: readonly Vector[],
  row: number,
): void {
  const v = args[0]!.get(row);
  if (v !== null) listAt(cells, base, slot).push(v);
}

export function dropValue(
  cells: AccumulatorCells,
  base: number,
  slot: number,
  args: readonly Vector[],
  row: number,
): void {
  const v = args[0]!.get(row);
  if (v === null) return;
  const list = listAt(cells, base, slot);
  const at = list.findIndex((x) => compareValues(x, v) === 0);
  if (at >= 0) list.splice(at, 1);
}
