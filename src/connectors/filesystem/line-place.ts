import fs from 'node:fs';
import type { RecordPlace } from '../malformed-records.ts';

/** The file that a source reads, and the offset in it of the first byte of the source's buffer. */
export class LinePlace {
  file = '';
  bufferOffset = 0;
  /** Returns the line of a byte of the buffer; null: the lines of the file are counted. */
  lineOf: ((start: number) => number) | null = null;

  /** The place of the line that starts at a byte of the buffer. */
  readonly of = (start: number): RecordPlace => {
    const { file, lineOf } = this;
    const offset = this.bufferOffset + start;
    return { known: { file, offset }, text: () => `${file}:${lineOf === null ? lineAt(file, offset) : lineOf(start)}` };
  };
}

const LF = 10;
const CR = 13;

/**
 * Returns the line number of a byte, counted from the beginning, or `?` if the file is gone. LF, CR
 * and CR LF end a line.
 */
function lineAt(file: string, offset: number): number | '?' {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch {
    return '?';
  }
  const buffer = Buffer.allocUnsafe(1 << 16);
  let line = 1;
  let previous = 0;
  try {
    for (let at = 0; at < offset; ) {
      const read = fs.readSync(fd, buffer, 0, Math.min(buffer.length, offset - at), at);
      if (read === 0) break;
      for (let i = 0; i < read; i++) {
        const byte = buffer[i]!;
        if (byte === CR || (byte === LF && previous !== CR)) line++;
        previous = byte;
      }
      at += read;
    }
  } finally {
    fs.closeSync(fd);
  }
  return line;
}
