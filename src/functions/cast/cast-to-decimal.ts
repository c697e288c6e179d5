import type { DataType, DecimalType } from '../../core/data-type.ts';
import { isInteger, isText } from '../../core/data-type.ts';
import { fitDecimal, parseExact } from '../decimal.ts';
import type { Converter } from './converter.ts';

/** To DECIMAL: rounded half up, NULL when there are too many digits. A DOUBLE is taken by the digits that it is written with. */
export function toDecimal(from: DataType, to: DecimalType): Converter | null {
  if (isInteger(from)) return (value) => fitDecimal(BigInt(value as number | bigint), 0, to);
  switch (from.kind) {
    case 'decimal':
      return (value) => fitDecimal(BigInt(value as number | bigint), from.scale, to);
    case 'float':
    case 'double':
      return (value) => textToDecimal(String(value), to);
    case 'boolean':
      return (value) => fitDecimal(value === true ? 1n : 0n, 0, to);
    default:
      return isText(from) ? (value) => textToDecimal((value as string).trim(), to) : null;
  }
}

function textToDecimal(text: string, to: DecimalType): number | bigint | null | undefined {
  const exact = parseExact(text);
  return exact === null ? undefined : fitDecimal(exact.unscaled, exact.scale, to);
}
