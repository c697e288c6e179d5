import type { Vector } from '../../batch/vector.ts';
import { BIGINT, type DataType, physicalOf } from '../../core/data-type.ts';
import { compareText } from '../compare-values.ts';
import type { ArgumentInfo, Mismatch, Resolution } from '../scalar-function.ts';
import type { AggregateFunction, Aggregator } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';

/** MIN and MAX over any type with an order. NULLs are left out; NULL when there is no value. */
export const minimum: AggregateFunction = {
  name: 'MIN',
  summary: 'The smallest value.',
  resolve: extremeType,
  create: (args, _result, retractable) => extreme(args[0]!, -1, retractable),
};

export const maximum: AggregateFunction = {
  name: 'MAX',
  summary: 'The largest value.',
  resolve: extremeType,
  create: (args, _result, retractable) => extreme(args[0]!, 1, retractable),
};

function extremeType(args: readonly ArgumentInfo[]): Resolution | Mismatch {
  const resolved = unary(args, isOrdered, 'a value with an order', plain);
  const isInterval = /^interval/.test(args[0]?.type.kind ?? '');
  return isInterval ? { ...resolved, extension: { what: 'MIN or MAX of an interval' } } : resolved;
}

const UNORDERED = new Set(['array', 'map', 'multiset', 'row', 'binary', 'varbinary', 'null']);
const isOrdered = (type: DataType): boolean => !UNORDERED.has(type.kind);

/** Removes the time attribute. An aggregate of a time attribute is an ordinary timestamp. */
function plain(type: DataType): DataType {
  if (type.kind !== 'timestamp' && type.kind !== 'timestamp-ltz') return type;
  return { kind: type.kind, precision: type.precision, nullable: type.nullable };
}

/**
 * Compares internal values. Numbers and bigints may be mixed. Texts are compared by code point,
 * which is the order of their UTF-8 bytes. NaN is the largest number, as in Java.
 */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') {
    if (a !== a || b !== b) return a !== a ? (b !== b ? 0 : 1) : -1;
  }
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

function extreme(type: DataType, sign: 1 | -1, retractable: boolean): Aggregator {
  if (retractable) return countedExtreme(type, sign);
  const physical = physicalOf(type);
  if (physical === 'number') return numericExtreme(sign, 'number');
  if (physical === 'long') return numericExtreme(sign, 'long');
  return valueExtreme(type, sign);
}

/** Creates the aggregator for numbers. Its state is the extreme, and 1 once there is one. */
function numericExtreme(sign: 1 | -1, kind: 'number' | 'long'): Aggregator {
  const offer = (cells: Parameters<Aggregator['add']>[0], base: number, slot: number, v: number | bigint): void => {
    const has = cells.columns[base + 1] as Float64Array;
    if (has[slot] === 0 || compareValues(v, read(cells, base, slot)) * sign > 0) {
      if (kind === 'long') cells.writeLong(base, slot, v);
      else (cells.columns[base] as Float64Array)[slot] = v as number;
      has[slot] = 1;
    }
  };
  const read = (cells: Parameters<Aggregator['add']>[0], base: number, slot: number): number | bigint =>
    kind === 'long' ? cells.readLong(base, slot) : (cells.columns[base] as Float64Array)[slot]!;
  return {
    columns: [{ kind }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) offer(cells, base, slot, v as number | bigint);
    },
    addRows(cells, base, slots, args, rows, from, to) {
      const vector = args[0]!;
      const best = cells.columns[base] as Float64Array;
      const has = cells.columns[base + 1] as Float64Array;
      if (vector.kind !== 'number') {
        for (let i = from; i < to; i++) this.add(cells, base, slots[i]!, args, rows === null ? i : rows[i]!);
        return;
      }
      const { values, nulls } = vector;
      for (let i = from; i < to; i++) {
        const row = rows === null ? i : rows[i]!;
        if (nulls !== null && nulls[row] === 1) continue;
        const slot = slots[i]!;
        const v = values[row]!;
        const b = best[slot]!;
        if (has[slot] === 0 || b !== b || v !== v) offer(cells, base, slot, v);
        else if (sign > 0 ? v > b : v < b) best[slot] = v;
      }
    },
    retract: notRetractable,
    merge(cells, base, slot, from, fromSlot) {
      if ((from.columns[base + 1] as Float64Array)[fromSlot] === 1)
        offer(cells, base, slot, read(from, base, fromSlot));
    },
    value: (cells, base, slot) =>
      (cells.columns[base + 1] as Float64Array)[slot] === 0 ? null : read(cells, base, slot),
  };
}

function valueExtreme(type: DataType, sign: 1 | -1): Aggregator {
  const offer = (values: unknown[], slot: number, v: unknown): void => {
    const best = values[slot];
    if (best === null || compareValues(v, best) * sign > 0) values[slot] = v;
  };
  return {
    columns: [{ kind: 'value', type }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) offer(cells.columns[base] as unknown[], slot, v);
    },
    retract: notRetractable,
    merge(cells, base, slot, from, fromSlot) {
      const v = (from.columns[base] as unknown[])[fromSlot];
      if (v !== null) offer(cells.columns[base] as unknown[], slot, v);
    },
    value: (cells, base, slot) => (cells.columns[base] as unknown[])[slot],
  };
}

/**
 * Creates the aggregator for input with retractions. It keeps every value with its count. When the
 * extreme is retracted, it searches for the next one.
 */
function countedExtreme(type: DataType, sign: 1 | -1): Aggregator {
  const change = (
    cells: Parameters<Aggregator['add']>[0],
    base: number,
    slot: number,
    v: unknown,
    by: number,
  ): void => {
    const maps = cells.columns[base] as unknown[];
    const best = cells.columns[base + 1] as unknown[];
    let counts = maps[slot] as Map<unknown, number> | null;
    if (counts === null) {
      counts = new Map();
      maps[slot] = counts;
    }
    const n = (counts.get(v) ?? 0) + by;
    if (n === 0) counts.delete(v);
    else counts.set(v, n);
    if (n > 0 && (best[slot] === null || compareValues(v, best[slot]) * sign > 0)) best[slot] = v;
    else if (n <= 0 && best[slot] !== null && compareValues(v, best[slot]) === 0) best[slot] = extremeOf(counts, sign);
  };
  const apply =
    (by: number) =>
    (cells: Parameters<Aggregator['add']>[0], base: number, slot: number, args: readonly Vector[], row: number) => {
      const v = args[0]!.get(row);
      if (v !== null) change(cells, base, slot, v, by);
    };
  return {
    columns: [
      { kind: 'value', type: { kind: 'map', key: type, value: BIGINT, nullable: true } },
      { kind: 'value', type },
    ],
    add: apply(1),
    retract: apply(-1),
    merge(cells, base, slot, from, fromSlot) {
      const counts = (from.columns[base] as unknown[])[fromSlot] as Map<unknown, number> | null;
      for (const [v, n] of counts ?? []) change(cells, base, slot, v, n);
    },
    value: (cells, base, slot) => (cells.columns[base + 1] as unknown[])[slot],
  };
}

function extremeOf(counts: Map<unknown, number>, sign: 1 | -1): unknown {
  let best: unknown = null;
  for (const [v, n] of counts) if (n > 0 && (best === null || compareValues(v, best) * sign > 0)) best = v;
  return best;
}

export function notRetractable(): never {
  throw new Error('this accumulator was not made for retractions');
}
