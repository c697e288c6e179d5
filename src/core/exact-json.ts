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

/** Only a number with a point, an exponent or sixteen digits may need its text. */
const MAY_LOSE_DIGITS = /\d{16}|\d[.eE]|-0/;

interface ReviverContext {
  readonly source?: string;
}
type SourceReviver = (key: string, value: unknown, context: ReviverContext) => unknown;

const keepDigits: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined && String(value) !== context.source
    ? new JsonNumber(context.source)
    : value;

/** Deeper documents are refused, so that recursive code does not exhaust the stack. */
const DEPTH_MAX = 1000;

/** Throws a SyntaxError if the text is not JSON or is nested deeper than 1,000 levels. */
export function parseJsonExactly(text: string): ExactJson {
  if (text.length > 2 * DEPTH_MAX && isDeeperThan(DEPTH_MAX, text))
    throw new SyntaxError(`JSON nested deeper than ${DEPTH_MAX} levels`);
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text) as ExactJson;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as ExactJson;
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
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === 92) before--;
    if ((end - before) % 2 === 1) return end;
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
