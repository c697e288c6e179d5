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
  const found = headOfFile(file, head[0]);
  return found !== null && found[0] === head[0] && found[1] === head[1];
}

/** Returns the head of the first `most` bytes of a file; null if it cannot be opened. */
export function headOfFile(file: string, most: number): FileHead | null {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    return headOfBytes(firstBytes(fd, most));
  } finally {
    fs.closeSync(fd);
  }
}
