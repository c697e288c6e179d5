import { narrowLong } from '../../batch/vector.ts';
import { type DataType, decimal, isApproximate, isNumeric } from '../../core/data-type.ts';
import type { AccumulatorCells, AggregateFunction, Aggregator } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';

/**
 * Defines SUM. Integers keep the argument's type and wrap as in Java (recorded: `sum-overflow`). A
 * DECIMAL becomes DECIMAL(38, s). FLOAT and DOUBLE keep their type. The result is NULL if there is
 * no value. State: the sum, and the number of values.
 */
export const sum: AggregateFunction = {
  name: 'SUM',
  summary: 'The sum of the values. Integers overflow silently.',
  resolve: (args) => unary(args, isNumeric, 'a number', sumType),
  create: (args, result) => summing(args[0]!, (total, values) => (values === 0 ? null : total), result, 'restart'),
};

export function sumType(type: DataType): DataType {
  return type.kind === 'decimal' ? decimal(38, type.scale, type.nullable) : type;
}

const MAX_SAFE = 9007199254740991;

/** Adds two exact integers in the BIGINT form, wrapping at 64 bits. */
export function addLong(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const r = a + b;
    if (r <= MAX_SAFE && r >= -MAX_SAFE) return r;
  }
  return narrowLong(BigInt.asIntN(64, BigInt(a) + BigInt(b)));
}

function wrapTo(type: DataType): (value: number | bigint) => number | bigint {
  switch (type.kind) {
    case 'tinyint':
      return (v) => (Number(v) << 24) >> 24;
    case 'smallint':
      return (v) => (Number(v) << 16) >> 16;
    case 'int':
      return (v) => Number(BigInt.asIntN(32, BigInt(v)));
    default:
      return (v) => v;
  }
}

/**
 * Creates an aggregator with the sum and the count of one argument, from which `result` is made:
 * SUM and AVG.
 */
export function summing(
  arg: DataType,
  finish: (total: number | bigint, values: number) => unknown,
  result: DataType,
  afterOverflow: 'restart' | 'null',
): Aggregator {
  return isApproximate(arg) ? summingFloats(arg, finish) : summingIntegers(arg, finish, result, afterOverflow);
}

function summingFloats(arg: DataType, finish: (total: number, values: number) => unknown): Aggregator {
  const round = arg.kind === 'float' ? Math.fround : (v: number) => v;
  const change = (cells: AccumulatorCells, base: number, slot: number, value: number, by: number): void => {
    const sums = cells.columns[base] as Float64Array;
    sums[slot] = round(sums[slot]! + value);
    (cells.columns[base + 1] as Float64Array)[slot]! += by;
  };
  return {
    columns: [{ kind: 'number' }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) change(cells, base, slot, v as number, 1);
    },
    retract(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) change(cells, base, slot, -(v as number), -1);
    },
    merge(cells, base, slot, from, fromSlot) {
      const values = (from.columns[base + 1] as Float64Array)[fromSlot]!;
      change(cells, base, slot, (from.columns[base] as Float64Array)[fromSlot]!, values);
    },
    value: (cells, base, slot) =>
      finish((cells.columns[base] as Float64Array)[slot]!, (cells.columns[base + 1] as Float64Array)[slot]!),
  };
}

/**
 * Sums integers and DECIMAL (unscaled). The total has more bits than the type. It wraps when it is
 * read, with the same result as a sum that wraps after each row. DECIMAL totals beyond 64 bits are
 * kept as values.
 */
