/**
 * The form of the lines of a file, learned from one line: the keys in order, and the kind of each
 * value.
 */
export interface LineLayout {
  readonly keys: readonly string[];
}

/** A line with more keys has no layout, because the generated scanner would be too large. */
const KEYS_MAX = 2000;
/** The expression below needs stack for each character of a text. */
const LENGTH_MAX = 1 << 20;

/**
 * Learns the layout of a flat JSON object. Returns null if no fast scanner is possible: for nested
 * values, repeated keys, escapes in keys, too many keys, a long line, and for text that is not an
 * object. JSON.parse must already have accepted the text.
 */
export function learnLayout(line: string): LineLayout | null {
  if (line.length > LENGTH_MAX) return null;
  const keys: string[] = [];
  const field = /\s*([{,])\s*"((?:[^"\\])*)"\s*:\s*("(?:[^"\\]|\\.)*"|[-+.0-9eE]+|true|false|null)/y;
  let at = 0;
  for (;;) {
    field.lastIndex = at;
    const found = field.exec(line);
    if (found === null) break;
    if ((found[1] === '{') !== (keys.length === 0)) return null;
    if (keys.push(found[2]!) > KEYS_MAX) return null;
    at = field.lastIndex;
  }
  if (keys.length === 0 || new Set(keys).size !== keys.length) return null;
  return /^\s*\}\s*$/.test(line.slice(at)) ? { keys } : null;
}
