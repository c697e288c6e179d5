import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import { type DataType, type Field, typeName, withNullable } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import { type RawOptions, rawSize } from './raw-options.ts';

const LF = 10;
const CR = 13;

/**
 * Decodes each record as the value of the only column: text, bytes, or a number in binary. In a
 * stream, a record is a line without its LF or CR LF.
 */
export class RawDecoder implements RowDecoder {
  /** Empty if the query reads only metadata. */
  readonly #fields: readonly Field[];
  readonly #read: (buffer: Buffer, start: number, end: number) => unknown;
  readonly #malformed: MalformedHandler;

  constructor(fields: readonly Field[], options: RawOptions, malformed: MalformedHandler) {
    this.#fields = fields;
    this.#read = fields.length === 0 ? () => null : reader(fields[0]!.type, options);
    this.#malformed = malformed;
  }

  endOfLines(buffer: Buffer, from: number, to: number): number {
    return from + buffer.subarray(from, to).lastIndexOf(LF) + 1;
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number): Decoded {
    const starts: number[] = [];
    const ends: number[] = [];
    let at = from;
    while (at < to && starts.length < maxRows) {
      const lf = buffer.indexOf(LF, at);
      starts.push(at);
      ends.push(lf > at && buffer[lf - 1] === CR ? lf - 1 : lf);
      at = lf + 1;
    }
    const ranges = { buffer, count: starts.length, starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
    return { batch: this.#decode(ranges, 0, maxRows, true).batch, next: at };
  }

  decodeValues(values: ByteRanges, from: number, maxRows: number): DecodedValues {
    return this.#decode(values, from, maxRows, false);
  }

  #decode(
    { buffer, count, starts, ends }: ByteRanges,
    from: number,
    maxRows: number,
    isStream: boolean,
  ): DecodedValues {
    const most = Math.min(maxRows, count - from);
    const builders = this.#fields.map(({ type }) => new VectorBuilder(type, most));
    const ranges = new Int32Array(most);
    let rows = 0;
    let range = from;
    for (; range < count && rows < maxRows; range++) {
      const start = starts[range]!;
      const end = ends[range]!;
      if (start < 0) continue;
      try {
        const value = this.#read(buffer, start, end);
        for (const builder of builders) builder.set(rows, value);
        ranges[rows++] = range;
      } catch (error) {
        const reason = `column ${this.#fields[0]!.name}: ${(error as Error).message}`;
        this.#malformed(reason, buffer, start, end, isStream ? -1 : range);
      }
    }
    const columns = builders.map((builder) => builder.finish());
    return { batch: new Batch(rows, columns), ranges, next: range };
  }
}

function reader(
  type: DataType,
  { charset, isLittleEndian }: RawOptions,
): (b: Buffer, start: number, end: number) => unknown {
  const size = rawSize(type);
  const read = valueReader(type, charset, isLittleEndian);
  if (size === null) return read;
  return (buffer, start, end) => {
    if (end - start === size) return read(buffer, start, end);
    throw new Error(`${typeName(withNullable(type, true))} has ${size} bytes, the record has ${end - start}`);
  };
}

function valueReader(
  type: DataType,
  charset: RawOptions['charset'],
  isLittle: boolean,
): (b: Buffer, start: number, end: number) => unknown {
  switch (type.kind) {
    case 'char':
    case 'varchar':
      if (charset === 'UTF-8') return (b, start, end) => b.utf8Slice(start, end);
      if (charset === 'ISO-8859-1') return (b, start, end) => b.latin1Slice(start, end);
      // Java replaces bytes that are not ASCII.
      return (b, start, end) => b.latin1Slice(start, end).replace(/[\u0080-\u00ff]/g, '\ufffd');
    case 'boolean':
      return (b, start) => b[start] !== 0;
    case 'tinyint':
      return (b, start) => b.readInt8(start);
    case 'smallint':
      return (b, start) => (isLittle ? b.readInt16LE(start) : b.readInt16BE(start));
    case 'int':
      return (b, start) => (isLittle ? b.readInt32LE(start) : b.readInt32BE(start));
    case 'bigint':
      return (b, start) => narrowed(isLittle ? b.readBigInt64LE(start) : b.readBigInt64BE(start));
    case 'float':
      return (b, start) => (isLittle ? b.readFloatLE(start) : b.readFloatBE(start));
    case 'double':
      return (b, start) => (isLittle ? b.readDoubleLE(start) : b.readDoubleBE(start));
    default:
      return (b, start, end) => new Uint8Array(b.subarray(start, end));
  }
}

const narrowed = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
