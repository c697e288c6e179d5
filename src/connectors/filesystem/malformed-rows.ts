import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';

/**
 * What becomes of lines that are no rows: fail the job with table, line and reason (default); leave them out (`ignore`); or write them to a dead-letter file with the reason and the raw
 * bytes. All are counted.
 */
export class MalformedRows {
  count = 0;
  readonly #table: string;
  readonly #policy: 'fail' | 'ignore';
  readonly #deadLetters: string | null;
  #fd: number | null = null;

  constructor(table: string, policy: 'fail' | 'ignore', deadLetters: string | null) {
    this.#table = table;
    this.#policy = policy;
    this.#deadLetters = deadLetters;
  }

  readonly handle = (reason: string, buffer: Buffer, start: number, end: number): void => {
    this.count++;
    if (this.#deadLetters !== null) this.#keep(this.#deadLetters, reason, buffer.subarray(start, end));
    else if (this.#policy === 'fail') {
      const line = buffer.utf8Slice(start, Math.min(end, start + 200));
      throw new EngineError(
        'FORMAT_MALFORMED',
        `table ${this.#table}: ${reason} in line: ${line}${end - start > 200 ? '…' : ''}`,
        {
          table: this.#table,
          reason,
        },
      );
    }
  };

  #keep(file: string, reason: string, raw: Buffer): void {
    if (this.#fd === null) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      this.#fd = fs.openSync(file, 'a');
    }
    const text = raw.toString('utf8');
    const exact = Buffer.from(text, 'utf8').equals(raw);
    const record = { table: this.#table, reason, ...(exact ? { raw: text } : { rawBase64: raw.toString('base64') }) };
    fs.writeSync(this.#fd, `${JSON.stringify(record)}\n`);
  }

  close(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
  }
}
