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

const LF = 10;
const CR = 13;

/** Returns the line number of a byte, counted from the beginning. LF, CR and CR LF end a line. */
function lineAt(file: string, offset: number): number {
  const fd = fs.openSync(file, 'r');
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
