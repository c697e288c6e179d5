/**
 * The shape of the lines of a file, learned from one of them: the keys in order, and the kind of
 * each value.
 */
export interface LineLayout {
  readonly keys: readonly string[];
}

/**
 * Learns the layout of a flat JSON object; null where no fast scanner can serve: nested values,
 * doubled keys, escapes in keys, anything that is not an object. The text must already have been
 * accepted by JSON.parse.
 */
export function learnLayout(line: string): LineLayout | null {
  const keys: string[] = [];
  const field = /\s*([{,])\s*"((?:[^"\\])*)"\s*:\s*("(?:[^"\\]|\\.)*"|[-+.0-9eE]+|true|false|null)/y;
  let at = 0;
  for (;;) {
    field.lastIndex = at;
    const found = field.exec(line);
    if (found === null) break;
    if ((found[1] === '{') !== (keys.length === 0)) return null;
    keys.push(found[2]!);
    at = field.lastIndex;
  }
  if (keys.length === 0 || new Set(keys).size !== keys.length) return null;
  return /^\s*\}\s*$/.test(line.slice(at)) ? { keys } : null;
}
