import { BIGINT, type DataType, type DecimalType, decimal, isNumeric } from '../../core/data-type.ts';
import { divideHalfUp, fitDecimal, powerOfTen } from '../decimal.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { unary } from './aggregate-function.ts';
import { summing } from './sum.ts';

/**
 * Defines AVG. The result has the argument's type. Integers truncate towards zero and do not
 * overflow in between (Flink's LongAvgAggFunction). A DECIMAL becomes DECIMAL(38, max(6, s)),
 * rounded half up. The result is NULL if there is no value.
 */
export const average: AggregateFunction = {
  name: 'AVG',
  summary: 'The mean of the values. The mean of integers is truncated.',
  resolve: (args) => unary(args, isNumeric, 'a number', averageType),
  create(args, result) {
    const arg = args[0]!;
    if (arg.kind === 'decimal') {
      const to = result as DecimalType;
      const shift = powerOfTen(to.scale - arg.scale);
      const quotient = (total: bigint, n: number) => fitDecimal(divideHalfUp(total * shift, BigInt(n)), to.scale, to);
      return summing(arg, (total, n) => (n === 0 ? null : quotient(total as bigint, n)), arg, 'null');
    }
    if (arg.kind === 'float')
      return summing(arg, (t, n) => (n === 0 ? null : Math.fround((t as number) / n)), arg, 'null');
    if (arg.kind === 'double') return summing(arg, (t, n) => (n === 0 ? null : (t as number) / n), arg, 'null');
    return summing(
      arg,
      (t, n) => {
        if (n === 0) return null;
        if (typeof t === 'number') return Math.trunc(t / n) + 0;
        const q = t / BigInt(n);
        return q >= -9007199254740991n && q <= 9007199254740991n ? Number(q) : q;
      },
      BIGINT,
      'null',
    );
  },
};

export function averageType(type: DataType): DataType {
  return type.kind === 'decimal' ? decimal(38, Math.max(6, type.scale), type.nullable) : type;
}
