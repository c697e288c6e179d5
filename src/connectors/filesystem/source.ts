import fs from 'node:fs';
import path from 'node:path';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { RowDecoder } from '../../formats/row-decoder.ts';
import type { MalformedRecords } from '../malformed-records.ts';
import { listFiles } from './file-list.ts';
import type { LinePlace } from './line-place.ts';

const BLOCK = 1 << 20;
/** Block size of a file that is read beside many others. */
const SPLIT_BLOCK = 1 << 16;
const MOST_FILES_LOOKED_AT = 1000;

/**
 * Byte offsets by file, relative to the path; whole lines only. The current file is stored
 * separately, so the cost of a position does not depend on the number of files.
 */
export interface FilePosition {
  readonly offsets: Readonly<Record<string, number>>;
  readonly current: { readonly file: string; readonly offset: number } | null;
  readonly malformed: number;
}

export interface FileSourceOptions {
  readonly root: string;
  readonly decoder: RowDecoder;
  readonly malformed: MalformedRecords;
  readonly place: LinePlace;
  readonly clock: Clock;
  /**
   * Milliseconds between two checks for more input; null: the input is the content at the start.
   */
  readonly monitorMs: number | null;
  /** The source is one of several splits. This is its name. */
  readonly split?: string;
}

/**
 * Lines of a file, or of the files of a directory in order of their names, as one split. Bounded:
 * reads the content at the start of the job. With a monitor interval it continues: it finds new
 * files, and reads lines that are appended to known ones. A line without its end waits for the
 * rest. Blocks are read synchronously: from the page cache that is faster than any other way.
 */
export class FileSource implements Source, Split {
  readonly id: string;
  readonly #root: string;
  readonly #decoder: RowDecoder;
  readonly #malformed: MalformedRecords;
  readonly #place: LinePlace;
  readonly #clock: Clock;
  readonly #monitorMs: number | null;
  #files: string[];
  #known: Set<string>;
  readonly #offsets = new Map<string, number>();
  #file = 0;
  /** Offsets of all files except one, and the name of that one; null: not built yet. */
  #others: Readonly<Record<string, number>> = {};
  #othersOf: string | null | undefined = null;
  #fd: number | null = null;
  /** A block, and the rest of a line that does not fit. */
  #buffer: Buffer;
  readonly #block: number;
  /**
   * Bytes start..end of the buffer are read and not decoded; `#lines` is the end of the last whole
   * line.
   */
  #start = 0;
  #lines = 0;
  #end = 0;
  #nextLook = 0;
  /** The file of this split was removed. */
  #gone = false;
  #alarm: Alarm | null = null;
  #bytes = 0;

  constructor(options: FileSourceOptions) {
    this.id = options.split ?? '';
    this.#block = options.split === undefined ? BLOCK : SPLIT_BLOCK;
    this.#buffer = Buffer.allocUnsafeSlow(this.#block * 2);
    this.#root = options.root;
    this.#decoder = options.decoder;
    this.#malformed = options.malformed;
    this.#place = options.place;
    this.#clock = options.clock;
    this.#monitorMs = options.monitorMs;
    this.#files = [...listFiles(this.#root)];
    this.#known = new Set(this.#files);
  }

