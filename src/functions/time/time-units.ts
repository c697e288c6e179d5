import { addMonths, MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';

/**
 * Returns a function that converts a value of a time type to milliseconds since 1970 (of the day
 * for TIME). Smaller digits are cut towards the past.
 */
export function toMilliseconds(type: DataType): (value: number | bigint) => number {
  if (type.kind === 'date') return (value) => (value as number) * MS_PER_DAY;
  return (value) =>
    typeof value === 'number' ? value : Number((value - (((value % NS_PER_MS) + NS_PER_MS) % NS_PER_MS)) / NS_PER_MS);
}

/**
 * Returns the whole months from `start` to `end` (milliseconds). The number is negative if `end` is
 * earlier. A month is over when the day of the month is reached again, or the last day of a month
 * that does not have it; the time of day counts only going forward (measured).
 */
export function monthsBetween(end: number, start: number): number {
  const endDay = Math.floor(end / MS_PER_DAY);
  const startDay = Math.floor(start / MS_PER_DAY);
  const months = endDay < startDay ? 0 - monthsForward(endDay, startDay) : monthsForward(startDay, endDay);
  const sameDay = addMonths(startDay, months) === endDay;
  return sameDay && end - endDay * MS_PER_DAY < start - startDay * MS_PER_DAY ? months - 1 : months;
}

function monthsForward(from: number, to: number): number {
  let months = Math.trunc((to - from) / 31);
  while (addMonths(from, months) < to && addMonths(from, months + 1) <= to) months++;
  return months;
}
