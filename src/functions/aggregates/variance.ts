import { type DataType, DOUBLE, isNumeric } from '../../core/data-type.ts';
import { decimalToNumber } from '../decimal.ts';
import type { AccumulatorCells, AggregateFunction, Aggregator } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';
import { averageType } from './average.ts';
import { numberConverter } from './number-converter.ts';

/**
 * Defines STDDEV_POP, STDDEV_SAMP, VAR_POP, VAR_SAMP and their synonyms. Welford's method keeps the
 * number of values, their mean and M2, the sum of the squared distances from the mean, as DOUBLE.
 * The variance is M2 / n, or M2 / (n - 1) of a sample. The result is cast to the type that AVG has
 * (recorded: the sweep `aggregates`). The SAMP forms of one value are NULL.
 */
function variance(name: string, sample: boolean, root: boolean): AggregateFunction {
  return {
    name,
    summary: `The ${root ? 'standard deviation' : 'variance'} of a ${sample ? 'sample. NULL for one value' : 'population'}.`,
    version: 2,
    resolve: (args) => unary(args, isNumeric, 'a number', averageType),
    create: ([type], result) => welford(type!, result, sample, root),
  };
}

/** The columns of the state after the first one. */
const MEAN = 1;
const M2 = 2;

function welford(type: DataType, result: DataType, sample: boolean, root: boolean): Aggregator {
  const toDouble = doubleOf(type);
  const toResult = numberConverter(DOUBLE, result);
  const at = ({ columns }: AccumulatorCells, column: number): Float64Array => columns[column] as Float64Array;
  const count = (cells: AccumulatorCells, base: number, slot: number): number => Number(cells.readLong(base, slot));
  const set = (cells: AccumulatorCells, base: number, slot: number, n: number, mean: number, m2: number): void => {
    cells.writeLong(base, slot, n);
    at(cells, base + MEAN)[slot] = mean;
    at(cells, base + M2)[slot] = m2;
  };
  return {
    columns: [{ kind: 'long' }, { kind: 'number' }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const value = args[0]!.get(row);
      if (value === null) return;
      const n = count(cells, base, slot) + 1;
      const mean = at(cells, base + MEAN)[slot]!;
      const v = toDouble(value);
      const moved = mean + (v - mean) / n;
      set(cells, base, slot, n, moved, at(cells, base + M2)[slot]! + (v - mean) * (v - moved));
    },
    retract(cells, base, slot, args, row) {
      const value = args[0]!.get(row);
      if (value === null) return;
      const n = count(cells, base, slot) - 1;
      if (n <= 0) return set(cells, base, slot, n, 0, 0);
      const mean = at(cells, base + MEAN)[slot]!;
      const v = toDouble(value);
      const moved = mean - (v - mean) / n;
      set(cells, base, slot, n, moved, at(cells, base + M2)[slot]! - (v - moved) * (v - mean));
    },
    merge(cells, base, slot, from, fromSlot) {
      const n = count(cells, base, slot);
      const more = count(from, base, fromSlot);
      if (more <= 0) return;
      const theirMean = at(from, base + MEAN)[fromSlot]!;
      const theirM2 = at(from, base + M2)[fromSlot]!;
      if (n === 0) return set(cells, base, slot, more, theirMean, theirM2);
      const mean = at(cells, base + MEAN)[slot]!;
      const apart = theirMean - mean;
      const m2 = at(cells, base + M2)[slot]! + theirM2 + ((n * more) / (n + more)) * apart * apart;
      set(cells, base, slot, n + more, mean + (more / (n + more)) * apart, m2);
    },
    value(cells, base, slot) {
      const n = count(cells, base, slot);
      const m2 = at(cells, base + M2)[slot]!;
      const divisor = sample ? n - 1 : n;
      if (n <= 0 || divisor === 0 || m2 < 0) return null;
      const found = m2 / divisor;
      return toResult(root ? found ** 0.5 : found) ?? null;
    },
    trigger(cells, base, slot) {
      const n = count(cells, base, slot);
      const m2 = at(cells, base + M2)[slot]!;
      return [n, n <= 0 || m2 < 0 ? null : m2];
    },
  };
}

function doubleOf(type: DataType): (value: unknown) => number {
  if (type.kind === 'decimal') return (value) => decimalToNumber(value as number | bigint, type.scale);
  return (value) => Number(value);
}

export const varianceFunctions: readonly AggregateFunction[] = [
  variance('VAR_POP', false, false),
  variance('VAR_SAMP', true, false),
  variance('VARIANCE', true, false),
  variance('STDDEV_POP', false, true),
  variance('STDDEV_SAMP', true, true),
  variance('STDDEV', true, true),
];
