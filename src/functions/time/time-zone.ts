import { createRequire } from 'node:module';
import { MS_PER_DAY } from '../../core/calendar.ts';

/**
 * Local time of a zone as numbers: `local` milliseconds are those of a TIMESTAMP (as if it were
 * UTC), `instant` milliseconds are Unix time. A local time that a gap skips is taken with the
 * offset before the gap, so it comes out later; of two instants in an overlap the earlier one is
 * used. Both are Java's rules, which Flink follows.
 */
export interface TimeZone {
  readonly name: string;
  /** Milliseconds to add to an instant to get the local time. */
  offsetAt(instant: number): number;
  toLocal(instant: number): number;
  toInstant(local: number): number;
}

const zones = new Map<string, TimeZone>();

/**
 * Returns the zone of an IANA name, an offset (`+02:00`, `GMT+2`) or `UTC`; null if no zone has
 * that name.
 */
export function findTimeZone(name: string): TimeZone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const made = makeZone(name);
  if (made !== null) zones.set(name, made);
  return made;
}

/** Finds a zone by a name that was checked before. Returns UTC if there is no such zone. */
export const timeZone = (name: string): TimeZone => findTimeZone(name) ?? fixedZone(name, 0);

function makeZone(name: string): TimeZone | null {
  if (/^(UTC|GMT|Z|UCT|Etc\/UTC|Etc\/GMT)$/i.test(name)) return fixedZone(name, 0);
  const offset = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > 18 * 60) return null;
    return fixedZone(name, (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  return regionZone(name);
}

const fixedZone = (name: string, offset: number): TimeZone => ({
  name,
  offsetAt: () => offset,
  toLocal: (instant) => instant + offset,
  toInstant: (local) => local - offset,
});

/** Loaded at the first region, so a session in UTC never loads it. */
type Temporal = typeof import('temporal-polyfill').Temporal;
let temporal: Temporal | null = null;
function loadTemporal(): Temporal {
  temporal ??= (createRequire(import.meta.url)('temporal-polyfill') as { Temporal: Temporal }).Temporal;
  return temporal;
}

/**
 * Creates a zone of a region. Its offset is constant between two transitions. The interval used
 * last is kept, so the next row usually costs only a comparison.
 */
function regionZone(name: string): TimeZone | null {
  const { Instant } = loadTemporal();
  try {
    Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
  } catch {
    return null;
  }
  let from = 1;
  let to = 0;
  let offset = 0;
  const offsetAt = (instant: number): number => {
    if (instant >= from && instant < to) return offset;
    const zoned = Instant.fromEpochMilliseconds(Math.floor(instant)).toZonedDateTimeISO(name);
    offset = Math.round(zoned.offsetNanoseconds / 1e6);
    const next = zoned.getTimeZoneTransition('next');
    const previous = Instant.fromEpochMilliseconds(Math.floor(instant) + 1)
      .toZonedDateTimeISO(name)
      .getTimeZoneTransition('previous');
    from = previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds;
    to = next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds;
    return offset;
  };
  const toInstant = (local: number): number => {
    // Offsets are less than a day. So the offsets a day before and a day after are those on both
    // sides of a transition between them.
    const before = offsetAt(local - MS_PER_DAY);
    if (offsetAt(local - before) === before) return local - before;
    const after = offsetAt(local + MS_PER_DAY);
    if (offsetAt(local - after) === after) return local - after;
    return local - before;
  };
  return { name, offsetAt, toLocal: (instant) => instant + offsetAt(instant), toInstant };
}
