import { ByteReader, type ByteWriter } from './byte-codec.ts';
import type { Entries } from './entries.ts';
import { readInteger } from './key-codec.ts';
import { hashBytes } from './open-addressing.ts';
import type { TableSpec } from './state-store.ts';

/**
 * The number of key groups is fixed when a job is created. The group is part of each key, because
 * later versions may run the groups on several threads.
 */
export const KEY_GROUPS = 128;

/**
 * Writes the key of an entry in the back end. The layouts are (big-endian):
 *
 *     keyed tables     operator u16 | table u8 | key group u16 | key
 *     timed tables     operator     | table    | key group     | time i64 | key
 *     without a key    operator     | table    | key group     | time i64 | arrival sequence i64
 *     ordered tables   operator     | table    | key group     | key | place i64 | sequence i64
 *
 * The key determines the key group. In a timed table without keys, the caller specifies the group
 * of an entry. In a keyed table without keys, the entry is in group 0.
 */
export function writeEntryKey(writer: ByteWriter, entries: Entries, slot: number): void {
  writer.u16(entries.spec.operator);
  writer.byte(entries.spec.table);
  const groupAt = writer.position;
  writer.u16(0);
  const group = entries.writeAddress(slot, writer);
  writer.buffer.writeUInt16BE(group, groupAt);
}

export function keyGroupOf(bytes: Uint8Array, start: number, end: number): number {
  return (hashBytes(bytes, start, end) >>> 0) % KEY_GROUPS;
}

/** Returns the key group of an entry's key. */
export const groupOf = (key: Buffer): number => key.readUInt16BE(3);

/** Keys with from <= key < to. */
export interface KeyRange {
  readonly from: Buffer;
  readonly to: Buffer;
}

/** Returns the range of a table, of one of its key groups, or of one time in a key group. */
export function keyRange(
  spec: Pick<TableSpec, 'operator' | 'table'>,
  group: number | null,
  time: number | null,
): KeyRange {
  const from = Buffer.alloc(3 + (group === null ? 0 : 2) + (time === null ? 0 : 8));
  from.writeUInt16BE(spec.operator, 0);
  from.writeUInt8(spec.table, 2);
  if (group !== null) from.writeUInt16BE(group, 3);
  if (time !== null) from.writeBigUInt64BE(BigInt.asUintN(64, BigInt(time)) ^ 0x8000000000000000n, 5);
  return prefixRange(from);
}

/** Returns the range of all keys that begin with these bytes. */
export function prefixRange(from: Buffer): KeyRange {
  const to = Buffer.from(from);
  for (let i = to.length - 1; ; i--) {
    to[i]! += 1;
    if (to[i] !== 0 || i === 0) break;
  }
  return { from, to };
}

/** Returns the range of all tables of an operator. */
export function operatorRange(operator: number): KeyRange {
  const from = Buffer.alloc(2);
  const to = Buffer.alloc(2);
  from.writeUInt16BE(operator);
  to.writeUInt16BE(operator + 1);
  return { from, to };
}

/** Returns the range of all keys. */
export const everything = (): KeyRange => ({ from: Buffer.alloc(2), to: Buffer.alloc(3, 0xff) });

export interface ParsedKey {
  readonly time: number | null;
  /** The position of the encoded key or of the sequence. */
  readonly start: number;
}

export function parseEntryKey(key: Buffer, timed: boolean): ParsedKey {
  if (!timed) return { time: null, start: 5 };
  return { time: readInteger(new ByteReader(key, 5)) as number, start: 13 };
}

/** The number of bytes for the place and the sequence that follow the key of an ordered entry. */
export const PLACE_BYTES = 16;

/** Returns the start and the end of the encoded key of an ordered entry. */
export function parseOrderedKey(key: Buffer): { readonly start: number; readonly end: number } {
  return { start: 5, end: key.length - PLACE_BYTES };
}
