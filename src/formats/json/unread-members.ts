import { skipJson } from './skip-json.ts';

const QUOTE = 34;
const COLON = 58;
const BLANK = 32;
const BACKSLASH = 92;

/** There is another key at the position. */
export const OTHER_KEY = -1;
/** The record is for the exact reader. */
const RARE_FORM = -2;

/** Members with known keys whose values are not read. */
export class UnreadMembers {
  /** The bytes of each key with its quotes and colon. */
  readonly #keys: readonly Uint8Array[];

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys.map((key) => Uint8Array.of(QUOTE, ...key, QUOTE, COLON));
  }

  /**
   * Returns the position after the member at `position`, if it has key `number`. Otherwise returns
   * a negative number.
   */
  skip(bytes: Uint8Array, position: number, number: number): number {
    const key = this.#keys[number]!;
    for (let i = 0; i < key.length; i++) if (bytes[position + i] !== key[i]) return OTHER_KEY;
    let p = position + key.length;
    if (bytes[p] === BLANK) p++;
    if (bytes[p] === QUOTE) {
      let end = p + 1;
      for (;;) {
        const byte = bytes[end]!;
        if (byte === QUOTE) return end + 1;
        if (byte === BACKSLASH || !(byte >= 32)) break;
        end++;
      }
    }
    p = skipJson(bytes, p);
    return p < 0 ? RARE_FORM : p;
  }
}
