import { comparatorOf } from '../compare-values.ts';
import { type AggregateFunction, type Aggregator, unary } from './aggregate-function.ts';
import { listAt, mergeLists } from './first-last-value.ts';

/**
 * ARRAY_AGG: the ARRAY of the values in the order of arrival, with NULLs. Without a row it is NULL
 * (recorded from Flink).
 */
export const arrayAgg: AggregateFunction = {
  name: 'ARRAY_AGG',
  summary: 'An array of the values, also of NULLs, in the order of arrival.',
  typedWithoutRows: true,
  resolve: (args) =>
    unary(
      args,
      () => true,
      'a value',
      (element) => ({ kind: 'array', element, nullable: element.nullable || element.kind === 'row' }),
    ),
  create: (args, result) => ({
    keepsNulls: true,
    columns: [{ kind: 'value', type: result }],
    add: (cells, base, slot, args, row) => void listAt(cells, base, slot).push(args[0]!.get(row)),
    retract: dropFirst(comparatorOf(args[0]!)),
    merge: mergeLists(false),
    mergeBefore: mergeLists(true),
    // Flink never treats two arrays with a NULL as equal, so it sends an unchanged one again.
    trigger(cells, base, slot) {
      const list = (cells.columns[base] as unknown[])[slot] as unknown[] | null;
      return list === null ? null : list.includes(null) ? Symbol('changed') : [...list];
    },
    value(cells, base, slot) {
      const list = (cells.columns[base] as unknown[])[slot] as unknown[] | null;
      return list === null || list.length === 0 ? null : [...list];
    },
  }),
};

/** Removes the earliest equal value. */
function dropFirst(compare: (a: unknown, b: unknown) => number): Aggregator['retract'] {
  const same = (a: unknown, b: unknown): boolean => (a === null || b === null ? a === b : compare(a, b) === 0);
  return (cells, base, slot, args, row) => {
    const value = args[0]!.get(row);
    const list = listAt(cells, base, slot);
    const at = list.findIndex((other) => same(other, value));
    if (at >= 0) list.splice(at, 1);
  };
}
