/**
 * Java's patterns for dates, `yyyy-MM-dd HH:mm:ss.SSS`: the number of repeated letters is the
 * width, and texts are in quotes. Two flavours, as in Flink: `formatter` (DateTimeFormatter:
 * DATE_FORMAT, TO_DATE, TO_TIMESTAMP) and `simple` (SimpleDateFormat: FROM_UNIXTIME,
 * UNIX_TIMESTAMP, CONVERT_TZ), which differ in some letters.
 */
export type PatternFlavour = 'formatter' | 'simple';

export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly width: number }
  /** `[` and `]` around an optional section, only in the `formatter` flavour. */
  | { readonly kind: 'open' }
  | { readonly kind: 'close' };

const LETTERS: Readonly<Record<PatternFlavour, string>> = {
  formatter: 'GuyDMLdQqYwWEecFaBhKkHmsSAnNVzOXxZ',
  simple: 'GyYMLwWDdFEuaHkKhmsSzZX',
};

/** Returns the parts of a pattern, or an error message. */
export function readPattern(pattern: string, flavour: PatternFlavour): readonly PatternPart[] | string {
  const parts: PatternPart[] = [];
  const addText = (text: string) => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text };
    else parts.push({ kind: 'text', text });
  };
  let open = 0;
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i]!;
    if (char === "'") {
      const end = quoteEnd(pattern, i);
      if (end < 0) return `the quote at position ${i + 1} of the pattern '${pattern}' is not closed`;
      addText(end === i + 1 ? "'" : pattern.slice(i + 1, end).replaceAll("''", "'"));
      i = end + 1;
    } else if (/[A-Za-z]/.test(char)) {
      if (!LETTERS[flavour].includes(char)) return `unknown letter '${char}' in the pattern '${pattern}'`;
      let width = 1;
      while (pattern[i + width] === char) width++;
      parts.push({ kind: 'field', letter: char, width });
      i += width;
    } else {
      if (flavour === 'formatter' && '{}#'.includes(char))
        return `reserved character '${char}' in the pattern '${pattern}'`;
      i++;
      if (flavour === 'simple' || !'[]'.includes(char)) {
        addText(char);
        continue;
      }
      open += char === '[' ? 1 : -1;
      if (open < 0) return `the pattern '${pattern}' has a ] without a [`;
      parts.push(char === '[' ? { kind: 'open' } : { kind: 'close' });
    }
  }
  // Java closes sections that the pattern leaves open.
  for (; open > 0; open--) parts.push({ kind: 'close' });
  return parts;
}

/** Returns the position of the closing quote. Two quotes in a row mean one quote in the text. */
function quoteEnd(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] !== "'") continue;
    if (i > start + 1 && pattern[i + 1] === "'") i++;
    else return i;
  }
  return -1;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** From Sunday, as `dayOfWeek` counts. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
