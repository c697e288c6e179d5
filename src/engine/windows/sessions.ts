import type { AccumulatorCells } from '../../functions/aggregates/aggregate-function.ts';
import type { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import type { StateColumn, ValueCodec } from '../state/state-store.ts';

/** An open session of a key, with its accumulators. `end` is the last row's time plus the gap. */
export interface Session {
  start: number;
  end: number;
  readonly cells: SessionCells;
}

/** Accumulators of one session: the same columns as in a table, with one slot. */
export class SessionCells implements AccumulatorCells {
  readonly columns: (Float64Array | unknown[])[];
  readonly #wide: (bigint | undefined)[] = [];

  constructor(columns: readonly StateColumn[]) {
    this.columns = columns.map((c) => (c.kind === 'value' ? [null] : new Float64Array(1)));
  }
  readLong(column: number): number | bigint {
    return this.#wide[column] ?? (this.columns[column] as Float64Array)[0]!;
  }
  writeLong(column: number, _slot: number, value: number | bigint): void {
    this.#wide[column] = typeof value === 'bigint' ? value : undefined;
    (this.columns[column] as Float64Array)[0] = typeof value === 'bigint' ? Number.NaN : value;
  }
}

/** Sessions of a key, ascending by start. They never touch one another. */
export function sessionsCodec(columns: readonly StateColumn[]): ValueCodec {
  return {
    encode(value, writer: ByteWriter) {
      const sessions = (value as readonly Session[] | null) ?? [];
      writer.varint(sessions.length);
      for (const s of sessions) {
        writer.double(s.start);
        writer.double(s.end);
        columns.forEach((c, i) => {
          if (c.kind === 'value') c.codec.encode((s.cells.columns[i] as unknown[])[0], writer);
          else if (c.kind === 'long') writer.text(String(s.cells.readLong(i)));
          else writer.double((s.cells.columns[i] as Float64Array)[0]!);
        });
      }
    },
    decode(reader: ByteReader) {
      const sessions: Session[] = [];
      for (let n = reader.varint(); n > 0; n--) {
        const cells = new SessionCells(columns);
        const session = { start: reader.double(), end: reader.double(), cells };
        columns.forEach((c, i) => {
          if (c.kind === 'value') (cells.columns[i] as unknown[])[0] = c.codec.decode(reader);
          else if (c.kind === 'long') {
            const big = BigInt(reader.text());
            const small = Number(big);
            cells.writeLong(i, 0, Number.isSafeInteger(small) ? small : big);
          } else (cells.columns[i] as Float64Array)[0] = reader.double();
        });
        sessions.push(session);
      }
      return sessions;
    },
    sizeOf: (value) => 64 + ((value as readonly Session[] | null) ?? []).length * (120 + columns.length * 100),
  };
}

const NONE: readonly Session[] = [];

/**
 * Adds a row's window [time, time + gap] to the sessions of its key: a new one, or one that takes
 * up all it touches (Flink's TimeWindow.intersects: ends that meet do touch). Returns the session,
 * whether it is a new one, and those it swallowed, in time order; null when the merged session, by
 * its end, `isOver` already, which makes the row late.
 */
export function assignSession(
  sessions: Session[],
  time: number,
  gap: number,
  isOver: (end: number) => boolean,
  columns: readonly StateColumn[],
): { session: Session; swallowed: readonly Session[]; fresh: boolean } | null {
  const end = time + gap;
  // Most rows open a key's only session or extend it.
  const only = sessions.length === 1 ? sessions[0]! : null;
  if (only !== null && only.end >= time && only.start <= end) {
    if (isOver(Math.max(only.end, end))) return null;
    if (time < only.start) only.start = time;
    if (end > only.end) only.end = end;
    return { session: only, swallowed: NONE, fresh: false };
  }
  let first = 0;
  while (first < sessions.length && sessions[first]!.end < time) first++;
  let last = first;
  while (last < sessions.length && sessions[last]!.start <= end) last++;
  const touched = sessions.slice(first, last);
  const mergedEnd = Math.max(end, ...touched.map((s) => s.end));
  if (isOver(mergedEnd)) return null;
  const session = touched[0] ?? { start: time, end, cells: new SessionCells(columns) };
  session.start = Math.min(time, session.start);
  session.end = mergedEnd;
  sessions.splice(first, last - first, session);
  return { session, swallowed: touched.slice(1), fresh: touched.length === 0 };
}
