import type { MatchNode } from '../../plan/match-node.ts';
import { patternShape, SORTER_TABLE, TIMERS_TABLE } from '../match/pattern-shape.ts';
import { RowGroups } from '../match/row-groups.ts';
import { isNullBit, maskColumn, type RowLayout, rowLayout } from '../match/row-layout.ts';
import { stateColumn } from '../match/row-sorter.ts';
import { ByteReader } from '../state/byte-codec.ts';
import { decodeLong } from '../state/long-codec.ts';
import type { StateEntry, StateWrite } from '../state/state-backend.ts';
import type { StateColumn } from '../state/state-store.ts';
import { chunkCodec } from '../timers/timer-chunk.ts';
import { TimerWrites } from '../timers/timer-writes.ts';
import { replaceTable } from './first-layout.ts';
import type { MigratedOperator } from './migrate-state.ts';

/** The tables of the first layout: waiting rows and deadlines. All entries are in key group 0. */
const OLD_SORTER = 0;
const OLD_DEADLINES = 2;
const EXACT = 1;

/** Moves waiting rows and timers of a pattern to their key groups. */
export async function migratePattern(at: MigratedOperator, node: MatchNode): Promise<number> {
  const { backend, operator, input } = at;
  const shape = patternShape(node, input);
  const rows = new OldRows(rowLayout(input, shape.waiting), shape.waiting);
  const groups = new RowGroups(
    node.partition.map((column) => ({ place: shape.waiting.indexOf(column), type: input[column]!.type })),
  );
  await replaceTable(backend, { operator, table: OLD_SORTER }, (entry) => {
    rows.read(entry.value);
    const key = Buffer.from(entry.key);
    key.writeUInt8(SORTER_TABLE, 2);
    key.writeUInt16BE(groups.of(rows, 0), 3);
    return [{ key, value: entry.value }];
  });
  const timers = new TimerWrites({ operator, table: TIMERS_TABLE }, shape.bucketMs);
  await replaceTable(backend, { operator, table: OLD_DEADLINES }, (entry) => moveTimers(entry, timers));
  await backend.write(timers.finish());
  return timers.sequence;
}

/**
 * Reads the deadlines of an old chunk. Each is
 * `time f64 | kind u8 | length of the key varint | key`.
 */
function moveTimers({ value }: StateEntry, timers: TimerWrites): readonly StateWrite[] {
  const entry = new ByteReader(value);
  entry.varint();
  const chunk = new ByteReader(chunkCodec.decode(entry) as Buffer);
  while (chunk.position < chunk.end) {
    const time = chunk.double();
    const kind = chunk.byte() === EXACT ? 'exact' : 'cleanup';
    const length = chunk.varint();
    chunk.position += length;
    timers.add(time, kind, chunk.buffer, chunk.position - length, chunk.position);
  }
  return timers.take();
}

/** The columns of a waiting row. They are the same in both layouts. */
class OldRows {
  readonly #layout: RowLayout;
  readonly #columns: readonly StateColumn[];
  #fixed: number[] = [];
  #values: unknown[] = [];

  constructor(layout: RowLayout, columns: readonly number[]) {
    this.#layout = layout;
    this.#columns = columns.map((column) => stateColumn(layout.fields[column]!.type));
  }

  read(value: Buffer): void {
    const reader = new ByteReader(value);
    reader.varint();
    this.#fixed = Array.from({ length: this.#layout.firstColumn }, () => reader.double());
    this.#values = this.#columns.map((column) => {
      if (column.kind === 'value') return column.codec.decode(reader);
      return column.kind === 'long' ? decodeLong(reader) : reader.double();
    });
  }

  valueOf(_row: number, place: number): unknown {
    if (this.#columns[place]!.kind === 'value') return this.#values[place];
    if (isNullBit(this.#fixed[maskColumn(place)]!, place)) return null;
    return this.#layout.physicalAt(place) === 'boolean' ? this.#values[place] === 1 : this.#values[place];
  }
}
