import fs from 'node:fs';
import type { RecordPlace } from '../malformed-records.ts';

/** The file that a source reads, and the offset in it of the first byte of the source's buffer. */
export class LinePlace {
  file = '';
  bufferOffset = 0;

  /** The place of the line that starts at a byte of the buffer. */
  readonly of = (start: number): RecordPlace => {
    const { file } = this;
    const offset = this.bufferOffset + start;
    return { known: { file, offset }, text: () => `${file}:${lineAt(file, offset)}` };
  };
}

/** Returns the line number of a byte, counted from the beginning of the file. */
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
