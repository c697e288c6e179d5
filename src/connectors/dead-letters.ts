import fs from 'node:fs';
import path from 'node:path';
import { hashOfLetter, readLetters } from './read-letters.ts';

/**
 * A file of malformed records, one JSON object per line: the job, the table, the known fields of
 * the record and the reason, then its bytes as `raw`, or as `rawBase64` if they are not UTF-8. The
 * file is created at the first record. Several jobs may append to one file.
 *
 * A checkpoint contains the length of the file. After a restore, the job reads some records again.
 * Letters that the file already has after this length are not written a second time.
 */
export class DeadLetters {
  readonly #file: string;
  readonly #job: string;
  /** Only a job with checkpoints reads records a second time. */
  readonly #once: boolean;
  #fd: number | null = null;
  #synced = true;
  /** The length of the file at the checkpoint. */
  #from = 0;
  /** Letters in the file after `#from`, with their number; null: the file was not read yet. */
  #written: Map<number, number> | null = null;

  constructor(file: string, options: { readonly job: string; readonly once: boolean }) {
    this.#file = file;
    this.#job = options.job;
    this.#once = options.once;
  }

  write(known: Readonly<Record<string, unknown>>, raw: Buffer): void {
    const text = raw.toString('utf8');
    const exact = Buffer.from(text, 'utf8').equals(raw);
    const letter = { job: this.#job, ...known, ...(exact ? { raw: text } : { rawBase64: raw.toString('base64') }) };
    const line = Buffer.from(`${JSON.stringify(letter)}\n`);
    this.#fd ??= this.#open();
    if (this.#once && this.#isWritten(line)) return;
    for (let at = 0; at < line.length; ) at += fs.writeSync(this.#fd, line, at);
    this.#synced = false;
  }

  #open(): number {
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    return fs.openSync(this.#file, 'a+');
  }

  /** Returns whether an earlier process of the job has written the line. */
  #isWritten(line: Buffer): boolean {
    this.#written ??= readLetters(this.#fd!, this.#from);
    const hash = hashOfLetter(line.subarray(0, -1));
    const count = this.#written.get(hash) ?? 0;
    if (count > 1) this.#written.set(hash, count - 1);
    else if (count === 1) this.#written.delete(hash);
    return count > 0;
  }

  /** Makes the letters durable. Returns the length of the file for the checkpoint. */
  position(): number {
    if (this.#fd === null) return fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (!this.#synced) fs.fsyncSync(this.#fd);
    this.#synced = true;
    return fs.fstatSync(this.#fd).size;
  }

  /** Continues at a checkpoint. Sources of one table call this with the same length. */
  seek(bytes: number): void {
    this.#from = bytes;
    this.#written = null;
  }

  close(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
  }
}
