import type { DataType, DecimalType } from '../../core/data-type.ts';
import { isInteger, isText } from '../../core/data-type.ts';
import { fitDecimal, parseExact } from '../decimal.ts';
import type { Converter } from './converter.ts';

/** To DECIMAL: rounded half up, NULL when there are too many digits (an error when they stand in a text). A DOUBLE is taken by the digits that it is written with. */
export function toDecimal(from: DataType, to: DecimalType): Converter | null {
  if (isInteger(from)) return (value) => fitDecimal(BigInt(value as number | bigint), 0, to);
  switch (from.kind) {
    case 'decimal':
      return (value) => fitDecimal(BigInt(value as number | bigint), from.scale, to);
    case 'float':
    case 'double':
      return (value) => textToDecimal(String(value), to, null);
    case 'boolean':
      return (value) => fitDecimal(value === true ? 1n : 0n, 0, to);
    default:
      return isText(from) ? (value) => textToDecimal((value as string).trim(), to, undefined) : null;
  }
}

/** `overflow`: what too many digits give. In a text they are an error, in a number NULL. */
function textToDecimal<T extends null | undefined>(
  text: string,
  to: DecimalType,
  overflow: T,
): number | bigint | T | undefined {
  const exact = parseExact(text);
  if (exact === null) return undefined;
  return fitDecimal(exact.unscaled, exact.scale, to) ?? overflow;
}
