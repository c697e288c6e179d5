/**
 * JSON whose numbers keep every digit. `JSON.parse` rounds 9007199254740993 and turns 1.10 into
 * 1.1. Here a number becomes a `JsonNumber` with its text if JS would write it differently.
 */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type ExactJson =
  | null
  | boolean
  | number
  | string
  | JsonNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/** Deeper documents are refused, so that recursive code does not exhaust the stack. */
const DEPTH_MAX = 1000;

/**
 * JSON.parse gets each number as a text that begins with this mark. A text of the document can
 * begin with the mark only if the document contains the escape, because JSON has no raw control
 * characters.
 */
const MARK_ESCAPE = '\\u0000';

/** Throws a SyntaxError if the text is not JSON or is nested deeper than 1,000 levels. */
export function parseJsonExactly(text: string): ExactJson {
  if (text.length > 2 * DEPTH_MAX && isDeeperThan(DEPTH_MAX, text))
    throw new SyntaxError(`JSON nested deeper than ${DEPTH_MAX} levels`);
  const marked = markNumbers(text);
  if (marked === null) return JSON.parse(text) as ExactJson;
  if (text.includes(MARK_ESCAPE)) return JSON.parse(text, keepDigits as Reviver) as ExactJson;
  try {
    return unmarked(JSON.parse(marked) as ExactJson);
  } catch {
    // The message must quote the text without marks.
    return JSON.parse(text) as ExactJson;
  }
}

type Reviver = (key: string, value: unknown) => unknown;

/** Keeps the text of numbers. JSON.parse is six times slower with this reviver. */
function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? new JsonNumber(source) : value;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const COLON = /\s*:/y;

/**
 * Replaces each number that JSON.parse would change by a marked text. Returns null if there is no
 * such number. Looks only at numbers outside of texts.
 */
function markNumbers(text: string): string | null {
  let marked = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 34) i = endOfText(text, i);
    else if (char === 45 || (char >= 48 && char <= 57)) {
      const plain = endOfPlainNumber(text, i);
      if (plain > 0) {
        i = plain - 1;
        continue;
      }
      NUMBER.lastIndex = i;
      const number = NUMBER.exec(text)?.[0];
      if (number === undefined) continue;
      const end = i + number.length;
      if (String(Number(number)) !== number) {
        COLON.lastIndex = end;
        // A number is not a valid key, but a marked text is.
        if (COLON.test(text)) return null;
        marked += `${text.slice(copied, i)}"${MARK_ESCAPE}${number}"`;
        copied = end;
      }
      i = end - 1;
    }
  }
  return copied === 0 ? null : marked + text.slice(copied);
}

/**
 * Returns the position after a number that JavaScript writes in the same way: at most 15 digits, no
 * exponent, no zero at the end of the fraction. Otherwise returns -1.
 */
function endOfPlainNumber(text: string, start: number): number {
  let i = start;
  let char = text.charCodeAt(i);
  if (char === 45) char = text.charCodeAt(++i);
  const first = i;
  while (char >= 48 && char <= 57) char = text.charCodeAt(++i);
  if (i === first) return -1;
  if (char === 46) {
    const point = i;
    char = text.charCodeAt(++i);
    while (char >= 48 && char <= 57) char = text.charCodeAt(++i);
    // Numbers below 10^-6 get an exponent.
    const isSmall = point === first + 1 && text.charCodeAt(first) === 48 && i - point > 7;
    if (i === point + 1 || isSmall || text.charCodeAt(i - 1) === 48) return -1;
  } else if (i === first + 1 && first > start && text.charCodeAt(first) === 48) return -1;
  return i - first > 15 || (char | 32) === 101 ? -1 : i;
}

/** Replaces marked texts by numbers. Changes the document. */
function unmarked(value: ExactJson): ExactJson {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? new JsonNumber(value.slice(1)) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = unmarked(value[i] as ExactJson);
    return value;
  }
  const members = value as Record<string, ExactJson>;
  for (const key in members) {
    const member = members[key]!;
    if (typeof member === 'string') {
      if (member.charCodeAt(0) === 0) members[key] = new JsonNumber(member.slice(1));
    } else if (typeof member === 'object') unmarked(member);
  }
  return value;
}

/**
 * Returns whether objects and arrays are nested deeper than `depthMax`. Does not parse the text.
 */
export function isDeeperThan(depthMax: number, text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 34) i = endOfText(text, i);
    else if (char === 91 || char === 123) {
      if (++depth > depthMax) return true;
    } else if (char === 93 || char === 125) depth--;
  }
  return false;
}

/** Returns the position of the quote mark that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  let i = start + 1;
  for (; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 34) return i;
    if (char === 92) i++;
  }
  return text.length;
}

/** Returns compact JSON text with the numbers as they were read. */
export function exactJsonText(value: ExactJson): string {
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${exactJsonText(item)}`)
    .join(',')}}`;
}

/** Works like `Array.isArray`, and also narrows readonly arrays. */
export const isJsonArray = (value: ExactJson): value is readonly ExactJson[] => Array.isArray(value);

export const isJsonObject = (value: ExactJson): value is { readonly [key: string]: ExactJson } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof JsonNumber);
