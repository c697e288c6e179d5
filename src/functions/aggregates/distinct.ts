import type { Vector } from '../../batch/vector.ts';
import { BIGINT, type DataType, withNullable } from '../../core/data-type.ts';
import type { AccumulatorCells, Aggregator } from './aggregate-function.ts';

const COMPARED_BY_CONTENT = new Set(['array', 'map', 'multiset', 'row', 'binary', 'varbinary']);

/** Returns whether a Map treats equal values of the type as one key. DISTINCT counts in a Map. */
export const canBeDistinct = (type: DataType): boolean => !COMPARED_BY_CONTENT.has(type.kind);

/**
 * DISTINCT of an aggregate with one argument. Counts each value. The aggregate gets a value when it
 * first occurs, and a retraction when its last occurrence is retracted.
 */
export function distinct(inner: Aggregator, type: DataType): Aggregator {
  const seen = inner.columns.length;
  const keepsNulls = inner.keepsNulls === true;
  const key = keepsNulls ? withNullable(type, true) : type;
  const counts = (cells: AccumulatorCells, base: number, slot: number): Map<unknown, number> => {
    const maps = cells.columns[base + seen] as unknown[];
    if (maps[slot] === null) maps[slot] = new Map();
    return maps[slot] as Map<unknown, number>;
  };
  return {
    columns: [...inner.columns, { kind: 'value', type: { kind: 'map', key, value: BIGINT, nullable: true } }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v === null && !keepsNulls) return;
      const map = counts(cells, base, slot);
      const n = map.get(v) ?? 0;
      map.set(v, n + 1);
      if (n === 0) inner.add(cells, base, slot, args, row);
    },
    retract(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v === null && !keepsNulls) return;
      const map = counts(cells, base, slot);
      const n = map.get(v) ?? 0;
      if (n <= 1) {
        map.delete(v);
        if (n === 1) inner.retract(cells, base, slot, args, row);
      } else map.set(v, n - 1);
    },
    merge(cells, base, slot, from, fromSlot) {
      const map = counts(cells, base, slot);
      for (const [v, n] of counts(from, base, fromSlot)) {
        const had = map.get(v) ?? 0;
        map.set(v, had + n);
        if (had === 0) inner.add(cells, base, slot, [single(v)], 0);
      }
    },
    value: (cells, base, slot) => inner.value(cells, base, slot),
    ...(inner.trigger === undefined ? {} : { trigger: inner.trigger }),
  };
}

const single = (value: unknown): Vector =>
  ({ kind: 'constant', value, isNull: () => value === null, get: () => value }) as Vector;
