import type { BinaryType, DataType } from '../../core/data-type.ts';
import { isText, MAX_TEXT_LENGTH } from '../../core/data-type.ts';
import type { Converter } from './converter.ts';

/**
 * Casts to BYTES. A text becomes its UTF-8 bytes. The result is cut to the length of the type.
 * BINARY(n) is filled with zeros.
 */
export function toBinary(from: DataType, to: BinaryType): Converter | null {
  const bytes = isText(from)
    ? (value: unknown) => Buffer.from(value as string)
    : (value: unknown) => value as Uint8Array;
  if (!isText(from) && from.kind !== 'binary' && from.kind !== 'varbinary') return null;
  if (to.kind === 'varbinary' && to.length === MAX_TEXT_LENGTH) return bytes;
  return (value) => {
    const source = bytes(value);
    if (source.length > to.length) return source.subarray(0, to.length);
    if (to.kind === 'varbinary' || source.length === to.length) return source;
    const filled = new Uint8Array(to.length);
    filled.set(source);
    return filled;
  };
}
