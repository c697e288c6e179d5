import { timeZone } from '../../functions/time/time-zone.ts';

/**
 * Windows over TIMESTAMP_LTZ are cut in the session's local time (Flink's TimeWindowUtil): of the
 * hour that a clock change repeats both occurrences fall into one window, which fires at the
 * second; a window end that a clock change skips is reached at the first instant after the gap.
 */
export interface WindowZone {
  toLocal(instant: number): number;
  /** Instant from which the watermark has passed the local time. */
  timerInstant(local: number): number;
}

export function windowZone(zone: string | null): WindowZone {
  if (zone === null || zone === 'UTC') return { toLocal: (t) => t, timerInstant: (t) => t };
  const rules = timeZone(zone);
  return {
    toLocal: (t) => rules.toLocal(t),
    timerInstant(local) {
      const first = rules.toInstant(local);
      // The later of two instants with this local time, where there are two.
      const second = local - rules.offsetAt(first + 3 * 3600_000);
      return second > first && rules.toLocal(second) === local ? second : first;
    },
  };
}
