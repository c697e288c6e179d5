import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { EngineError } from '../../core/engine-error.ts';

const PIECE = 1 << 20;
const NEWLINE = 10;

/**
 * Reads the journal of an earlier version: lines `<checksum> <JSON>`. Calls `take` with the value
 * of each line, so that a journal may be longer than a string. A crash can leave an incomplete last
 * line, which was not acknowledged. Every other line that does not fit its checksum is refused with
 * STATE_FORMAT. Returns the sha256 of the file.
 */
export function readJournalFile(file: string, take: (value: unknown) => void): string {
  const hash = createHash('sha256');
  let number = 0;
  let rest: Buffer[] = [];
  for (const piece of piecesOf(file)) {
    hash.update(piece);
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...rest, piece.subarray(from, at)]).toString();
      rest = [];
      from = at + 1;
      number++;
      if (line === '') continue;
      if (!isWhole(line)) {
        const message = `line ${number} of the journal ${file} is damaged`;
        throw new EngineError('STATE_FORMAT', message, { file, line: number });
      }
      take(JSON.parse(line.slice(17)));
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  }
  const last = Buffer.concat(rest).toString();
  // The line was acknowledged, and its line break is damaged.
  if (isWhole(last.slice(0, -1))) take(JSON.parse(last.slice(17, -1)));
  else if (isWhole(last)) take(JSON.parse(last.slice(17)));
  return hash.digest('hex');
}

function* piecesOf(file: string): Iterable<Buffer> {
  const fd = fs.openSync(file, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = fs.readSync(fd, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** Returns a value as a line with its checksum. */
export function lineOf(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Reads the value of a line without its line break. Returns null if the line is damaged. */
export function readLine<Value>(line: string): Value | null {
  return isWhole(line) ? (JSON.parse(line.slice(17)) as Value) : null;
}

const checksum = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16);

const isWhole = (line: string): boolean => line[16] === ' ' && line.slice(0, 16) === checksum(line.slice(17));
