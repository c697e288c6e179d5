const DURATIONS: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/**
 * Returns the milliseconds of a duration in the form of Flink's options (`10 s`, `1min`). A number
 * without a unit is in milliseconds. Returns null if the text is not a duration.
 */
export function parseDuration(text: string): number | null {
  const found = /^\s*(\d{1,12})\s*([a-z]*)\s*$/i.exec(text);
  if (found === null) return null;
  const unit = found[2] === '' ? 1 : DURATIONS[found[2]!.toLowerCase()];
  return unit === undefined ? null : Number(found[1]) * unit;
}

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  bytes: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1048576,
  mb: 1048576,
  mib: 1048576,
  g: 1073741824,
  gb: 1073741824,
  gib: 1073741824,
};

/**
 * Returns the bytes of a size in the form of Flink's options (`96 mb`). Returns null if the text is
 * not a size.
 */
export function parseSize(text: string): number | null {
  const found = /^\s*(\d{1,12})\s*([a-z]*)\s*$/i.exec(text);
  if (found === null) return null;
  const unit = SIZES[found[2]!.toLowerCase()];
  return unit === undefined ? null : Number(found[1]) * unit;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** Writes a duration in the largest unit that gives a whole number: `10 min`, `90 s`, `1500 ms`. */
export function durationText(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`;
}

/** Writes whole megabytes, for messages. */
/** Writes a number of bytes for people, in the unit that is easiest to read. */
export function sizeText(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return bytes >= 2 ** 20 ? megabytesText(bytes) : `${Math.round(bytes / 1024)} KB`;
}

export const megabytesText = (bytes: number): string => `${Math.round(bytes / 1048576)} MB`;
