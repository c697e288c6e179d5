const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Returns the position of the first quote, backslash or control character at or after `from`.
 * Returns `bytes.length` if there is none. `view` is a DataView on `bytes`.
 *
 * The function tests four bytes at once. A subtraction sets the high bit of each byte that is below
 * a limit. A borrow may also set the high bit of a later byte, so only the lowest high bit counts.
 * XOR with 2 maps the quote to the space. Control characters stay below the space, so one
 * subtraction finds both.
 */
export function textEnd(bytes: Uint8Array, view: DataView, from: number): number {
  let p = from;
  for (const last = bytes.length - 4; p <= last; p += 4) {
    const word = view.getInt32(p, true);
    const low = word ^ 0x02020202;
    const slash = word ^ 0x5c5c5c5c;
    const found = (((low - 0x21212121) & ~low) | ((slash - 0x01010101) & ~slash)) & 0x80808080;
    if (found !== 0) return p + ((31 - Math.clz32(found & -found)) >> 3);
  }
  for (; p < bytes.length; p++) {
    const byte = bytes[p]!;
    if (byte === QUOTE || byte === BACKSLASH || byte < 32) break;
  }
  return p;
}

/**
 * Returns a function that returns a DataView on a buffer. It reuses the view of the last buffer.
 */
export function viewCache(): (buffer: Uint8Array) => DataView {
  let last: Uint8Array | null = null;
  let view: DataView = new DataView(new ArrayBuffer(0));
  return (buffer) => {
    if (buffer !== last) {
      last = buffer;
      view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    return view;
  };
}
