import type { ByteWriter } from '../byte-codec.ts';
import { type ByteReader, ByteWriter as Writer } from '../byte-codec.ts';
import type { Entries } from '../entries.ts';
import { keyGroupOf } from '../entry-key.ts';
import { writeInteger } from '../key-codec.ts';
import { encodeLong } from '../long-codec.ts';
import { OrderedEntries } from '../ordered-entries.ts';
import type { StateWrite } from '../state-backend.ts';

/**
 * The kinds of blocks in a state log: entries of one table by columns, single entries, or the
 * deletion of a range of keys.
 */
export const BLOCK = { columns: 1, entries: 2, range: 3 } as const;

/**
 * How a block identifies its entries. `plain`: one entry, or entries by their sequence, all in key
 * group 0. Before manifest format 3, segments without keys had this shape. `grouped`: entries by
 * their sequence, with a key group for each.
 */
const SHAPE = { plain: 0, keyed: 1, grouped: 2, ordered: 3 } as const;

const KIND = { number: 0, long: 1, value: 2 } as const;
/** The keys of the block have different lengths. */
const VARIOUS = 0xffff;

/** The encodings of numbers in a block. */
const WIDTH = { float64: 0, int32: 1 } as const;

let gathered = new Float64Array(1024);
let integers = new Int32Array(1024);
let ends = new Uint32Array(1024);

/**
 * Writes entries of one table or segment by columns. Numbers are copied in their memory layout
 * (little-endian). This is much faster than the encoding of single entries.
 *
 *     operator u16 | table u8 | timed u8 [time f64] | shape u8
 *     columns varint, kind u8 each | n u32
 *     keyed: length of every key u16, or 0xffff and the end of each u32; the keys' bytes
 *     timed: arrival sequences, as numbers
 *     grouped: the key group of each entry u8
 *     ordered: as keyed; then places, and sequences, as numbers
 *     by column:
 *       number  width u8, then f64 each, or i32 each where all values are 32-bit integers
 *       long    as number, then count u32, (which u32, text) of the values beyond 2^53-1
 *       value   end of each u32, the bytes
 */
export function writeColumnsBlock(writer: ByteWriter, entries: Entries, slots: Int32Array, n: number): void {
  const { spec, time, index, columns, groups } = entries;
  const ordered = entries instanceof OrderedEntries ? entries : null;
  if (gathered.length < n) {
    gathered = new Float64Array(n * 2);
    integers = new Int32Array(n * 2);
    ends = new Uint32Array(n * 2);
  }
  writer.byte(BLOCK.columns);
  writer.u16(spec.operator);
  writer.byte(spec.table);
  writer.byte(time === null ? 0 : 1);
  if (time !== null) writer.double(time);
  writer.byte(
    ordered !== null ? SHAPE.ordered : index !== null ? SHAPE.keyed : groups !== null ? SHAPE.grouped : SHAPE.plain,
  );
  writer.varint(spec.columns.length);
  for (const column of spec.columns) writer.byte(KIND[column.kind]);
  writer.u32(n);
  if (index !== null) {
    writeParts(writer, n, true, (i) => index.writeKey(writer, slots[i]!));
  }
  if (ordered !== null) {
    writeParts(writer, n, true, (i) => ordered.writeKeyOfSlot(slots[i]!, writer));
    for (let i = 0; i < n; i++) gathered[i] = ordered.placeOf(slots[i]!);
    writeGathered(writer, n);
  }
  if (entries.sequences !== null) writeNumbers(writer, entries.sequences, slots, n);
  if (groups !== null) for (let i = 0; i < n; i++) writer.byte(groups[slots[i]!]!);
  for (let c = 0; c < spec.columns.length; c++) {
    const { kind } = spec.columns[c]!;
    const column = columns[c]!;
    if (kind === 'value') {
      const { codec } = spec.columns[c] as Extract<(typeof spec.columns)[number], { kind: 'value' }>;
      writeParts(writer, n, false, (i) => codec.encode((column as unknown[])[slots[i]!], writer));
    } else {
      writeNumbers(writer, column as Float64Array, slots, n);
      if (kind === 'long') writeWide(writer, entries, c, slots, n);
    }
  }
}

function writeNumbers(writer: ByteWriter, column: Float64Array, slots: Int32Array, n: number): void {
  for (let i = 0; i < n; i++) gathered[i] = column[slots[i]!]!;
  writeGathered(writer, n);
}

/** Writes the first numbers of `gathered`. */
function writeGathered(writer: ByteWriter, n: number): void {
  let allIntegers = true;
  for (let i = 0; i < n; i++) {
    const value = gathered[i]!;
    integers[i] = value;
    if (integers[i] !== value || (value === 0 && 1 / value < 0)) allIntegers = false;
  }
  writer.byte(allIntegers ? WIDTH.int32 : WIDTH.float64);
  const bytes = n * (allIntegers ? 4 : 8);
  writer.raw(new Uint8Array(allIntegers ? integers.buffer : gathered.buffer, 0, bytes), 0, bytes);
}

