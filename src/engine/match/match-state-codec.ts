import type { DataType } from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import type { Nfa } from '../../plan/nfa/nfa.ts';
import type { ByteReader } from '../state/byte-codec.ts';
import type { ValueCodec } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';
import { keptBytes } from './kept-bytes.ts';
import type { PartialList } from './partial-list.ts';
import { beforeRunOf, type KeptRow, type MatchKeyState, type PartialMatch, type PathNode } from './partial-match.ts';

/** The bytes of a path node on the heap. */
const NODE_BYTES = 72;

/**
 * Encodes a key's state. Writes each kept row once, then the path nodes (each after its previous
 * node), then the partial and completed matches as (state, node). Partial matches are sorted by
 * first row. Completed matches are in the order of their heap. States and variables are positions
 * in the automaton, so a changed pattern must not read them.
 */
export function matchStateCodec(nfa: Nfa, newState: () => MatchKeyState, columns: readonly DataType[]): ValueCodec {
  const values = columns.map(codecOf);
  const rows = new Numbered<KeptRow>();
  const nodes = new Numbered<PathNode>();
  return {
    encode(value, writer) {
      const state = value as MatchKeyState;
      rows.clear();
      nodes.clear();
      number(state, rows, nodes);
      writer.varint(state.nextSequence);
      writer.byte(state.begins ? 1 : 0);
      writer.varint(state.matches);
      writer.double(state.exactDeadline);
      writer.double(state.cleanupDeadline);
      writer.varint(rows.count);
      for (let n = 0; n < rows.count; n++) {
        const row = rows.list[n]!;
        writer.double(row.time);
        writer.varint(row.sequence);
        for (let i = 0; i < values.length; i++) values[i]!.encode(row.values[i], writer);
      }
      writer.varint(nodes.count);
      for (let n = 0; n < nodes.count; n++) {
        const node = nodes.list[n]!;
        writer.varint(rows.of(node.row));
        writer.varint(node.variable);
        writer.varint(node.previous === null ? 0 : nodes.of(node.previous) + 1);
      }
      for (const list of [state.partial, state.completed]) {
        writer.varint(list.length);
        for (const match of list) {
          writer.varint(match.state.index);
          writer.varint(nodes.of(match.path!));
        }
      }
    },

    decode(reader) {
      const state = newState();
      state.nextSequence = reader.varint();
      state.begins = reader.byte() === 1;
      state.matches = reader.varint();
      state.exactDeadline = reader.double();
      state.cleanupDeadline = reader.double();
      const kept = list(reader, () => ({
        time: reader.double(),
        sequence: reader.varint(),
        values: values.map((codec) => codec.decode(reader)),
      }));
      const path: PathNode[] = [];
      const starts: KeptRow[] = [];
      for (let n = reader.varint(); n > 0; n--) {
        const row = kept[reader.varint()]!;
        const variable = reader.varint();
        const before = reader.varint();
        const previous = before === 0 ? null : path[before - 1]!;
        const length = previous === null ? 1 : previous.length + 1;
        path.push({ row, variable, previous, length, beforeRun: beforeRunOf(previous, variable), mark: 0 });
        starts.push(previous === null ? row : starts[before - 1]!);
      }
      const match = (): PartialMatch => {
        const at = nfa.states[reader.varint()];
        const node = reader.varint();
        invariant(at !== undefined, 'the state of a stored partial match exists in the pattern');
        return { state: at, path: path[node]!, start: starts[node]!, place: 0 };
      };
      state.nodes = path.length;
      state.partial.fill(list(reader, match));
      state.completed = list(reader, match);
      return state;
    },

    sizeOf(value) {
      const { partial, completed, nodes } = value as MatchKeyState;
      const longest = longestPath(partial);
      return 260 + (partial.length + completed.length) * 130 + nodes * NODE_BYTES + longest * (66 + values.length * 40);
    },

    measure(value) {
      const state = value as MatchKeyState;
      const kept = countNodes(state);
      let bytes = 260 + (state.partial.length + state.completed.length) * 130 + state.nodes * NODE_BYTES;
      for (const row of kept) bytes += 66 + values.length * 16 + keptBytes(row.values);
      return bytes;
    },
  };
}

/**
 * Returns the longest path of the earliest starts, which have grown longest. The function is called
 * often, so its cost must not depend on the number of partial matches.
 */
function longestPath(partial: PartialList): number {
  let longest = 0;
  const end = Math.min(partial.end, partial.begin + SIZED);
  for (let place = partial.begin; place < end; place++) {
    const length = partial.at(place)?.path?.length ?? 0;
    if (length > longest) longest = length;
  }
  return longest;
}

const SIZED = 16;

function list<T>(reader: ByteReader, read: () => T): T[] {
  const items: T[] = [];
  for (let n = reader.varint(); n > 0; n--) items.push(read());
  return items;
}

/** Objects in the order of their first occurrence, with their positions. */
class Numbered<T> {
  /** The first `count` elements are in use. An array that is emptied would release its memory. */
  readonly list: T[] = [];
  count = 0;
  #positions: Map<T, number> | null = null;

  clear(): void {
    this.count = 0;
    this.#positions = null;
  }

  /** Returns the position of an object, or -1 if the object was not added. */
  of(item: T): number {
    if (this.#positions !== null) return this.#positions.get(item) ?? -1;
    for (let i = 0; i < this.count; i++) if (this.list[i] === item) return i;
    return -1;
  }

  add(item: T): void {
    this.list[this.count] = item;
    // Most keys have few partial matches. Then a search through the list is faster.
    this.#positions?.set(item, this.count);
    this.count++;
    if (this.#positions === null && this.count > 16) {
      this.#positions = new Map(this.list.slice(0, this.count).map((each, i) => [each, i]));
    }
  }
}

/**
 * The number of the last walk through nodes. A node has the number of the last walk that saw it.
 */
let walkNumber = 0;

/** Counts the nodes that the state's matches still reach, and returns their rows. */
function countNodes(state: MatchKeyState): ReadonlySet<KeptRow> {
  const walk = ++walkNumber;
  const rows = new Set<KeptRow>();
  let count = 0;
  for (const list of [state.partial, state.completed]) {
    for (const { path } of list) {
      for (let node = path; node !== null && node.mark !== walk; node = node.previous) {
        node.mark = walk;
        count++;
        rows.add(node.row);
      }
    }
  }
  state.nodes = count;
  return rows;
}

const way: PathNode[] = [];

/**
 * Numbers the rows and nodes that the state's matches still reach. Each node follows its previous
 * node.
 */
function number(state: MatchKeyState, rows: Numbered<KeptRow>, nodes: Numbered<PathNode>): void {
  for (const list of [state.partial, state.completed]) {
    for (const { path } of list) {
      for (let node = path; node !== null && nodes.of(node) < 0; node = node.previous) way.push(node);
      for (let node = way.pop(); node !== undefined; node = way.pop()) {
        nodes.add(node);
        if (rows.of(node.row) < 0) rows.add(node.row);
      }
    }
  }
}
