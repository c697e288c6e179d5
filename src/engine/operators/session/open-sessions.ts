import type { DataType } from '../../../core/data-type.ts';
import type { OrderedTable, StateColumn, StateStore } from '../../state/state-store.ts';
import type { SessionContent } from './session-content.ts';

/** Tables of an operator of sessions; 0 and 1 were those of the first layout. */
export const SESSIONS_TABLE = 2;
export const TIMERS_TABLE = 3;
export const ROWS_TABLE = 4;

/** Columns of a session before those of its content: its end, and when its timer is set for. */
const END = 0;
const TIMER = 1;
export const FIRST_CONTENT_COLUMN = 2;

/** The columns of a session's entry. Its place is its start. */
export const sessionColumns = (content: readonly StateColumn[]): readonly StateColumn[] => [
  { kind: 'number' },
  { kind: 'number' },
  ...content,
];

/**
 * The open sessions of all keys. The end of a session is its last row's time plus the gap; sessions
 * of a key never touch one another.
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

  /** After lookups and new entries: the table's arrays are replaced when they grow. */
  fetchColumns(): void {
    this.ends = this.table.columns[END] as Float64Array<ArrayBuffer>;
    this.timers = this.table.columns[TIMER] as Float64Array<ArrayBuffer>;
  }

  /**
   * The key's first session that the span from `start` to `end` touches, -1 when there is none. As
   * in Flink (TimeWindow.intersects) a session touches what begins at its very end.
   */
  firstTouched(key: number, start: number, end: number): number {
    const { table } = this;
    let slot = table.first(key);
    while (slot >= 0 && this.ends[slot]! < start) slot = table.next(slot);
    return slot >= 0 && table.placeOf(slot) <= end ? slot : -1;
  }

  /** The next session that the span touches, too. */
  nextTouched(slot: number, end: number): number {
    const next = this.table.next(slot);
    return next >= 0 && this.table.placeOf(next) <= end ? next : -1;
  }

  open(key: number, start: number, end: number, due: number): number {
    const slot = this.table.insert(key, start);
    this.fetchColumns();
    this.ends[slot] = end;
    this.timers[slot] = due;
    this.#content.opened?.(this.table, slot);
    return slot;
  }

  /**
   * Makes the session in `slot` one that also covers the span: it takes up the sessions after it
   * that the span touches. Returns its slot, which is another one if it begins earlier now.
   */
  widen(key: number, slot: number, start: number, end: number, mergedEnd: number): number {
    const { table } = this;
    table.touch(slot);
    for (let next = this.nextTouched(slot, end); next >= 0; next = this.nextTouched(slot, end)) {
      this.#content.merge(table, key, slot, next);
      this.timers[slot] = Math.min(this.timers[slot]!, this.timers[next]!);
      table.remove(next);
    }
    this.ends[slot] = mergedEnd;
    if (start >= table.placeOf(slot)) return slot;
    const moved = table.move(slot, start);
    this.fetchColumns();
    return moved;
  }
}