function writeWide(writer: ByteWriter, entries: Entries, column: number, slots: Int32Array, n: number): void {
  const values = entries.columns[column] as Float64Array;
  const wide: number[] = [];
  for (let i = 0; i < n; i++) {
    const value = values[slots[i]!]!;
    if (value !== value) wide.push(i);
  }
  writer.u32(wide.length);
  for (const i of wide) {
    writer.u32(i);
    writer.bigint(entries.readLong(column, slots[i]!) as bigint);
  }
}

/**
 * Writes byte strings one after the other, preceded by the end of each. `uniform`: if all have the
 * same length, the length replaces the ends.
 */
function writeParts(writer: ByteWriter, n: number, uniform: boolean, write: (i: number) => void): void {
  // Write the parts first, after the maximum space for their ends. Move them forward if the space
  // is not needed.
  const head = writer.position;
  const room = (uniform ? 2 : 0) + n * 4;
  writer.ensure(room);
  writer.position += room;
  const from = writer.position;
  let same = true;
  for (let i = 0; i < n; i++) {
    write(i);
    ends[i] = writer.position - from;
    if (ends[i] !== ends[0]! * (i + 1)) same = false;
  }
  const { buffer, position } = writer;
  if (!uniform) {
    for (let i = 0; i < n; i++) buffer.writeUInt32LE(ends[i]!, head + i * 4);
    return;
  }
  if (same && ends[0]! < VARIOUS) {
    buffer.writeUInt16BE(ends[0]!, head);
    buffer.copyWithin(head + 2, from, position);
    writer.position = head + 2 + position - from;
    return;
  }
  buffer.writeUInt16BE(VARIOUS, head);
  for (let i = 0; i < n; i++) buffer.writeUInt32LE(ends[i]!, head + 2 + i * 4);
}

/**
 * Reads the entries of a block in the format of the back end (`writeEntryKey`,
 * `encodeEntry`). The caller has read the first byte of the block.
 */
export function readColumnsBlock(reader: ByteReader): StateWrite[] {
  const operator = reader.u16();
  const table = reader.byte();
  const time = reader.byte() === 1 ? reader.double() : null;
  const shape = reader.byte();
  const kinds = Array.from({ length: reader.varint() }, () => reader.byte());
  const n = reader.u32();
  const keys = shape === SHAPE.keyed || shape === SHAPE.ordered ? readParts(reader, n, reader.u16()) : null;
  const places = shape === SHAPE.ordered ? readNumbers(reader, n) : null;
  const sequences = time === null && places === null ? null : readNumbers(reader, n);
  const groups = shape === SHAPE.grouped ? Array.from({ length: n }, () => reader.byte()) : null;
  const cells = kinds.map((kind) => {
    if (kind === KIND.value) return readParts(reader, n, VARIOUS);
    const values: (number | bigint)[] = readNumbers(reader, n);
    if (kind === KIND.number) return values;
    for (let wide = reader.u32(); wide > 0; wide--) values[reader.u32()] = reader.bigint();
    return values;
  });
  const writer = new Writer(256);
  const writes: StateWrite[] = [];
  for (let i = 0; i < n; i++) {
    writer.reset();
    writer.u16(operator);
    writer.byte(table);
    const key = keys?.[i];
    writer.u16(key === undefined ? (groups?.[i] ?? 0) : keyGroupOf(key, 0, key.length));
    if (time !== null) writeInteger(writer, time);
    if (key !== undefined) writer.raw(key, 0, key.length);
    else if (sequences !== null) writeInteger(writer, sequences[i]!);
    if (places !== null) {
      writeInteger(writer, places[i]!);
      writeInteger(writer, sequences![i]!);
    }
    const split = writer.position;
    if (time !== null) writer.varint(sequences![i]!);
    for (let c = 0; c < kinds.length; c++) {
      const cell = cells[c]![i]!;
      if (kinds[c] === KIND.long) encodeLong(writer, cell as number | bigint);
      else if (kinds[c] === KIND.number) writer.double(cell as number);
      else writer.raw(cell as Buffer, 0, (cell as Buffer).length);
    }
    const both = writer.finish();
    writes.push({ key: both.subarray(0, split), value: both.subarray(split) });
  }
  return writes;
}

function readParts(reader: ByteReader, n: number, length: number): Buffer[] {
  const { buffer } = reader;
  const various = length === VARIOUS;
  const at = reader.position;
  const from = at + (various ? n * 4 : 0);
  const parts: Buffer[] = [];
  let start = 0;
  for (let i = 0; i < n; i++) {
    const end = various ? buffer.readUInt32LE(at + i * 4) : start + length;
    parts.push(buffer.subarray(from + start, from + end));
    start = end;
  }
  reader.position = from + start;
  return parts;
}

function readNumbers(reader: ByteReader, n: number): number[] {
  const values: number[] = [];
  const wide = reader.byte() === WIDTH.float64;
  const { buffer, position } = reader;
  for (let i = 0; i < n; i++) {
    values.push(wide ? buffer.readDoubleLE(position + i * 8) : buffer.readInt32LE(position + i * 4));
  }
  reader.position += n * (wide ? 8 : 4);
  return values;
}
