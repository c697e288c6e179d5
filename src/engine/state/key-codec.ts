import type { Vector } from '../../batch/vector.ts';
import { narrowLong } from '../../batch/vector.ts';
import { type DataType, physicalOf } from '../../core/data-type.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { codecOf } from './value-codec.ts';

/**
 * Encodes keys as bytes. The encoding is order-preserving and prefix-free: keys of one table sort
 * by value, and no key is a prefix of another. Each component is 0x00 for NULL, otherwise 0x01 and
 * its payload: integers, times and short decimals: 8 bytes big-endian, sign bit flipped · FLOAT,
 * DOUBLE: IEEE bits, flipped so that they sort · BOOLEAN: one byte · text and bytes: 0x00 becomes
 * 0x00 0xFF, the end is 0x00 0x01 · long decimals and nanosecond times: sign and length, then the
 * magnitude · nested values: the value codec's bytes, ended like text (no order).
 */
export interface KeyPart {
  write(writer: ByteWriter, value: unknown): void;
  read(reader: ByteReader): unknown;
  /** Writes row `row` of a vector and avoids boxing if possible. */
  writeRow(writer: ByteWriter, vector: Vector, row: number): void;
}

export function keyPart(type: DataType): KeyPart {
  const part = notNullPart(type);
  return {
    write(writer, value) {
      if (value === null) writer.byte(0);
      else {
        writer.byte(1);
        part.write(writer, value);
      }
    },
    read: (reader) => (reader.byte() === 0 ? null : part.read(reader)),
    writeRow(writer, vector, row) {
      if (vector.kind === 'bytes') {
        if (vector.isNull(row)) writer.byte(0);
        else {
          writer.byte(1);
          writeEscaped(writer, vector.buffer, vector.starts[row]!, vector.ends[row]!);
        }
      } else this.write(writer, vector.get(row));
    },
  };
}

interface NotNullPart {
  write(writer: ByteWriter, value: unknown): void;
  read(reader: ByteReader): unknown;
}

function notNullPart(type: DataType): NotNullPart {
  switch (type.kind) {
    case 'float':
    case 'double':
      return { write: (w, v) => writeFloat(w, v as number), read: readFloat };
    case 'boolean':
      return { write: (w, v) => w.byte(v === true ? 1 : 0), read: (r) => r.byte() === 1 };
    case 'char':
    case 'varchar':
      return { write: writeText, read: readText };
    case 'binary':
    case 'varbinary':
      return { write: (w, v) => writeEscaped(w, v as Uint8Array, 0, (v as Uint8Array).length), read: readEscaped };
    case 'decimal':
    case 'timestamp':
    case 'timestamp-ltz':
      return physicalOf(type) === 'number'
        ? { write: (w, v) => writeInteger(w, v as number), read: readInteger }
        : { write: (w, v) => writeBig(w, v as bigint), read: readBig };
    case 'array':
    case 'map':
    case 'multiset':
    case 'row':
      return nestedPart(type);
    default:
      return { write: (w, v) => writeInteger(w, v as number | bigint), read: readInteger };
  }
}

const TWO_32 = 4294967296;

/** Writes a 64-bit two's complement integer with the sign bit flipped, big-endian. */
export function writeInteger(writer: ByteWriter, value: number | bigint): void {
  writer.ensure(8);
  const { buffer, position } = writer;
  if (typeof value === 'bigint') buffer.writeBigUInt64BE(BigInt.asUintN(64, value) ^ 0x8000000000000000n, position);
  else {
    const high = Math.floor(value / TWO_32);
    buffer.writeUInt32BE((high ^ 0x80000000) >>> 0, position);
    buffer.writeUInt32BE(value - high * TWO_32, position + 4);
  }
  writer.position += 8;
}

export function readInteger(reader: ByteReader): number | bigint {
  const high = (reader.u32() ^ 0x80000000) | 0;
  const low = reader.u32();
  const value = high * TWO_32 + low;
  return Number.isSafeInteger(value) ? value : narrowLong((BigInt(high) << 32n) | BigInt(low));
}

function writeFloat(writer: ByteWriter, value: number): void {
  const at = writer.position;
  writer.double(value);
  const { buffer } = writer;
  if (buffer[at]! & 0x80) for (let i = at; i < at + 8; i++) buffer[i] = ~buffer[i]!;
  else buffer[at]! |= 0x80;
}

function readFloat(reader: ByteReader): number {
  const bytes = Buffer.from(reader.buffer.subarray(reader.position, reader.position + 8));
  reader.position += 8;
  if (bytes[0]! & 0x80) bytes[0]! &= 0x7f;
  else for (let i = 0; i < 8; i++) bytes[i] = ~bytes[i]!;
  return bytes.readDoubleBE(0);
}

export function writeEscaped(writer: ByteWriter, source: Uint8Array, start: number, end: number): void {
  writer.ensure((end - start) * 2 + 2);
  const { buffer } = writer;
  let p = writer.position;
  for (let i = start; i < end; i++) {
    const b = source[i]!;
    buffer[p++] = b;
    if (b === 0) buffer[p++] = 0xff;
  }
  buffer[p++] = 0;
  buffer[p++] = 1;
  writer.position = p;
}

function writeText(writer: ByteWriter, value: unknown): void {
  const bytes = Buffer.from(value as string, 'utf8');
  writeEscaped(writer, bytes, 0, bytes.length);
}

/** Reads a text. A text without a zero byte, which is the usual case, is decoded in place. */
function readText(reader: ByteReader): string {
  const { buffer, position } = reader;
  let end = position;
  while (buffer[end] !== 0) end++;
  if (buffer[end + 1] !== 1) return readEscaped(reader).toString('utf8');
  reader.position = end + 2;
  return buffer.utf8Slice(position, end);
}

function readEscaped(reader: ByteReader): Buffer {
  const { buffer } = reader;
  const out = Buffer.allocUnsafe(reader.end - reader.position);
  let n = 0;
  for (;;) {
    const b = buffer[reader.position++]!;
    if (b === 0 && buffer[reader.position++] === 1) return Buffer.from(out.subarray(0, n));
    out[n++] = b;
  }
}

/**
 * Writes a large integer. The first byte is 0x80 + length for positive numbers, and 0x7f - length
 * for negative ones, whose magnitude is complemented.
 */
function writeBig(writer: ByteWriter, value: bigint): void {
  const negative = value < 0n;
  let hex = (negative ? -value : value).toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  writer.byte(negative ? 0x7f - bytes.length : 0x80 + bytes.length);
  for (const b of bytes) writer.byte(negative ? ~b & 0xff : b);
}

function readBig(reader: ByteReader): bigint {
  const head = reader.byte();
  const negative = head < 0x80;
  const length = negative ? 0x7f - head : head - 0x80;
  let value = 0n;
  for (let i = 0; i < length; i++) {
    const b = reader.byte();
    value = (value << 8n) | BigInt(negative ? ~b & 0xff : b);
  }
  return negative ? -value : value;
}

function nestedPart(type: DataType): NotNullPart {
  const codec = codecOf(type);
  return {
    write(writer, value) {
      const inner = new ByteWriter();
      codec.encode(value, inner);
      writeEscaped(writer, inner.buffer, 0, inner.position);
    },
    read: (reader) => codec.decode(new ByteReader(readEscaped(reader))),
  };
}
