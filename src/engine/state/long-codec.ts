import type { ByteReader, ByteWriter } from './byte-codec.ts';

/** Encodes a value of a `long` column: a tag, then a variable-length number or a text. */
export function encodeLong(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'bigint') {
    writer.byte(2);
    writer.bigint(value);
  } else if (value >= 0) {
    writer.byte(0);
    writer.varint(value);
  } else {
    writer.byte(1);
    writer.varint(-value);
  }
}

/** Decodes a value that `encodeLong` has written. */
export function decodeLong(reader: ByteReader): number | bigint {
  const tag = reader.byte();
  if (tag === 2) return reader.bigint();
  return tag === 0 ? reader.varint() : -reader.varint();
}
