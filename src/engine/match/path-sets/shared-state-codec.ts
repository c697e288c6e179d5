import type { DataType } from '../../../core/data-type.ts';
import { invariant } from '../../../core/invariant.ts';
import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import type { ByteReader } from '../../state/byte-codec.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import { codecOf } from '../../state/value-codec.ts';
import { keptBytes } from '../kept-bytes.ts';
import { matchStateCodec } from '../match-state-codec.ts';
import { newKeyState } from '../nfa-matcher.ts';
import type { KeptRow, MatchKeyState } from '../partial-match.ts';
import { sharedFrom } from './convert-state.ts';
import { dropDeadPaths } from './live-paths.ts';
import { appended, joined, type PathSet, startOf, walkParts } from './path-set.ts';
import { newSharedState, type SharedKeyState } from './shared-state.ts';

/**
 * The format byte, which follows `nextSequence`. 1 is added if partial matches may still begin. The
 * format of `matchStateCodec` has 0 or 1 there. States of that format are read and converted.
 */
const SHARED = 2;

/**
 * Encodes a key's state with shared rows: each row once, then the parts of the path sets, each
 * after the parts that it consists of. `order`: see `stateOrder`.
 */
export function sharedStateCodec(nfa: Nfa, order: readonly NfaState[], columns: readonly DataType[]): ValueCodec {
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
      writer.byte(SHARED + (state.begins ? 1 : 0));
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
      for (const { row, variable, first, second } of parts.keys()) {
        writer.varint(row === null ? 0 : rows.get(row)! + 1);
        writer.varint(row === null ? parts.get(second!)! : variable);
        writer.varint(first === null ? 0 : parts.get(first)! + 1);
      }
      writer.varint(state.groups.length);
      for (const group of state.groups) {
        writer.varint(group.state.index);
        writer.varint(parts.get(group.paths)!);
        writer.varint(group.count);
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
      state.begins = format > SHARED;
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
        if (row === 0) parts.push(joined(parts[first - 1]!, parts[other]!));
        else if (first === 0) parts.push(startOf(rows[row - 1]!, other));
        else parts.push(appended(rows[row - 1]!, other, parts[first - 1]!));
      }
      state.groups = list(reader, () => {
        const at = nfa.states[reader.varint()];
        invariant(at !== undefined, 'the state of a stored partial match exists in the pattern');
        return { state: at, paths: parts[reader.varint()]!, count: reader.varint() };
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
      return 400 + parts * 120 + rows * rowBytes + completed.length * 64;
    },

    measure(value) {
      const state = value as SharedKeyState;
      const rows = new Set<KeptRow>();
      let parts = 0;
      let bytes = 400 + state.completed.length * 64;
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

function setsOf({ groups, completed }: SharedKeyState): PathSet[] {
  return [...groups, ...completed].map(({ paths }) => paths);
}

function list<T>(reader: ByteReader, read: () => T): T[] {
  const items: T[] = [];
  for (let n = reader.varint(); n > 0; n--) items.push(read());
  return items;
}