  start(wake: () => void): void {
    this.#alarm = new Alarm(this.#clock, wake);
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    for (;;) {
      if (this.#start < this.#lines) {
        const place = this.#place;
        place.file = this.#files[this.#file]!;
        place.bufferOffset = this.#offset(place.file) - this.#start;
        const decoded = this.#decoder.decode(this.#buffer, this.#start, this.#lines, maxRows);
        const file = this.#files[this.#file]!;
        // A record that the block cuts (a line break inside quotes) needs more bytes.
        if (decoded.next === this.#start) this.#lines = this.#start;
        this.#offsets.set(file, this.#offset(file) + decoded.next - this.#start);
        this.#start = decoded.next;
        if (decoded.batch.size > 0) return decoded.batch;
        continue;
      }
      if (this.#readBlock()) continue;
      if (this.#file < this.#files.length - 1) {
        this.#closeFile();
        this.#file++;
        continue;
      }
      if (this.#monitorMs === null) return 'end';
      if (this.#look(this.#monitorMs)) continue;
      if (this.#gone) return 'end';
      this.#alarm?.set(this.#nextLook - this.#clock.monotonicMs());
      return 'idle';
    }
  }

  /**
   * Reads the next block of the current file; false at its end. The last line of a bounded file may
   * have no newline.
   */
  #readBlock(): boolean {
    if (this.#file >= this.#files.length) return false;
    const file = this.#files[this.#file]!;
    if (this.#fd === null) {
      this.#fd = this.#open(file);
      this.#start = 0;
      this.#lines = 0;
      this.#end = 0;
    }
    if (this.#start > 0) {
      this.#buffer.copy(this.#buffer, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#end + this.#block > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      this.#buffer.copy(grown, 0, 0, this.#end);
      this.#buffer = grown;
    }
    const at = this.#offset(file) + this.#end;
    const read = fs.readSync(this.#fd, this.#buffer, this.#end, this.#block, at);
    this.#bytes += read;
    this.#end += read;
    if (read === 0 && this.#end > 0 && this.#buffer[this.#end - 1] === 10) {
      // There are whole lines but the reader took none: the record has no end.
      if (this.#monitorMs !== null) return false;
      this.#malformed.handle('the last record has no end', this.#buffer, 0, this.#end, -1);
      this.#offsets.set(file, this.#offset(file) + this.#end);
      this.#end = 0;
      this.#lines = 0;
      return false;
    }
    if (read === 0 && this.#end > 0 && this.#monitorMs === null) {
      // The last line of the file, without its end.
      this.#buffer[this.#end] = 10;
      this.#lines = this.#end + 1;
      this.#end = this.#lines;
      return true;
    }
    this.#lines = this.#end === 0 ? 0 : this.#buffer.lastIndexOf(10, this.#end - 1) + 1;
    return read > 0;
  }

  #open(file: string): number {
    try {
      return fs.openSync(file, fs.constants.O_RDONLY);
    } catch (cause) {
      throw new EngineError('CONNECTOR_READ', `cannot read ${file}: ${(cause as Error).message}`, { file }, cause);
    }
  }

  /** Looks for new files and grown ones, at most every interval. */
  #look(intervalMs: number): boolean {
    const now = this.#clock.monotonicMs();
    if (now < this.#nextLook) return false;
    this.#nextLook = now + intervalMs;
    if (this.id !== '' && !fs.existsSync(this.#root)) {
      this.#closeFile();
      this.#gone = true;
      return false;
    }
    this.#noteFiles(listFiles(this.#root));
    const sizes = this.#files.map((file) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    this.#files.forEach((file, i) => {
      // A file that became shorter was replaced (a rotated log): it is read from its beginning.
      if (sizes[i]! >= this.#offset(file)) return;
      if (i === this.#file) this.#closeFile();
      this.#offsets.set(file, 0);
      this.#othersOf = null;
    });
    const grown = this.#files.findIndex((file, i) => sizes[i]! > this.#offset(file) + this.#pending(file));
    if (grown < 0) return false;
    if (grown !== this.#file) {
      this.#closeFile();
      this.#file = grown;
    }
    return true;
  }

  /**
   * Adds new files at the end. Drops removed files, so memory and checkpoints do not grow with
   * them.
   */
  #noteFiles(present: readonly string[]): void {
    for (const file of present) {
      if (this.#known.has(file)) continue;
      this.#known.add(file);
      this.#files.push(file);
    }
    if (this.#files.length === present.length) return;
    const current = this.#files[this.#file];
    const here = new Set(present);
    for (const file of this.#files) if (!here.has(file)) this.#offsets.delete(file);
    this.#files = this.#files.filter((file) => here.has(file));
    this.#known = new Set(this.#files);
    if (current !== undefined && !here.has(current)) this.#closeFile();
    this.#file = Math.max(0, current === undefined ? 0 : this.#files.indexOf(current));
    this.#othersOf = null;
  }

  /** Returns the bytes of the current file that are read but do not make a line yet. */
  #pending(file: string): number {
    return this.#files[this.#file] === file && this.#fd !== null ? this.#end - this.#start : 0;
  }

  #offset(file: string): number {
    return this.#offsets.get(file) ?? 0;
  }

  position(): FilePosition {
    const file = this.#files[this.#file];
    if (file !== this.#othersOf) {
      const offsets: Record<string, number> = {};
      for (const [name, offset] of this.#offsets) if (name !== file) offsets[path.relative(this.#root, name)] = offset;
      this.#others = offsets;
      this.#othersOf = file;
    }
    const current = file === undefined ? null : { file: path.relative(this.#root, file), offset: this.#offset(file) };
    return { offsets: this.#others, current, malformed: this.#malformed.count };
  }

  seek(position: unknown): void {
    const { offsets: others, current, malformed } = position as FilePosition;
    const offsets = current === null ? others : { ...others, [current.file]: current.offset };
    this.#closeFile();
    this.#offsets.clear();
    for (const [name, offset] of Object.entries(offsets)) {
      const file = name === '' ? this.#root : path.join(this.#root, name);
      const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
      // While a source follows a directory, files that were read may be taken away.
      if (size === undefined && this.#monitorMs !== null) continue;
      if (size === undefined || size < offset - 1) {
        throw new EngineError(
          'CONNECTOR_READ',
          `${file} was read up to byte ${offset} before the checkpoint, but ${size === undefined ? 'is gone' : `has only ${size} bytes`}`,
          { file, offset },
        );
      }
      this.#offsets.set(file, Math.min(offset, size));
    }
    this.#malformed.count = malformed;
    this.#files = [...listFiles(this.#root)];
    this.#known = new Set(this.#files);
    this.#file = 0;
    this.#othersOf = null;
  }

  metrics(): SourceMetrics {
    return { malformed: this.#malformed.count, bytes: this.#bytes };
  }

  /** Returns null if there are so many files that a check of each would block the job. */
  pendingBytes(): number | null {
    const files = this.#monitorMs === null ? this.#files.slice(this.#file) : this.#files;
    if (files.length > MOST_FILES_LOOKED_AT) return null;
    return files.reduce((sum, file) => {
      const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      return sum + Math.max(0, size - this.#offset(file));
    }, 0);
  }

  #closeFile(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
    this.#start = 0;
    this.#lines = 0;
    this.#end = 0;
  }

  close(): void {
    this.#alarm?.clear();
    this.#closeFile();
    this.#malformed.close();
  }
}
