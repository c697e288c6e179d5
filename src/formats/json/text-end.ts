const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Returns the position of the first quote, backslash or control character at or after `from`; the
 * length if there is none. `view` is the view of `bytes`.
 *
 * It tests four bytes at once. A subtraction sets the high bit of a byte that is below a limit, and
 * possibly of bytes above it, so the lowest high bit is always right. XOR with 2 maps the quote to
 * the blank, so one comparison finds quotes and control characters.
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

/** Returns a function that gives the view of a buffer. It keeps the last one. */
export function viewOf(): (buffer: Uint8Array) => DataView {
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
