import { EngineError } from '../../core/engine-error.ts';

const ANY_ONE = -1;
const ANY_RUN = -2;

/**
 * Creates a matcher for a LIKE pattern. `%` matches any text, and `_` matches one character. After
 * the escape character (none by default, as in Flink), the next `%`, `_` or escape character is
 * literal. It goes back only to the last `%`, so the cost is at most the text's length times the
 * pattern's.
 */
export function likeMatcher(pattern: string, escapeCharacter: string | null): (text: string) => boolean {
  const tokens = tokenize(pattern, escapeCharacter);
  if (!tokens.includes(ANY_ONE)) return runMatcher(tokens);
  return (text) => matchTokens(tokens, text);
}

function tokenize(pattern: string, escapeCharacter: string | null): number[] {
  const tokens: number[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === escapeCharacter) {
      const next = pattern[++i];
      if (next !== '%' && next !== '_' && next !== escapeCharacter) {
        throw new EngineError('EXPRESSION_FAILED', `invalid escape in the LIKE pattern '${pattern}' at position ${i}`, {
          pattern,
        });
      }
      tokens.push(next.charCodeAt(0));
    } else if (char === '%') {
      if (tokens.at(-1) !== ANY_RUN) tokens.push(ANY_RUN);
    } else tokens.push(char === '_' ? ANY_ONE : pattern.charCodeAt(i));
  }
  return tokens;
}

/**
 * Creates a matcher for a pattern without `_`. Such a pattern is a list of pieces that must follow
 * one another.
 */
function runMatcher(tokens: readonly number[]): (text: string) => boolean {
  const pieces = [''];
  for (const token of tokens) {
    if (token === ANY_RUN) pieces.push('');
    else pieces[pieces.length - 1] += String.fromCharCode(token);
  }
  if (pieces.length === 1) return (text) => text === pieces[0];
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  const middle = pieces.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}

function matchTokens(tokens: readonly number[], text: string): boolean {
  let t = 0;
  let i = 0;
  let runToken = -1;
  let runStart = 0;
  while (i < text.length) {
    const token = tokens[t];
    if (token === ANY_RUN) {
      runToken = t++;
      runStart = i;
    } else if (token === ANY_ONE) {
      i += characterAt(text, i);
      t++;
    } else if (token === text.charCodeAt(i)) {
      i++;
      t++;
    } else if (runToken >= 0) {
      runStart += characterAt(text, runStart);
      i = runStart;
      t = runToken + 1;
    } else return false;
  }
  while (tokens[t] === ANY_RUN) t++;
  return t === tokens.length;
}

/** Returns the UTF-16 units of the character at a position. */
const characterAt = (text: string, i: number): number => (text.codePointAt(i)! > 0xffff ? 2 : 1);
