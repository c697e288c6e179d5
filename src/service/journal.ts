import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { systemDisk } from '../core/disk.ts';
import { EngineError } from '../core/engine-error.ts';

/**
 * An append-only file of lines `<checksum> <JSON>`. A record is durable when `append` returns. The
 * journal drops an incomplete last line, which a crash can leave. A damaged line elsewhere is an
 * error, because later records were acknowledged.
 */
export class Journal<Entry> {
  readonly #file: string;
  #fd: number;

  private constructor(file: string, fd: number) {
    this.#file = file;
    this.#fd = fd;
  }

  /** Reads the journal and rewrites it in the form that `compact` returns. */
  static open<Entry>(
    file: string,
    compact: (entries: readonly Entry[]) => readonly Entry[],
  ): { journal: Journal<Entry>; entries: readonly Entry[] } {
    const entries = compact(readEntries<Entry>(file));
    const temporary = `${file}.tmp`;
    const fd = fs.openSync(temporary, 'w');
    fs.writeSync(fd, entries.map(lineOf).join(''));
    fs.fsyncSync(fd);
    fs.closeSync(fd);
    fs.renameSync(temporary, file);
    systemDisk.syncDirectory(path.dirname(file));
    return { journal: new Journal<Entry>(file, fs.openSync(file, 'a')), entries };
  }

  append(...entries: readonly Entry[]): void {
    const bytes = Buffer.from(entries.map(lineOf).join(''));
    const { size } = fs.fstatSync(this.#fd);
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#fd, bytes, at);
      fs.fsyncSync(this.#fd);
    } catch (cause) {
      // A record that was not acknowledged must not precede later records.
      fs.ftruncateSync(this.#fd, size);
      throw new EngineError(
        'STATE_STORE',
        `the journal ${this.#file} cannot be written: ${(cause as Error).message}`,
        { file: this.#file },
        cause,
      );
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}

/** Returns an entry as a line with its checksum. */
export function lineOf(entry: unknown): string {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
}

/** Reads the entry of a line without its line break. Returns null if the line is damaged. */
export function readLine<Entry>(line: string): Entry | null {
  return isWhole(line) ? (JSON.parse(line.slice(17)) as Entry) : null;
}

const checksum = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16);

function readEntries<Entry>(file: string): readonly Entry[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const entries: Entry[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    const json = line.slice(17);
    if (line[16] === ' ' && line.slice(0, 16) === checksum(json)) {
      entries.push(JSON.parse(json) as Entry);
      continue;
    }
    // Only the last write can be torn; it was not acknowledged. It may have contained several
    // lines.
    if (lines.slice(i + 1).some(isWhole)) {
      throw new EngineError('STATE_FORMAT', `line ${i + 1} of the journal ${file} is damaged`, { file, line: i + 1 });
    }
    break;
  }
  return entries;
}

const isWhole = (line: string): boolean => line.slice(0, 16) === checksum(line.slice(17)) && line[16] === ' ';
