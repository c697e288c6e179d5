import { ObjectVector } from '../../batch/vector.ts';
import type { AggregateCall } from '../../plan/expression.ts';
import type { AccumulatorCells, AggregateFunction, Aggregator } from './aggregate-function.ts';
import { arrayAgg } from './array-agg.ts';
import { average } from './average.ts';
import { collect } from './collect.ts';
import { count } from './count.ts';
import { distinct } from './distinct.ts';
import { firstValue, lastValue } from './first-last-value.ts';
import { listagg } from './listagg.ts';
import { maximum, minimum } from './minimum-maximum.ts';
import { sum } from './sum.ts';
import { varianceFunctions } from './variance.ts';

const AGGREGATES = new Map<string, AggregateFunction>(
  [count, sum, average, minimum, maximum, firstValue, lastValue, listagg, collect, arrayAgg, ...varianceFunctions].map(
    (f) => [f.name, f],
  ),
);

/** Returns the aggregate of that name, any case. */
export function findAggregate(name: string): AggregateFunction | undefined {
  return AGGREGATES.get(name.toUpperCase());
}

/** Returns the name of an aggregate in plans: `SUM`, or `VAR_POP@2` for a later accumulator. */
export const planName = ({ name, version }: AggregateFunction): string =>
  version === undefined ? name : `${name}@${version}`;

const PLANNED = new Map([...AGGREGATES.values()].map((definition) => [planName(definition), definition]));

export function aggregateNames(): readonly string[] {
  return [...AGGREGATES.keys()];
}

/** Returns the running form of a call in a plan. */
export function createAggregator(call: AggregateCall, retractable: boolean): Aggregator {
  const found = PLANNED.get(call.function.toUpperCase());
  if (found === undefined)
    throw new Error(`the plan calls an aggregate that this version does not have: ${call.function}`);
  const types = call.args.map((a) => a.type);
  const inner = found.create(types, call.type, retractable);
  return call.distinct && types.length > 0 ? distinct(inner, types[0]!) : inner;
}

/**
 * Aggregates a list at once: `rows` are the argument values of each row (already filtered). For
 * patterns, whose accumulators are the rows themselves.
 */
export function aggregateRows(
  aggregator: Aggregator,
  rows: readonly (readonly unknown[])[],
  argCount: number,
): unknown {
  const columns = aggregator.columns.map((c) => (c.kind === 'value' ? [null] : new Float64Array(1)));
  const wide: (bigint | undefined)[] = [];
  const cells: AccumulatorCells = {
    columns,
    readLong: (c) => wide[c] ?? (columns[c] as Float64Array)[0]!,
    writeLong(c, _slot, value) {
      if (typeof value === 'bigint') wide[c] = value;
      else wide[c] = undefined;
      (columns[c] as Float64Array)[0] = typeof value === 'bigint' ? Number.NaN : value;
    },
  };
  const vectors = Array.from({ length: argCount }, (_, a) => new ObjectVector(rows.map((r) => r[a])));
  for (let i = 0; i < rows.length; i++) aggregator.add(cells, 0, 0, vectors, i);
  return aggregator.value(cells, 0, 0);
}
