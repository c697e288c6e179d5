import { ExactNumber } from './exact-json.js';

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Formats a number: 1234567 → 1,234,567. Shortens numbers from 1,000 million on. */
export const countText = (n) => (n < 1e9 ? counts.format(n) : short.format(n));

export const rateText = (perSecond) => (perSecond < 10_000 ? counts.format(perSecond) : short.format(perSecond));

export function bytesText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`;
}

const UNITS = [
  ['y', 31_536_000_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Formats a duration with its two largest units: `2 h 5 min`, `3.4 s`, `12 ms`. */
export function durationText(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const at = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[at];
  const first = `${Math.floor(ms / size)} ${unit}`;
  const next = UNITS[at + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % size) / next[1]);
  return rest === 0 ? first : `${first} ${rest} ${next[0]}`;
}

/** Largest time of a Date. A later watermark means that the input has ended. */
const TIME_MAX = 8.64e15;

/**
 * Formats a time in UTC as SQL does. Shows the day only if it is not the current day of the
 * service.
 */
export function timeText(ms, now) {
  if (Math.abs(ms) > TIME_MAX) return 'end of input';
  const text = new Date(ms).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  return text.slice(0, 10) === today ? text.slice(11, 19) : text.slice(0, 19).replace('T', ' ');
}

export const isEndOfInput = (ms) => Math.abs(ms) > TIME_MAX;

/** Returns a value of a row on one line. */
export function valueText(value) {
  if (value === null) return 'NULL';
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(nestedText).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, each]) => `${key}: ${nestedText(each)}`)
      .join(', ')}}`;
  }
  return String(value);
}

const nestedText = (value) => (typeof value === 'string' ? JSON.stringify(value) : valueText(value));

export const clipped = (text, length) => (text.length <= length ? text : `${text.slice(0, length)}…`);
