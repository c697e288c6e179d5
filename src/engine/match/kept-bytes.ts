/** The exact size of a row with more bytes than this is computed once, because it takes long. */
const EXACT_FROM = 1 << 14;

/** The size of rows, by their values. */
const exactBytes = new WeakMap<readonly unknown[], number>();

/**
 * Returns the bytes of the texts, byte strings and collections in the values of a row. Other values
 * are small. Texts count two bytes for each character; the texts of a large row count one if all
 * their characters are ASCII, because V8 then stores them like this.
 */
export function keptBytes(values: readonly unknown[]): number {
  const most = sum(values, twoBytes);
  if (most < EXACT_FROM) return most;
  let bytes = exactBytes.get(values);
  if (bytes === undefined) {
    bytes = sum(values, textBytes);
    exactBytes.set(values, bytes);
  }
  return bytes;
}

const twoBytes = (text: string): number => text.length * 2;

const textBytes = (text: string): number =>
  text.length < EXACT_FROM || Buffer.byteLength(text) > text.length ? text.length * 2 : text.length;

function sum(values: readonly unknown[], bytesOf: (text: string) => number): number {
  let bytes = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'string') bytes += bytesOf(value);
    else if (typeof value === 'object' && value !== null) bytes += objectBytes(value, bytesOf);
  }
  return bytes;
}

function objectBytes(value: object, bytesOf: (text: string) => number): number {
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return 32 + sum(value, bytesOf);
  if (value instanceof Map) return 64 + sum([...value.keys()], bytesOf) + sum([...value.values()], bytesOf);
  return 0;
}
