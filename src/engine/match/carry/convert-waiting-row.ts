import { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import { decodeLong } from '../../state/long-codec.ts';
import type { StateColumn } from '../../state/state-store.ts';
import { isNullBit, maskColumn, nullBit, type RowLayout, rowLayout } from '../row-layout.ts';
import { stateColumn } from '../row-sorter.ts';
import { type PatternVersion, placesOfSame } from './pattern-version.ts';

/**
 * Returns a function that converts the entry of a waiting row to the columns of the new version. If
 * the entry lacks required columns, returns these columns.
 */
export function waitingRowConversion(
  before: PatternVersion,
  after: PatternVersion,
): ((value: Buffer) => Buffer) | { readonly missing: readonly number[] } {
  const places = placesOfSame(after, after.waiting, before, before.waiting);
  const missing = after.waiting.filter((_, i) => places[i]! < 0);
  if (missing.length > 0) return { missing };
  if (places.length === before.waiting.length && places.every((place, i) => place === i)) return (value) => value;
  const from = rowLayout(before.fields, before.waiting);
  const to = rowLayout(after.fields, after.waiting);
  const columns = before.waiting.map((column) => stateColumn(before.fields[column]!.type));
  return (value) => convert(value, places, from, to, columns);
}

function convert(
  value: Buffer,
  places: Int32Array,
  from: RowLayout,
  to: RowLayout,
  columns: readonly StateColumn[],
): Buffer {
  const reader = new ByteReader(value);
  const writer = new ByteWriter(value.length + 64);
  // The entry has the sequence, then time, arrival and the NULL bits, then the columns.
  writer.varint(reader.varint());
  const fixed = Array.from({ length: from.firstColumn }, () => reader.double());
  const starts = columns.map((column) => {
    const start = reader.position;
    skip(column, reader);
    return start;
  });
  const masks = new Float64Array(to.firstColumn);
  masks[0] = fixed[0]!;
  masks[1] = fixed[1]!;
  for (let place = 0; place < places.length; place++) {
    const old = places[place]!;
    if (isNullBit(fixed[maskColumn(old)]!, old)) masks[maskColumn(place)]! += nullBit(place);
  }
  for (const each of masks) writer.double(each);
  for (const old of places) writer.raw(value, starts[old]!, starts[old + 1] ?? reader.position);
  return writer.finish();
}

function skip(column: StateColumn, reader: ByteReader): void {
  if (column.kind === 'value') column.codec.decode(reader);
  else if (column.kind === 'long') decodeLong(reader);
  else reader.double();
}
