import { EngineError } from './engine-error.ts';
import { InvalidPattern, UnsupportedPattern } from './regex/pattern-error.ts';
import { Regex } from './regex/regex.ts';

/**
 * Compiles a pattern for a function or an option, which errors name. Returns null if Java has no
 * such regular expression. Throws EXPRESSION_FAILED for a construct that is not supported; the
 * matchers throw it for a text that needs too many steps.
 */
export function compileRegex(user: string, pattern: string): Regex | null {
  const failed = (what: string, cause?: unknown): EngineError =>
    new EngineError('EXPRESSION_FAILED', `${user}: the regular expression '${pattern}' ${what}`, { pattern }, cause);
  try {
    return new Regex(pattern, (steps) =>
      failed(`needs more than ${steps} steps for a text; a pattern with fewer ways to match needs fewer`),
    );
  } catch (error) {
    if (error instanceof InvalidPattern) return null;
    if (error instanceof UnsupportedPattern) throw failed(unsupported(error), error);
    throw error;
  }
}

/** Describes a construct that is not supported, for a message that begins with the pattern. */
export const unsupported = ({ construct, index }: UnsupportedPattern): string =>
  `uses ${construct} at character ${index + 1}, which is not supported`;

/** The classes that SIMILAR TO names, `[[:ALPHA:]]`, as classes of Java. */
const SIMILAR_CLASSES: ReadonlyMap<string, string> = new Map([
  ['ALPHA', '\\p{Alpha}'],
  ['UPPER', '\\p{Upper}'],
  ['LOWER', '\\p{Lower}'],
  ['DIGIT', '\\d'],
  ['ALNUM', '\\p{Alnum}'],
  ['SPACE', ' '],
  ['WHITESPACE', '\\s'],
]);

/**
 * Converts a SIMILAR TO pattern to a regular expression for the whole text. `%` matches any text,
 * `_` matches one character, and the rest is as in Java.
 */
export function similarToRegex(pattern: string, escapeCharacter: string | null): string {
  let regex = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === escapeCharacter) {
      const next = pattern[++i] ?? '';
      regex += /[a-zA-Z0-9]/.test(next) ? next : `\\${next}`;
    } else if (inClass) {
      const named = /^\[:([A-Z]+|[a-z]+):\]/.exec(pattern.slice(i));
      const family = named && SIMILAR_CLASSES.get(named[1]!.toUpperCase());
      if (named && family) {
        regex += family;
        i += named[0].length - 1;
      } else {
        if (char === ']') inClass = false;
        regex += char;
      }
    } else if (char === '%') regex += '(?s:.*)';
    else if (char === '_') regex += '(?s:.)';
    else {
      if (char === '[') inClass = true;
      regex += char === '$' || char === '\\' ? `\\${char}` : char;
    }
  }
  return regex;
}
