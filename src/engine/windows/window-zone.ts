import { timeZone } from '../../functions/time/time-zone.ts';

/**
 * Windows over TIMESTAMP_LTZ are aligned to the session's local time (Flink's TimeWindowUtil). If a
 * clock change repeats an hour, both occurrences belong to the same window, and the window fires at
 * the second one. If a clock change skips the end of a window, the window ends at the first instant
 * after the gap.
 */
export interface WindowZone {
  toLocal(instant: number): number;
  /** Returns the first instant at which the watermark has passed the local time. */
  timerInstant(local: number): number;
}

export function windowZone(zone: string | null): WindowZone {
  if (zone === null || zone === 'UTC') return { toLocal: (t) => t, timerInstant: (t) => t };
  const rules = timeZone(zone);
  return {
    toLocal: (t) => rules.toLocal(t),
    timerInstant(local) {
      const first = rules.toInstant(local);
      // The instant with this local time; the later one if there are two.
      const second = local - rules.offsetAt(first + 3 * 3600_000);
      return second > first && rules.toLocal(second) === local ? second : first;
    },
  };
}
