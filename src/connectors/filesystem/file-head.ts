import { createHash } from 'node:crypto';
import fs from 'node:fs';

/** At most this many of a file's first bytes identify its content. */
export const HEAD_BYTES = 1024;

/**
 * The number of first bytes and their hash. A position stores it. After a restart, a file with the
 * same name and another head has been replaced.
 */
export type FileHead = readonly [bytes: number, hash: string];

export const headOfBytes = (bytes: Uint8Array): FileHead => [
  bytes.length,
  createHash('sha256').update(bytes).digest('hex').slice(0, 16),
];

/** Reads the first bytes of a file, at most `most`. */
export function firstBytes(fd: number, most: number): Buffer {
  const bytes = Buffer.alloc(Math.min(most, HEAD_BYTES));
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, 0));
}

/** Returns whether the file begins with the bytes of the head. A file that is missing does not. */
export function hasHead(file: string, head: FileHead): boolean {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    const [bytes, hash] = headOfBytes(firstBytes(fd, head[0]));
    return bytes === head[0] && hash === head[1];
  } finally {
    fs.closeSync(fd);
  }
}
