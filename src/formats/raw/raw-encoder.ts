import type { Batch } from '../../batch/batch.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import type { ByteOutput } from '../byte-output.ts';
import type { RowEncoder } from '../row-encoder.ts';
import { type RawOptions, rawSize } from './raw-options.ts';

/** Writes the only column as bytes. NULL has no bytes. */
export class RawEncoder implements RowEncoder {
  readonly #bytes: (value: unknown) => Uint8Array;

  constructor([field]: readonly Field[], options: RawOptions) {
    this.#bytes = writer(field!.type, options);
  }

  encodeRow({ columns }: Batch, row: number, output: ByteOutput): void {
    const value = columns[0]!.get(row);
    if (value !== null) output.literal(this.#bytes(value));
  }
}

function writer(type: DataType, { charset, isLittleEndian }: RawOptions): (value: unknown) => Uint8Array {
  const size = rawSize(type);
  if (type.kind === 'char' || type.kind === 'varchar') {
    if (charset === 'UTF-8') return (value) => Buffer.from(value as string, 'utf8');
    // Java writes a question mark for a character that the encoding does not have.
    const most = charset === 'ISO-8859-1' ? 0xff : 0x7f;
    const known = (text: string): string => text.replace(/./gsu, (char) => (char.codePointAt(0)! > most ? '?' : char));
    return (value) => Buffer.from(known(value as string), 'latin1');
  }
  if (size === null) return (value) => value as Uint8Array;
  const bytes = Buffer.alloc(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  return (value) => {
    if (type.kind === 'float') view.setFloat32(0, value as number, isLittleEndian);
    else if (type.kind === 'double') view.setFloat64(0, value as number, isLittleEndian);
    else if (size === 8) view.setBigInt64(0, BigInt(value as number | bigint), isLittleEndian);
    else if (size === 4) view.setInt32(0, value as number, isLittleEndian);
    else if (size === 2) view.setInt16(0, value as number, isLittleEndian);
    else view.setInt8(0, Number(value));
    return bytes;
  };
}
