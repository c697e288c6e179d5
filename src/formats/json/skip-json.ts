import { textEnd, viewCache } from './text-end.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** An integer has one bit for each level: whether the level is an object. */
const DEPTH_MAX = 30;

const viewOfBytes = viewCache();

/**
 * Returns the position after the JSON value at `from`, without reading it. Returns -1 if the value
 * is malformed, or is for the exact reader: with raw control characters, with white space other
 * than blanks, or with more than 30 levels. A line break must follow the record, because it ends
 * every loop.
 */
export function skipJson(bytes: Uint8Array, from: number): number {
  let p = from;
  let depth = 0;
  let objects = 0;
  for (;;) {
    p = skipBlanks(bytes, p);
    const first = bytes[p]!;
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      p = skipBlanks(bytes, p + 1);
      if (bytes[p] !== first + 2) {
        if (++depth > DEPTH_MAX) return -1;
        const bit = 1 << depth;
        if (first === OPEN_ARRAY) objects &= ~bit;
        else {
          objects |= bit;
          p = skipKey(bytes, p);
          if (p < 0) return -1;
        }
        continue;
      }
      p++;
    } else {
      p = first === QUOTE ? skipText(bytes, p) : skipPlain(bytes, p);
      if (p < 0) return -1;
    }
    for (;;) {
      if (depth === 0) return p;
      p = skipBlanks(bytes, p);
      const isObject = (objects & (1 << depth)) !== 0;
      const next = bytes[p++];
      if (next === COMMA) {
        if (isObject) p = skipKey(bytes, skipBlanks(bytes, p));
        if (p < 0) return -1;
        break;
      }
      if (next !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return -1;
      depth--;
    }
  }
}

/** Returns the position after the key and the value at `from`, or -1. */
export function skipMember(bytes: Uint8Array, from: number): number {
  const p = skipKey(bytes, from);
  return p < 0 ? -1 : skipJson(bytes, p);
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let p = from;
  while (bytes[p] === 32) p++;
  return p;
}

function skipKey(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  let p = skipText(bytes, from);
  if (p < 0) return -1;
  p = skipBlanks(bytes, p);
  return bytes[p] === COLON ? p + 1 : -1;
}

function skipText(bytes: Uint8Array, from: number): number {
  const view = viewOfBytes(bytes);
  let p = from + 1;
  for (;;) {
    p = textEnd(bytes, view, p);
    const byte = bytes[p];
    if (byte === QUOTE) return p + 1;
    if (byte !== BACKSLASH) return -1;
    p = skipEscape(bytes, p);
    if (p < 0) return -1;
  }
}

/** Returns the position after an escape, or -1. */
function skipEscape(bytes: Uint8Array, p: number): number {
  switch (bytes[p + 1]) {
    case 34:
    case 47:
    case 92:
    case 98:
    case 102:
    case 110:
    case 114:
    case 116:
      return p + 2;
    case 117:
      for (let i = 2; i < 6; i++) if (!isHexadecimal(bytes[p + i]!)) return -1;
      return p + 6;
    default:
      return -1;
  }
}

/** Skips a number, `true`, `false` or `null`. */
function skipPlain(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case 110:
      return bytes[from + 1] === 117 && bytes[from + 2] === 108 && bytes[from + 3] === 108 ? from + 4 : -1;
    case 116:
      return bytes[from + 1] === 114 && bytes[from + 2] === 117 && bytes[from + 3] === 101 ? from + 4 : -1;
    case 102:
      return bytes[from + 1] === 97 && bytes[from + 2] === 108 && bytes[from + 3] === 115 && bytes[from + 4] === 101
        ? from + 5
        : -1;
    default:
      return skipNumber(bytes, from);
  }
}

function skipNumber(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === 45 ? from + 1 : from;
  let p = skipDigits(bytes, first);
  if (p === first || (bytes[first] === 48 && p > first + 1)) return -1;
  if (bytes[p] === 46) {
    const fraction = p + 1;
    p = skipDigits(bytes, fraction);
    if (p === fraction) return -1;
  }
  if ((bytes[p]! | 32) === 101) {
    const sign = bytes[p + 1];
    const exponent = sign === 43 || sign === 45 ? p + 2 : p + 1;
    p = skipDigits(bytes, exponent);
    if (p === exponent) return -1;
  }
  return p;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let p = from;
  while (bytes[p]! >= 48 && bytes[p]! <= 57) p++;
  return p;
}

const isHexadecimal = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);
