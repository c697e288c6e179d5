import {
  type DataType,
  DOUBLE,
  decimal,
  isApproximate,
  isInteger,
  isNumeric,
  withNullable,
} from '../../core/data-type.ts';
import type { AggregateFunction, Aggregator } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';

/**
 * Defines STDDEV_POP, STDDEV_SAMP, VAR_POP, VAR_SAMP and their synonyms by the running formula of
 * Calcite's reduction: (SUM(x*x) - SUM(x)*SUM(x)/n) / n, or / (n-1). For integers every step is
 * integer arithmetic and the result an integer (recorded: `stddev-int`); the SAMP forms of one
 * value are NULL.
 */
function variance(name: string, sample: boolean, root: boolean): AggregateFunction {
  return {
    name,
    summary: `${root ? 'standard deviation' : 'variance'} of a ${sample ? 'sample' : 'population'}`,
    resolve: (args) => {
      const found = unary(args, isNumeric, 'a number', (t) => withNullable(t.kind === 'decimal' ? DOUBLE : t, true));
      return 'args' in found && found.args[0]!.kind === 'decimal' ? { ...found, args: [DOUBLE] } : found;
    },
    create: (args) => (isInteger(args[0]!) ? integers(sample, root) : floats(args[0]!, sample, root)),
  };
}

function floats(type: DataType, sample: boolean, root: boolean): Aggregator {
  const fit = type.kind === 'float' && isApproximate(type) ? Math.fround : (v: number) => v;
  const at = (columns: readonly (Float64Array | unknown[])[], c: number): Float64Array => columns[c] as Float64Array;
  return {
    columns: [{ kind: 'number' }, { kind: 'number' }, { kind: 'number' }],
    add(cells, base, slot, args, row) {
      const v = args[0]!.get(row) as number | null;
      if (v === null) return;
      at(cells.columns, base)[slot]! += v;
      at(cells.columns, base + 1)[slot]! += v * v;
      at(cells.columns, base + 2)[slot]! += 1;
    },
    retract(cells, base, slot, args, row) {
      const v = args[0]!.get(row) as number | null;
      if (v === null) return;
      at(cells.columns, base)[slot]! -= v;
      at(cells.columns, base + 1)[slot]! -= v * v;
      at(cells.columns, base + 2)[slot]! -= 1;
    },
    merge(cells, base, slot, from, fromSlot) {
      for (let c = base; c < base + 3; c++) at(cells.columns, c)[slot]! += at(from.columns, c)[fromSlot]!;
    },
    value(cells, base, slot) {
      const s = at(cells.columns, base)[slot]!;
      const n = at(cells.columns, base + 2)[slot]!;
      const divisor = sample ? n - 1 : n;
      if (n === 0 || divisor === 0) return null;
      const v = (at(cells.columns, base + 1)[slot]! - (s * s) / n) / divisor;
      return fit(root ? v ** 0.5 : v);
    },
  };
}

function integers(sample: boolean, root: boolean): Aggregator {
  const wide = decimal(38, 0);
  const at = (cells: { columns: readonly (Float64Array | unknown[])[] }, c: number, slot: number): bigint =>
    ((cells.columns[c] as unknown[])[slot] as bigint | null) ?? 0n;
  const change = (
    cells: { columns: readonly (Float64Array | unknown[])[] },
    c: number,
    slot: number,
    by: bigint,
  ): void => {
    (cells.columns[c] as unknown[])[slot] = at(cells, c, slot) + by;
  };
  const apply = (
    cells: { columns: readonly (Float64Array | unknown[])[] },
    base: number,
    slot: number,
    value: unknown,
    sign: bigint,
  ): void => {
    if (value === null) return;
    const v = BigInt(value as number | bigint);
    change(cells, base, slot, sign * v);
    change(cells, base + 1, slot, sign * v * v);
    (cells.columns[base + 2] as Float64Array)[slot]! += Number(sign);
  };
  return {
    columns: [{ kind: 'value', type: wide }, { kind: 'value', type: wide }, { kind: 'number' }],
    add: (cells, base, slot, args, row) => apply(cells, base, slot, args[0]!.get(row), 1n),
    retract: (cells, base, slot, args, row) => apply(cells, base, slot, args[0]!.get(row), -1n),
    merge(cells, base, slot, from, fromSlot) {
      change(cells, base, slot, at(from, base, fromSlot));
      change(cells, base + 1, slot, at(from, base + 1, fromSlot));
      (cells.columns[base + 2] as Float64Array)[slot]! += (from.columns[base + 2] as Float64Array)[fromSlot]!;
    },
    value(cells, base, slot) {
      const n = BigInt((cells.columns[base + 2] as Float64Array)[slot]!);
      const divisor = sample ? n - 1n : n;
      if (n === 0n || divisor === 0n) return null;
      const s = at(cells, base, slot);
      const v = Number((at(cells, base + 1, slot) - (s * s) / n) / divisor);
      return root ? Math.trunc(v ** 0.5) : v;
    },
  };
}

export const varianceFunctions: readonly AggregateFunction[] = [
  variance('VAR_POP', false, false),
  variance('VAR_SAMP', true, false),
  variance('VARIANCE', true, false),
  variance('STDDEV_POP', false, true),
  variance('STDDEV_SAMP', true, true),
  variance('STDDEV', true, true),
];
