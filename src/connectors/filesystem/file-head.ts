import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { compressionOf, isCompressed } from './compression.ts';

/** At most this many of a file's first bytes identify its content. */
export const HEAD_BYTES = 1024;

/**
 * A block of zstd has up to 128 KB of content. Its compressed bytes may be as long. So this many
 * bytes give the head of any compressed file.
 */
const COMPRESSED_BEGINNINGS = [1 << 12, 1 << 18];

/**
 * The number of first bytes and their hash. A position stores it. After a restart, a file with the
 * same name and another head has been replaced. The head of a compressed file is that of its
 * content, so a file has the same head before and after it was compressed.
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

/** Returns the head of the first `most` bytes of a file; null if it cannot be read. */
export function headOfFile(file: string, most: number): FileHead | null {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    return headOfBytes(isCompressed(file) ? firstContent(file, fd, most) : firstBytes(fd, most));
  } catch {
    // The file is not what its extension says.
    return null;
  } finally {
    fs.closeSync(fd);
  }
}

/** Returns the first bytes of the content of a compressed file, at most `most`. */
export function firstContent(file: string, fd: number, most: number): Buffer {
  const wanted = Math.min(most, HEAD_BYTES);
  if (wanted === 0) return Buffer.alloc(0);
  let content: Buffer = Buffer.alloc(0);
  for (const length of COMPRESSED_BEGINNINGS) {
    const bytes = Buffer.alloc(length);
    const read = fs.readSync(fd, bytes, 0, length, 0);
    content = compressionOf(file)!.beginning(bytes.subarray(0, read));
    if (content.length >= wanted || read < length) break;
  }
  return content.subarray(0, wanted);
}
