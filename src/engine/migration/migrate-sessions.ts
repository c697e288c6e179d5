import type { WindowAggregateNode } from '../../plan/nodes/window-aggregate.ts';
import type { WindowTableNode } from '../../plan/nodes/window-table.ts';
import { AggregateCalls } from '../operators/aggregate/aggregate-calls.ts';
import { FIRST_CONTENT_COLUMN, ROWS_TABLE, SESSIONS_TABLE, TIMERS_TABLE } from '../operators/session/open-sessions.ts';
import { timerBucketMs } from '../operators/session/session-operator.ts';
import { rowColumns } from '../operators/session/session-table.ts';
import { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import { writeInteger } from '../state/key-codec.ts';
import { encodeLong } from '../state/long-codec.ts';
import type { StateEntry, StateWrite } from '../state/state-backend.ts';
import type { StateColumn } from '../state/state-store.ts';
import { codecOf, listCodec } from '../state/value-codec.ts';
import { TimerWrites } from '../timers/timer-writes.ts';
import { windowZone } from '../windows/window-zone.ts';
import { replaceTable } from './first-layout.ts';
import type { MigratedOperator } from './migrate-state.ts';

/** Tables of the first layout: all sessions of a key in one value, and timers by key. */
const OLD_SESSIONS = 0;
const OLD_TIMERS = 1;

/** Creates an entry and a timer for each open session, and an entry for each of its rows. */
export async function migrateSessions(
  at: MigratedOperator,
  node: WindowAggregateNode | WindowTableNode,
  gapMs: number,
): Promise<number> {
  const { backend, operator } = at;
  const timers = new TimerWrites({ operator, table: TIMERS_TABLE }, timerBucketMs(gapMs));
  const conversion = new SessionConversion(at, node, timers);
  await replaceTable(backend, { operator, table: OLD_SESSIONS }, (entry) => conversion.convert(entry));
  await replaceTable(backend, { operator, table: OLD_TIMERS }, () => []);
  await backend.write(timers.finish());
  return timers.sequence;
}

/**
 * An old value: `sessions varint`, each `start f64 | end f64 | columns`, with a BIGINT as text. A
 * new entry: `end | time of the timer | number of the session if it has rows | columns`.
 */
class SessionConversion {
  readonly #operator: number;
  readonly #timers: TimerWrites;
  readonly #dueOf: (end: number) => number;
  /** The columns of aggregates. Null: the sessions store rows. */
  readonly #aggregates: readonly StateColumn[] | null;
  readonly #rowColumns: readonly StateColumn[];
  readonly #rowsCodec: ReturnType<typeof listCodec>;
  #sequence = 0;

  constructor(
    { operator, input, environment }: MigratedOperator,
    node: WindowAggregateNode | WindowTableNode,
    timers: TimerWrites,
  ) {
    const zone = windowZone(node.time.zone);
    this.#operator = operator;
    this.#timers = timers;
    this.#dueOf = (end) => zone.timerInstant(end - 1);
    this.#aggregates =
      node.kind === 'window-aggregate'
        ? new AggregateCalls(node.aggregates, false, environment, FIRST_CONTENT_COLUMN).columns
        : null;
    this.#rowColumns = rowColumns(input);
    this.#rowsCodec = listCodec(codecOf({ kind: 'row', fields: input, nullable: false }));
  }

  convert({ key, value }: StateEntry): readonly StateWrite[] {
    const reader = new ByteReader(value);
    const writes: StateWrite[] = [];
    for (let sessions = reader.varint(); sessions > 0; sessions--) {
      const start = reader.double();
      const end = reader.double();
      const due = this.#dueOf(end);
      const number = this.#sequence++;
      const entry = new ByteWriter(128);
      entry.double(end);
      entry.double(due);
      if (this.#aggregates === null) {
        entry.double(number);
        for (const row of this.#rowsCodec.decode(reader) as readonly unknown[][]) {
          writes.push({ key: this.#keyOf(ROWS_TABLE, key, number, this.#sequence++), value: this.#rowOf(row) });
        }
      } else for (const column of this.#aggregates) copyColumn(column, reader, entry);
      writes.push({ key: this.#keyOf(SESSIONS_TABLE, key, start, number), value: entry.finish() });
      this.#timers.add(due, 'exact', key, KEY_AT);
    }
    return [...writes, ...this.#timers.take()];
  }

  #rowOf(row: readonly unknown[]): Buffer {
    const writer = new ByteWriter(128);
    this.#rowColumns.forEach((column, c) => {
      if (column.kind === 'value') column.codec.encode(row[c], writer);
    });
    return writer.finish();
  }

  /** Returns the key of an ordered entry. Group and key are those of the old entry. */
  #keyOf(table: number, old: Buffer, place: number, sequence: number): Buffer {
    const writer = new ByteWriter(old.length + 16);
    writer.u16(this.#operator);
    writer.byte(table);
    writer.raw(old, GROUP_AT, old.length);
    writeInteger(writer, place);
    writeInteger(writer, sequence);
    return writer.finish();
  }
}

/** The positions of the key group and of the key's bytes in the key of an entry. */
const GROUP_AT = 3;
const KEY_AT = 5;

function copyColumn(column: StateColumn, from: ByteReader, to: ByteWriter): void {
  if (column.kind === 'value') column.codec.encode(column.codec.decode(from), to);
  else if (column.kind === 'number') to.double(from.double());
  else {
    const exact = BigInt(from.text());
    const small = Number(exact);
    encodeLong(to, Number.isSafeInteger(small) ? small : exact);
  }
}
