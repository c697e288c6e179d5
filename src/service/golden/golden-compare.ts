import { JsonNumber, parseJsonExactly } from '../../core/exact-json.ts';
import { parseExact } from '../../functions/decimal.ts';

/**
 * Returns the first difference between expected and actual changelog lines as text. Returns null if
 * there is no difference.
 */
export function difference(
  expected: readonly string[],
  actual: readonly string[],
  compare: 'multiset' | 'ordered' | 'final',
): string | null {
  let want = expected.map(parseLine);
  let got = actual.map(parseLine);
  if (compare === 'final') {
    want = applied(want);
    got = applied(got);
  }
  if (compare !== 'ordered') {
    want = [...want].sort(byText);
    got = [...got].sort(byText);
  }
  for (let i = 0; i < Math.max(want.length, got.length); i++) {
    const a = want[i];
    const b = got[i];
    if (a !== undefined && b !== undefined && a.op === b.op && near(a.row, b.row)) continue;
    const count = want.length === got.length ? '' : `${got.length} rows instead of ${want.length}; `;
    return `${count}expected ${a === undefined ? 'no further row' : show(a)}, got ${b === undefined ? 'nothing' : show(b)}`;
  }
  return null;
}

interface Line {
  readonly op: string;
  readonly row: unknown;
  /** Canonical text: keys sorted, numbers in one form. */
  readonly text: string;
}

function parseLine(line: string): Line {
  const { op, row } = parseJsonExactly(line) as { op: string; row: unknown };
  return { op, row, text: `${op}${canonical(row)}` };
}

const byText = (a: Line, b: Line): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
const show = (line: Line): string => `{"op":"${line.op}","row":${JSON.stringify(line.row)}}`;

/** Applies a changelog and returns the remaining rows. */
function applied(lines: readonly Line[]): Line[] {
  const counts = new Map<string, { line: Line; count: number }>();
  for (const line of lines) {
    const key = canonical(line.row);
    const entry = counts.get(key) ?? { line: { op: '+I', row: line.row, text: key }, count: 0 };
    entry.count += line.op === '+I' || line.op === '+U' ? 1 : -1;
    counts.set(key, entry);
  }
  return [...counts.values()].flatMap(({ line, count }) => new Array<Line>(Math.abs(count)).fill(line));
}

function canonical(value: unknown): string {
  if (typeof value === 'number') return numberText(String(value));
  if (value instanceof JsonNumber) return numberText(value.text);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).sort();
  return `{${keys.map((k) => `${JSON.stringify(k)}:${canonical((value as Record<string, unknown>)[k])}`).join(',')}}`;
}

/** Writes a decimal without trailing zeros and exponent. */
function numberText(text: string): string {
  const exact = parseExact(text);
  if (exact === null) return text;
  let { unscaled, scale } = exact;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  while (scale < 0) {
    unscaled *= 10n;
    scale++;
  }
  return `${unscaled}/${scale}`;
}

/** Returns whether two values are equal, or are long floats that differ only by rounding. */
function near(a: unknown, b: unknown): boolean {
  if (canonical(a) === canonical(b)) return true;
  const x = floatOf(a);
  const y = floatOf(b);
  if (x !== null && y !== null) return Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => near(v, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && near(a[k], b[k]));
}

function floatOf(value: unknown): number | null {
  const text = value instanceof JsonNumber ? value.text : typeof value === 'number' ? String(value) : null;
  return text !== null && text.length > 12 ? Number(text) : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
