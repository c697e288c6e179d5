import type { DataType } from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import { toDecimal } from '../cast/cast-to-decimal.ts';
import { toNumber } from '../cast/cast-to-number.ts';
import type { Converter } from '../cast/converter.ts';

/** Returns the cast between two types of numbers. */
export function numberConverter(from: DataType, to: DataType): Converter {
  const convert = to.kind === 'decimal' ? toDecimal(from, to) : toNumber(from, to);
  invariant(convert !== null, 'a number can be cast to a number');
  return convert;
}
