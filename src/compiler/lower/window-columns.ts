import { type DataType, isTimestamp, timestamp } from '../../core/data-type.ts';

export type WindowRole = 'start' | 'end' | 'time';

export const WINDOW_COLUMN_NAMES = { start: 'window_start', end: 'window_end', time: 'window_time' } as const;

/**
 * Returns the type of a window column. window_start and window_end are plain local times.
 * window_time is a time attribute.
 */
export function windowColumnType(role: WindowRole, time: DataType): DataType {
  return role === 'time'
    ? { ...(isTimestamp(time) ? time : timestamp(3)), precision: 3, nullable: false }
    : timestamp(3, false);
}

/**
 * Returns the provisional index of window column `k`. Window columns follow the aggregates. The
 * number of aggregates is known only when all expressions have been typed. Until then window
 * columns have negative indexes.
 */
export const provisionalIndex = (k: number): number => -1 - k;

/**
 * Returns the window column of a provisional index. Returns null if the index is already a
 * position.
 */
export const windowColumnOf = (index: number): number | null => (index < 0 ? -1 - index : null);
