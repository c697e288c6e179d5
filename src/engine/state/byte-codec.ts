/** At most this many bytes are copied in a loop. */
const FEW_BYTES = 48;

/** A buffer with this many bytes is not copied and not kept. */
const MOST_COPIED = 4 << 20;

/**
 * A growing byte writer and its reader. They define the encoding of state values: numbers are
 * big-endian, and variable-length integers are zigzag LEB128.
 */
export class ByteWriter {
  buffer: Buffer;
  position = 0;

  constructor(capacity = 256) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  ensure(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }
  byte(value: number): void {
    this.ensure(1);
    this.buffer[this.position++] = value;
  }
  u16(value: number): void {
    this.ensure(2);
    this.position = this.buffer.writeUInt16BE(value, this.position);
  }
  u32(value: number): void {
    this.ensure(4);
    this.position = this.buffer.writeUInt32BE(value, this.position);
  }
  double(value: number): void {
    this.ensure(8);
    this.position = this.buffer.writeDoubleBE(value, this.position);
  }
  /** Writes an unsigned integer up to 2^53-1. */
  varint(value: number): void {
    this.ensure(8);
    while (value > 127) {
      this.buffer[this.position++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.buffer[this.position++] = value;
  }
  bigint(value: bigint): void {
    this.text(value.toString(36));
  }
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.ensure(length);
    this.buffer.utf8Write(value, this.position, length);
    this.position += length;
  }
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value, 0, value.length);
  }
  raw(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.ensure(length);
    const { buffer, position } = this;
    // For a key of usual length, a view costs more than the copy.
    if (length <= FEW_BYTES) for (let i = 0; i < length; i++) buffer[position + i] = source[start + i]!;
    else buffer.set(source.subarray(start, end), position);
    this.position = position + length;
  }
  /**
   * Returns the written bytes. They are a copy, because the buffer is used again. A large buffer is
   * given away instead.
   */
  finish(): Buffer {
    const written = this.buffer.subarray(0, this.position);
    if (this.position < MOST_COPIED) return Buffer.from(written);
    this.buffer = Buffer.allocUnsafeSlow(256);
    this.position = 0;
    return written;
  }
  /** Releases a buffer that large values have extended. Call this after the bytes were used. */
  release(): void {
    this.position = 0;
    if (this.buffer.length > MOST_COPIED) this.buffer = Buffer.allocUnsafeSlow(256);
  }
  reset(): void {
    this.position = 0;
  }
}

export class ByteReader {
  readonly buffer: Buffer;
  position: number;
  readonly end: number;

  constructor(buffer: Uint8Array, position = 0, end: number = buffer.length) {
    this.buffer = Buffer.isBuffer(buffer) ? buffer : Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.position = position;
    this.end = end;
  }
  byte(): number {
    return this.buffer[this.position++]!;
  }
  u16(): number {
    this.position += 2;
    return this.buffer.readUInt16BE(this.position - 2);
  }
  u32(): number {
    this.position += 4;
    return this.buffer.readUInt32BE(this.position - 4);
  }
  double(): number {
    this.position += 8;
    return this.buffer.readDoubleBE(this.position - 8);
  }
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const b = this.buffer[this.position++]!;
      value += (b & 127) * scale;
      if (b < 128) return value;
      scale *= 128;
    }
  }
  bigint(): bigint {
    const text = this.text();
    const negative = text.startsWith('-');
    let value = 0n;
    for (const c of negative ? text.slice(1) : text) value = value * 36n + BigInt(Number.parseInt(c, 36));
    return negative ? -value : value;
  }
  text(): string {
    const length = this.varint();
    this.position += length;
    return this.buffer.utf8Slice(this.position - length, this.position);
  }
  bytes(): Buffer {
    const length = this.varint();
    this.position += length;
    return Buffer.from(this.buffer.subarray(this.position - length, this.position));
  }
}
