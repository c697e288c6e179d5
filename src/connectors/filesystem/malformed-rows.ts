import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';

/**
 * What becomes of lines that are no rows: fail the job with table, line and reason (default); leave
 * them out (`ignore`); or write them to a dead-letter file with the reason and the raw bytes. All
 * are counted.
 */
export class MalformedRows {
  count = 0;
  /** The file being read, and the offset in it of the reader's buffer. */
  file = '';
  bufferOffset = 0;
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
      const text = buffer.utf8Slice(start, Math.min(end, start + 200)).trimEnd();
      const line = lineAt(this.file, this.bufferOffset + start);
      throw new EngineError(
        'FORMAT_MALFORMED',
        `${this.file}:${line}: table ${this.#table}: ${reason}: ${text}${end - start > 200 ? '…' : ''}`,
        { table: this.#table, file: this.file, line, reason },
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
    const record = {
      table: this.#table,
      file: this.file,
      reason,
      ...(exact ? { raw: text } : { rawBase64: raw.toString('base64') }),
    };
    fs.writeSync(this.#fd, `${JSON.stringify(record)}\n`);
  }

  close(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
  }
}

/** Line number of a byte, counted when it is needed. */
function lineAt(file: string, offset: number): number {
  const fd = fs.openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(1 << 16);
  let line = 1;
  try {
    for (let at = 0; at < offset; ) {
      const read = fs.readSync(fd, buffer, 0, Math.min(buffer.length, offset - at), at);
      if (read === 0) break;
      for (let i = 0; i < read; i++) if (buffer[i] === 10) line++;
      at += read;
    }
  } finally {
    fs.closeSync(fd);
  }
  return line;
}
