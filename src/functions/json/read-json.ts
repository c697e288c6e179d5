import { type ExactJson, exactJsonText, JsonNumber, parseJsonExactly } from '../../core/exact-json.ts';
import { parseExact } from '../decimal.ts';

/**
 * Returns the JSON value at the start of a text; undefined if there is none. Text after a complete
 * value is ignored, as in Flink (measured: `'{"a":1} x' IS JSON` is TRUE).
 */
export function readJson(text: string): ExactJson | undefined {
  try {
    return parseJsonExactly(text);
  } catch {
    const end = endOfContainer(text);
    if (end < 0 || end >= text.length) return undefined;
    try {
      return parseJsonExactly(text.slice(0, end));
    } catch {
      return undefined;
    }
  }
}

/** Returns the offset after the object or array at the start of the text; -1 if there is none. */
function endOfContainer(text: string): number {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (inText) {
      if (char === '\\') i++;
      else if (char === '"') inText = false;
    } else if (char === '"') {
      if (depth === 0) return -1;
      inText = true;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (--depth <= 0) return i + 1;
    } else if (depth === 0 && !/\s/.test(char)) return -1;
  }
  return -1;
}

/**
 * Returns a scalar as text: strings without quotes, numbers as Java's BigDecimal writes them
 * (`1.50`, `1E+3`).
 */
export function scalarJsonText(value: ExactJson): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return exactNumberText(String(value));
  return value instanceof JsonNumber ? exactNumberText(value.text) : String(value);
}

/** Returns a value as compact JSON with the same numbers. */
export function canonicalJson(value: ExactJson): string {
  return exactJsonText(withNumberTexts(value));
}

function withNumberTexts(value: ExactJson): ExactJson {
  if (value instanceof JsonNumber) return new JsonNumber(exactNumberText(value.text));
  if (Array.isArray(value)) return value.map((item: ExactJson) => withNumberTexts(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value as { readonly [key: string]: ExactJson }).map(([key, item]) => [key, withNumberTexts(item)]),
    );
  }
  return value;
}

/**
 * Writes plain digits unless the number was written with an exponent or is below 10^-6.
 * BigDecimal's text has the same form.
 */
function exactNumberText(text: string): string {
  if (!/[eE]/.test(text) && !/^-?0\.000000/.test(text)) return text;
  const exponent = Number(/[eE]([+-]?\d+)$/.exec(text)?.[1] ?? 0);
  const exact = parseExact(text.replace(/[eE].*$/, ''));
  if (exact === null) return text;
  const scale = exact.scale - exponent;
  const negative = exact.unscaled < 0n;
  const digits = (negative ? -exact.unscaled : exact.unscaled).toString();
  const adjusted = digits.length - 1 - scale;
  const sign = negative ? '-' : '';
  if (scale >= 0 && adjusted >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    const point = padded.length - scale;
    return `${sign}${padded.slice(0, point)}${scale === 0 ? '' : `.${padded.slice(point)}`}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${sign}${mantissa}${adjusted === 0 ? '' : `E${adjusted > 0 ? '+' : ''}${adjusted}`}`;
}
