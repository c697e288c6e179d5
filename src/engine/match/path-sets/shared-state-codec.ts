import type { DataType } from '../../../core/data-type.ts';
import { invariant } from '../../../core/invariant.ts';
import type { Nfa } from '../../../plan/nfa/nfa.ts';
import type { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import { codecOf } from '../../state/value-codec.ts';
import { keptBytes } from '../kept-bytes.ts';
import { matchStateCodec } from '../match-state-codec.ts';
import { newKeyState } from '../nfa-matcher.ts';
import type { KeptRow, MatchKeyState } from '../partial-match.ts';
import { sharedFrom } from './convert-state.ts';
import { dropDeadPaths } from './live-paths.ts';
import { LoopPositions } from './loop-positions.ts';
import { appended, joined, type PathSet, restricted, startOf, walkParts } from './path-set.ts';
import { newSharedState, type SharedKeyState } from './shared-state.ts';
import { firstOf, lastOf } from './starts.ts';
import type { StatePlace } from './state-order.ts';

/**
 * The format byte, which follows `nextSequence`, with these bits. The format of `matchStateCodec`
 * has none of the last two. States of that format are read and converted.
 */
const BEGINS = 1;
const SHARED = 2;
/** The state has counted loops. */
const COUNTED = 4;

/**
 * Encodes a key's state with shared rows: each row once, then the parts of the path sets, each
 * after the parts that it consists of. `order`: see `stateOrder`.
 */
export function sharedStateCodec(nfa: Nfa, order: readonly StatePlace[], columns: readonly DataType[]): ValueCodec {
  const values = columns.map(codecOf);
  const before = matchStateCodec(nfa, newKeyState, columns);
  const rowBytes = 66 + values.length * 24;
  return {
    encode(value, writer) {
      const state = value as SharedKeyState;
      dropDeadPaths(state);
      const rows = new Map<KeptRow, number>();
      const parts = new Map<PathSet, number>();
      walkParts(setsOf(state), (part) => {
        parts.set(part, parts.size);
        if (part.row !== null && !rows.has(part.row)) rows.set(part.row, rows.size);
      });
      writer.varint(state.nextSequence);
      const counted = state.groups.some(({ loop }) => loop !== null);
      writer.byte(SHARED + (state.begins ? BEGINS : 0) + (counted ? COUNTED : 0));
      writer.varint(state.matches);
      writer.double(state.exactDeadline);
      writer.double(state.cleanupDeadline);
      writer.varint(state.after + 1);
      writer.varint(rows.size);
      for (const row of rows.keys()) {
        writer.double(row.time);
        writer.varint(row.sequence);
        for (let i = 0; i < values.length; i++) values[i]!.encode(row.values[i], writer);
      }
      writer.varint(parts.size);
      for (const { row, variable, first, second, starts } of parts.keys()) {
        writer.varint(row === null ? 0 : rows.get(row)! + 1);
        if (row === null && second === null) {
          // 0 instead of a second set, and then the first start and the last one.
          writer.varint(parts.get(first!)!);
          writer.varint(0);
          writer.varint(firstOf(starts).sequence);
          writer.varint(lastOf(starts).sequence);
          continue;
        }
        writer.varint(row === null ? parts.get(second!)! : variable);
        writer.varint(first === null ? 0 : parts.get(first)! + 1);
      }
      writer.varint(state.groups.length);
      for (const group of state.groups) {
        writer.varint(group.state.index);
        writer.varint(parts.get(group.paths)!);
        writer.varint(group.count);
        if (counted) writeLoop(group.loop, writer);
      }
      writer.varint(state.completed.length);
      for (const held of state.completed) {
        writer.varint(rows.get(held.start)!);
        writer.varint(parts.get(held.paths)!);
        writer.varint(held.ordinal);
        writer.byte(held.more ? 1 : 0);
      }
    },

    decode(reader) {
      const from = reader.position;
      const nextSequence = reader.varint();
      const format = reader.byte();
      if (format < SHARED) {
        reader.position = from;
        return sharedFrom(before.decode(reader) as MatchKeyState, order);
      }
      const state = newSharedState();
      state.nextSequence = nextSequence;
      const counted = (format & COUNTED) !== 0;
      state.begins = (format & BEGINS) !== 0;
      state.matches = reader.varint();
      state.exactDeadline = reader.double();
      state.cleanupDeadline = reader.double();
      state.after = reader.varint() - 1;
      const rows = list(reader, () => ({
        time: reader.double(),
        sequence: reader.varint(),
        values: values.map((codec) => codec.decode(reader)),
      }));
      const parts: PathSet[] = [];
      for (let n = reader.varint(); n > 0; n--) {
        const row = reader.varint();
        const other = reader.varint();
        const first = reader.varint();
        if (row === 0 && first === 0) parts.push(restricted(parts[other]!, reader.varint() - 1, reader.varint() + 1)!);
        else if (row === 0) parts.push(joined(parts[first - 1]!, parts[other]!));
        else if (first === 0) parts.push(startOf(rows[row - 1]!, other));
        else parts.push(appended(rows[row - 1]!, other, parts[first - 1]!));
      }
      state.groups = list(reader, () => {
        const at = nfa.states[reader.varint()];
        invariant(at !== undefined, 'the state of a stored partial match exists in the pattern');
        const paths = parts[reader.varint()]!;
        return { state: at, paths, count: reader.varint(), loop: counted ? readLoop(reader) : null };
      });
      state.completed = list(reader, () => ({
        start: rows[reader.varint()]!,
        paths: parts[reader.varint()]!,
        ordinal: reader.varint(),
        more: reader.byte() === 1,
      }));
      state.parts = parts.length;
      state.rows = rows.length;
      return state;
    },

    sizeOf(value) {
      const { parts, rows, completed } = value as SharedKeyState;
      return 400 + parts * 120 + rows * rowBytes + completed.length * 64 + marksOf(value as SharedKeyState) * 16;
    },

    measure(value) {
      const state = value as SharedKeyState;
      const rows = new Set<KeptRow>();
      let parts = 0;
      let bytes = 400 + state.completed.length * 64 + marksOf(state) * 16;
      walkParts(setsOf(state), ({ row }) => {
        parts++;
        bytes += 120;
        if (row === null || rows.has(row)) return;
        rows.add(row);
        bytes += rowBytes + keptBytes(row.values);
      });
      state.parts = parts;
      state.rows = rows.size;
      return bytes;
    },
  };
}

function marksOf({ groups }: SharedKeyState): number {
  let marks = 0;
  for (const { loop } of groups) marks += loop?.firsts.length ?? 0;
  return marks;
}

function setsOf({ groups, completed }: SharedKeyState): PathSet[] {
  return [...groups, ...completed].map(({ paths }) => paths);
}

/** The number of marks plus 1, or 0 without a counter. Then the counter. */
function writeLoop(loop: LoopPositions | null, writer: ByteWriter): void {
  writer.varint(loop === null ? 0 : loop.firsts.length + 1);
  if (loop === null) return;
  writer.varint(loop.after + 1);
  for (const [i, first] of loop.firsts.entries()) {
    writer.varint(first);
    writer.varint(loop.taken - loop.origins[i]!);
  }
}

function readLoop(reader: ByteReader): LoopPositions | null {
  const marks = reader.varint() - 1;
  if (marks < 0) return null;
  const loop = new LoopPositions();
  loop.after = reader.varint() - 1;
  for (let i = 0; i < marks; i++) loop.enterAt(reader.varint(), reader.varint());
  return loop;
}

function list<T>(reader: ByteReader, read: () => T): T[] {
  const items: T[] = [];
  for (let n = reader.varint(); n > 0; n--) items.push(read());
  return items;
}