function summingIntegers(
  arg: DataType,
  finish: (total: number | bigint, values: number) => unknown,
  result: DataType,
  afterOverflow: 'restart' | 'null',
): Aggregator {
  if (arg.kind === 'decimal') return summingDecimals(finish, afterOverflow);
  const wrap = wrapTo(result);
  const change = (cells: AccumulatorCells, base: number, slot: number, value: number | bigint, by: number): void => {
    cells.writeLong(base, slot, addLong(cells.readLong(base, slot), value));
    (cells.columns[base + 1] as Float64Array)[slot]! += by;
  };
  return {
    columns: [{ kind: 'long' }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v === null) return;
      if (typeof v === 'number') {
        const sums = cells.columns[base] as Float64Array;
        const r = sums[slot]! + v;
        if (r <= MAX_SAFE && r >= -MAX_SAFE) {
          sums[slot] = r;
          (cells.columns[base + 1] as Float64Array)[slot]! += 1;
          return;
        }
      }
      change(cells, base, slot, v as number | bigint, 1);
    },
    addRows(cells, base, slots, args, rows, from, to) {
      const vector = args[0]!;
      if (vector.kind !== 'number') {
        for (let i = from; i < to; i++) this.add(cells, base, slots[i]!, args, rows === null ? i : rows[i]!);
        return;
      }
      const sums = cells.columns[base] as Float64Array;
      const counts = cells.columns[base + 1] as Float64Array;
      const { values, nulls } = vector;
      for (let i = from; i < to; i++) {
        const row = rows === null ? i : rows[i]!;
        if (nulls !== null && nulls[row] === 1) continue;
        const slot = slots[i]!;
        const r = sums[slot]! + values[row]!;
        // NaN (a wide sum) fails both comparisons and takes the exact way.
        if (r <= MAX_SAFE && r >= -MAX_SAFE) {
          sums[slot] = r;
          counts[slot]! += 1;
        } else change(cells, base, slot, values[row]!, 1);
      }
    },
    retract(cells, base, slot, args, row) {
      const v = args[0]!.get(row) as number | bigint | null;
      if (v !== null) change(cells, base, slot, typeof v === 'number' ? -v : narrowLong(-v), -1);
    },
    merge(cells, base, slot, from, fromSlot) {
      const values = (from.columns[base + 1] as Float64Array)[fromSlot]!;
      change(cells, base, slot, from.readLong(base, fromSlot), values);
    },
    value: (cells, base, slot) =>
      finish(wrap(cells.readLong(base, slot)), (cells.columns[base + 1] as Float64Array)[slot]!),
  };
}

/**
 * Sums DECIMAL as DECIMAL(38, s). A total with more digits is NULL. `afterOverflow`: the sum starts
 * again with the next value, as SUM does, or stays NULL, as AVG does.
 */
function summingDecimals(
  finish: (total: bigint, values: number) => unknown,
  afterOverflow: 'restart' | 'null',
): Aggregator {
  const change = (cells: AccumulatorCells, base: number, slot: number, value: bigint | null, by: number): void => {
    const sums = cells.columns[base] as (bigint | null)[];
    const counts = cells.columns[base + 1] as Float64Array;
    const had = sums[slot]!;
    const overflowed = had === null && counts[slot] !== 0 && afterOverflow === 'null';
    if (value === null) {
      if (afterOverflow === 'null') sums[slot] = null;
    } else sums[slot] = overflowed ? null : within38(had === null ? value : had + value);
    counts[slot]! += by;
  };
  const argument = (v: unknown): bigint => BigInt(v as number | bigint);
  return {
    columns: [{ kind: 'value', type: decimal(38, 0) }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) change(cells, base, slot, argument(v), 1);
    },
    retract(cells, base, slot, args, row) {
      const v = args[0]!.get(row);
      if (v !== null) change(cells, base, slot, -argument(v), -1);
    },
    merge(cells, base, slot, from, fromSlot) {
      const values = (from.columns[base + 1] as Float64Array)[fromSlot]!;
      const total = (from.columns[base] as (bigint | null)[])[fromSlot]!;
      if (values !== 0 || total !== null) change(cells, base, slot, total, values);
    },
    value(cells, base, slot) {
      const total = (cells.columns[base] as (bigint | null)[])[slot]!;
      return total === null ? null : finish(total, (cells.columns[base + 1] as Float64Array)[slot]!);
    },
  };
}

const LIMIT = 10n ** 38n;
const within38 = (total: bigint): bigint | null => (total < LIMIT && total > -LIMIT ? total : null);
