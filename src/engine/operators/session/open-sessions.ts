import type { DataType } from '../../../core/data-type.ts';
import type { OrderedTable, StateColumn, StateStore } from '../../state/state-store.ts';
import { isLaterFirst, type SessionSpan } from './merge-order.ts';
import type { SessionContent } from './session-content.ts';

/** The tables of a session operator. The first layout used 0 and 1. */
export const SESSIONS_TABLE = 2;
export const TIMERS_TABLE = 3;
export const ROWS_TABLE = 4;

/** The columns of a session before those of its content: its end, and the time of its timer. */
const END = 0;
const TIMER = 1;
export const FIRST_CONTENT_COLUMN = 2;

/** The columns of a session's entry. The place of the entry is the session's start. */
export const sessionColumns = (content: readonly StateColumn[]): readonly StateColumn[] => [
  { kind: 'number' },
  { kind: 'number' },
  ...content,
];

/**
 * The open sessions of all keys. The end of a session is the time of its last row plus the gap.
 * Sessions of a key never touch each other.
 */
export class OpenSessions {
  readonly table: OrderedTable;
  readonly #content: SessionContent;
  ends = new Float64Array(0);
  timers = new Float64Array(0);

  constructor(store: StateStore, operator: number, key: readonly DataType[], content: SessionContent) {
    this.#content = content;
    this.table = store.orderedTable({
      operator,
      table: SESSIONS_TABLE,
      name: 'sessions',
      key,
      columns: sessionColumns(content.columns),
    });
  }

  /**
   * Call this after lookups and new entries, because the table replaces its arrays when they grow.
   */
  fetchColumns(): void {
    this.ends = this.table.columns[END] as Float64Array<ArrayBuffer>;
    this.timers = this.table.columns[TIMER] as Float64Array<ArrayBuffer>;
  }

  open(key: number, start: number, end: number, due: number): number {
    const slot = this.table.insert(key, start);
    this.fetchColumns();
    this.ends[slot] = end;
    this.timers[slot] = due;
    this.#content.opened?.(this.table, slot);
    return slot;
  }

  /** Merges the session in `from` into the earlier one in `into`. */
  merge(key: number, into: number, from: number): void {
    const { table, timers } = this;
    table.touch(into);
    this.#content.merge(table, key, into, from, isLaterFirst(this.#spanOf(into), this.#spanOf(from)));
    timers[into] = Math.min(timers[into]!, timers[from]!);
    table.remove(from);
  }

  #spanOf(slot: number): SessionSpan {
    return { start: this.table.placeOf(slot), end: this.ends[slot]! };
  }

  /**
   * Extends a session to a start and an end. Returns its slot, which changes if the session now
   * begins earlier.
   */
  widen(slot: number, start: number, end: number): number {
    const { table } = this;
    table.touch(slot);
    this.ends[slot] = end;
    if (start >= table.placeOf(slot)) return slot;
    const moved = table.move(slot, start);
    this.fetchColumns();
    return moved;
  }
}
