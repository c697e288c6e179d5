// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds them.
const CONTROL = /[\u0000-\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds them.
const CONTROLS = /[\u0000-\u001f]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Replaces the escapes of a JSON string. */
export const unescapeJson = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_all, unicode: string | undefined, other: string) =>
    unicode === undefined ? (SHORT_ESCAPES[other] ?? other) : String.fromCharCode(Number.parseInt(unicode, 16)),
  );

/** Escapes the raw control characters in the strings of a document. JSON.parse refuses them. */
export function escapeControls(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replaceAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g, (string) =>
    string.replaceAll(CONTROLS, (char) => JSON.stringify(char).slice(1, -1)),
  );
}
