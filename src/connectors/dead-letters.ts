import fs from 'node:fs';
import path from 'node:path';

/**
 * A file of malformed records, one JSON object per line: the known fields of the record, then its
 * bytes as `raw`, or as `rawBase64` if they are not UTF-8. The file is created at the first record.
 */
export class DeadLetters {
  readonly #file: string;
  #fd: number | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  write(known: Readonly<Record<string, unknown>>, raw: Buffer): void {
    if (this.#fd === null) {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true });
      this.#fd = fs.openSync(this.#file, 'a');
    }
    const text = raw.toString('utf8');
    const exact = Buffer.from(text, 'utf8').equals(raw);
    const record = { ...known, ...(exact ? { raw: text } : { rawBase64: raw.toString('base64') }) };
    fs.writeSync(this.#fd, `${JSON.stringify(record)}\n`);
  }

  close(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
  }
}
