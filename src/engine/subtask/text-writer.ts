/** Collects the texts of a column as UTF-8 bytes. */
export class TextWriter {
  #bytes: Buffer;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #count = 0;
  #end = 0;

  constructor(count: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(64, count * 16));
    this.#starts = new Int32Array(count);
    this.#ends = new Int32Array(count);
  }

  add(text: string | null): void {
    this.#starts[this.#count] = this.#end;
    if (text !== null) this.#write(text);
    this.#ends[this.#count++] = this.#end;
  }

  #write(text: string): void {
    // A code unit takes at most three bytes.
    if (this.#end + text.length * 3 > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#end + text.length * 3));
      this.#bytes.copy(grown, 0, 0, this.#end);
      this.#bytes = grown;
    }
    const bytes = this.#bytes;
    const start = this.#end;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        this.#end = start + bytes.write(text, start, 'utf8');
        return;
      }
      bytes[start + i] = unit;
    }
    this.#end = start + text.length;
  }

  finish(): { readonly bytes: Uint8Array; readonly starts: Int32Array; readonly ends: Int32Array } {
    return { bytes: this.#bytes, starts: this.#starts, ends: this.#ends };
  }
}
