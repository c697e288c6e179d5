import { createHash } from 'node:crypto';
import fs from 'node:fs';

const BLOCK = 1 << 20;
/**
 * At most this many bytes at the end of the file are read. More are there only if a job without a
 * checkpoint starts, and the file has letters of earlier runs.
 */
const MOST_BYTES = 64 << 20;

/** 48 bits of a hash, so that a set of letters takes little memory. */
export const hashOfLetter = (line: Uint8Array): number => createHash('sha256').update(line).digest().readUIntBE(0, 6);

/**
 * Reads the letters after a length of the file. Returns their hashes with the number of equal
 * letters. Cuts off a last line without its end, which a crash has left.
 */
export function readLetters(fd: number, from: number): Map<number, number> {
  const { size } = fs.fstatSync(fd);
  const letters = new Map<number, number>();
  let at = Math.max(Math.min(from, size), size - MOST_BYTES);
  let rest = Buffer.alloc(0);
  while (at < size) {
    const block = Buffer.alloc(Math.min(BLOCK, size - at));
    const read = fs.readSync(fd, block, 0, block.length, at);
    if (read === 0) break;
    at += read;
    const bytes = Buffer.concat([rest, block.subarray(0, read)]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const hash = hashOfLetter(bytes.subarray(start, end));
      letters.set(hash, (letters.get(hash) ?? 0) + 1);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) fs.ftruncateSync(fd, size - rest.length);
  return letters;
}
