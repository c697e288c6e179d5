import type { DataType } from '../../../core/data-type.ts';
import type { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import { codecOf } from '../../state/value-codec.ts';
import { keptBytes } from '../kept-bytes.ts';
import type { PathNode } from '../partial-match.ts';
import { Tries } from './partition-row.ts';
import { PartitionState, type Thread } from './partition-state.ts';
import type { ThreadChains } from './row-chain.ts';
import type { ThreadStepper } from './thread-stepper.ts';

/**
 * Encodes a partition: its rows, the paths of the current attempt, then the threads as
 * (instruction, node). Each path node follows its previous node. Chains are computed again from the
 * paths. Results of failed attempts are not stored, because they only save work. Instructions and
 * variables are positions in the program, so a changed pattern must not read them.
 */
export function partitionStateCodec(stepper: ThreadStepper, columns: readonly DataType[]): ValueCodec {
  const values = columns.map(codecOf);
  return {
    encode(value, writer) {
      const state = value as PartitionState;
      writer.varint(state.matches);
      writer.double(state.exactDeadline);
      writer.double(state.cleanupDeadline);
      writer.varint(state.base);
      writer.varint(state.start);
      writer.varint(state.matchedTo);
      writer.varint(state.rows.length);
      for (const row of state.rows) {
        writer.double(row.time);
        writer.varint(row.holds);
        writer.varint(row.asks);
        for (let i = 0; i < values.length; i++) values[i]!.encode(row.values[i], writer);
      }
      writer.varint((state.begun ? 1 : 0) + (state.awaitsEnd ? 2 : 0));
      if (state.begun) encodeAttempt(state, writer);
    },

    decode(reader) {
      const state = new PartitionState();
      state.matches = reader.varint();
      state.exactDeadline = reader.double();
      state.cleanupDeadline = reader.double();
      state.base = reader.varint();
      state.start = reader.varint();
      state.matchedTo = reader.varint();
      const count = reader.varint();
      for (let i = 0; i < count; i++) {
        const time = reader.double();
        const holds = reader.varint();
        const asks = reader.varint();
        const kept = values.map((codec) => codec.decode(reader));
        state.rows.push({ time, sequence: state.base + i, values: kept, holds, asks, tries: new Tries() });
      }
      const flags = reader.varint();
      state.awaitsEnd = flags >= 2;
      if (flags % 2 === 1) decodeAttempt(state, reader, stepper);
      return state;
    },

    sizeOf(value) {
      const { rows, threads } = value as PartitionState;
      return 200 + rows.length * (112 + values.length * 24) + threads.length * 80 + longest(threads) * 56;
    },

    measure(value) {
      const { rows, threads } = value as PartitionState;
      let bytes = 200 + threads.length * 80 + longest(threads) * 56;
      for (const row of rows) bytes += 112 + values.length * 16 + keptBytes(row.values);
      return bytes;
    },
  };
}

function longest(threads: readonly Thread[]): number {
  let length = 0;
  for (const { path } of threads) if (path !== null && path.length > length) length = path.length;
  return length;
}

function encodeAttempt(state: PartitionState, writer: ByteWriter): void {
  const nodes = reachable(state);
  writer.varint(state.cursor);
  writer.varint(nodes.size);
  for (const node of nodes.keys()) {
    writer.varint(node.row.sequence);
    writer.varint(node.variable * 2 + (node.excluded === true ? 1 : 0));
    writer.varint(numberOf(node.previous, nodes));
  }
  writer.varint(state.threads.length);
  for (const { at, path } of state.threads) {
    writer.varint(at);
    writer.varint(numberOf(path, nodes));
  }
  writer.varint(state.best === null ? 0 : numberOf(state.best.path, nodes) + 1);
}

function decodeAttempt(state: PartitionState, reader: ByteReader, stepper: ThreadStepper): void {
  state.begun = true;
  state.cursor = reader.varint();
  const nodes: PathNode[] = [];
  const nodeAt = (number: number): PathNode | null => (number === 0 ? null : nodes[number - 1]!);
  for (let n = reader.varint(); n > 0; n--) {
    const row = state.rows[reader.varint() - state.base]!;
    const label = reader.varint();
    const previous = nodeAt(reader.varint());
    const length = previous === null ? 1 : previous.length + 1;
    nodes.push({ row, variable: label >> 1, previous, length, excluded: (label & 1) === 1 });
  }
  const known = new Map<PathNode | null, ThreadChains>();
  for (let n = reader.varint(); n > 0; n--) {
    const at = reader.varint();
    const path = nodeAt(reader.varint());
    const chains = stepper.chainsOf(path, known);
    state.threads.push({ at, path, chains, key: stepper.keyAt(at, chains) });
  }
  const best = reader.varint();
  if (best > 0) state.best = { path: nodeAt(best - 1) };
}

const numberOf = (node: PathNode | null, nodes: ReadonlyMap<PathNode, number>): number =>
  node === null ? 0 : nodes.get(node)! + 1;

/** Numbers the path nodes that the attempt can still reach. A node follows its previous node. */
function reachable(state: PartitionState): Map<PathNode, number> {
  const nodes = new Map<PathNode, number>();
  const way: PathNode[] = [];
  const ends = state.threads.map(({ path }) => path);
  if (state.best !== null) ends.push(state.best.path);
  for (const end of ends) {
    for (let node = end; node !== null && !nodes.has(node); node = node.previous) way.push(node);
    for (let node = way.pop(); node !== undefined; node = way.pop()) nodes.set(node, nodes.size);
  }
  return nodes;
}
