import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { EngineError } from './engine-error.ts';

/**
 * Regular expressions that take time linear in the text for every pattern: re2js, with Java's
 * syntax. Constructs that cannot be matched in linear time (look-around, back references,
 * possessive and atomic groups) are refused by name.
 */
export type Regex = RE2JS;

/** Loaded at the first pattern: most jobs have none. */
let engine: typeof RE2JS | null = null;
function loadEngine(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return engine;
}

/** Returns the construct of the pattern that the linear engine lacks; null if there is none. */
export function unsupportedSyntax(pattern: string): string | null {
  const bare = withoutClasses(pattern.replace(/\\[^1-9k]/g, ''));
  if (/\(\?<?[=!]/.test(bare)) return 'look-around';
  if (/\(\?>/.test(bare)) return 'an atomic group';
  if (/\\[1-9]|\\k</.test(bare)) return 'a back reference';
  if (/[*+?}]\+/.test(bare)) return 'a possessive quantifier';
  return null;
}

/**
 * Removes the character classes in one pass. A pattern of open brackets must not take quadratic
 * time either.
 */
function withoutClasses(pattern: string): string {
  const lastClosing = pattern.lastIndexOf(']');
  let bare = '';
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== '[' || i > lastClosing) {
      bare += pattern[i];
      continue;
    }
    while (++i < pattern.length && pattern[i] !== ']') if (pattern[i] === '\\') i++;
  }
  return bare;
}

/**
 * Compiles a pattern. Returns null if it is not a regular expression. Throws EXPRESSION_FAILED for
 * unsupported syntax.
 */
export function compileRegex(pattern: string): Regex | null {
  try {
    return loadEngine().compile(pattern);
  } catch (cause) {
    const unsupported = unsupportedSyntax(pattern);
    if (unsupported === null) return null;
    throw new EngineError(
      'EXPRESSION_FAILED',
      `the regular expression '${pattern}' uses ${unsupported}, which is not supported: it cannot be matched in linear time`,
      { pattern },
      cause,
    );
  }
}

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
      const named = /^\[:[A-Za-z]+:\]/.exec(pattern.slice(i));
      if (named !== null) {
        regex += named[0].toLowerCase();
        i += named[0].length - 1;
      } else {
        if (char === ']') inClass = false;
        regex += char;
      }
    } else if (char === '%') regex += '(?s:.*)';
    else if (char === '_') regex += '(?s:.)';
    else {
      if (char === '[') inClass = true;
      regex += char === '^' || char === '$' || char === '\\' ? `\\${char}` : char;
    }
  }
  return regex;
}
