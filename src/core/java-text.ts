const CHARACTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Replaces the escapes of a Java string: `\t`, `\n`, `\r`, `\b`, `\f`, `\u0041`, `\101`. Removes a
 * backslash before any other character (Flink: StringEscapeUtils.unescapeJava).
 */
export function unescapeJava(text: string): string {
  return text.replaceAll(/\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|([\s\S]))/g, (_all, unicode, octal, other) => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode as string, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal as string, 8));
    return CHARACTERS[other as string] ?? (other as string);
  });
}

/** Removes the characters up to the space at both ends (Java: String.trim). */
export function trimJava(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) <= 0x20) from++;
  while (from < to && text.charCodeAt(to - 1) <= 0x20) to--;
  return text.slice(from, to);
}
