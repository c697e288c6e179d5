import { type DataType, isTimestamp, timestamp } from '../../core/data-type.ts';

export type WindowRole = 'start' | 'end' | 'time';

export const WINDOW_COLUMN_NAMES = { start: 'window_start', end: 'window_end', time: 'window_time' } as const;

/** window_start and window_end are plain local times; window_time is the time attribute again. */
export function windowColumnType(role: WindowRole, time: DataType): DataType {
  return role === 'time'
    ? { ...(isTimestamp(time) ? time : timestamp(3)), precision: 3, nullable: false }
    : timestamp(3, false);
}

/**
 * Window columns follow the aggregates, whose number is known only when all expressions have been
 * typed. Until then window column `k` has a negative index.
 */
export const provisionalIndex = (k: number): number => -1 - k;

/** The window column of a provisional index; null: the index is a position already. */
export const windowColumnOf = (index: number): number | null => (index < 0 ? -1 - index : null);
