import fs from 'node:fs';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { RowDecoder } from '../../formats/row-decoder.ts';
import type { MalformedPosition, MalformedRecords } from '../malformed-records.ts';
import { firstBytes, HEAD_BYTES, hasHead, headOfBytes } from './file-head.ts';
import type { LinePlace } from './line-place.ts';
import { type FilePosition, type ReadFile, ReadFiles } from './read-files.ts';

const BLOCK = 1 << 20;
/** Block size of a file that is read beside many others. */
const SPLIT_BLOCK = 1 << 16;
const MOST_FILES_LOOKED_AT = 1000;

/** The position of a source of files. */
export type FileSourcePosition = FilePosition & MalformedPosition;

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
  readonly #files: ReadFiles;
  #fd: number | null = null;
  /** The first bytes of the current file, as far as they have been read. */
  #head: Buffer = Buffer.alloc(0);
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
  /**
   * The current file had no more bytes. It is not read again before it was looked at, because it
   * may have been emptied and filled again.
   */
  #atEnd = false;
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
    this.#files = new ReadFiles(this.#root, options.monitorMs !== null);
  }

  start(wake: () => void): void {
    this.#alarm = new Alarm(this.#clock, wake);
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    for (;;) {
      const file = this.#files.current;
      if (file !== undefined && this.#start < this.#lines) {
        this.#place.file = file.name;
        this.#place.bufferOffset = file.offset - this.#start;
        const decoded = this.#decoder.decode(this.#buffer, this.#start, this.#lines, maxRows, file.taken);
        const taken = decoded.taken ?? 0;
        // A record that the block cuts (a line break inside quotes) needs more bytes.
        if (decoded.next === this.#start && taken === 0) this.#lines = this.#start;
        this.#advance(file, decoded.next - this.#start);
        file.taken = taken;
        this.#start = decoded.next;
        if (decoded.batch.size > 0) return decoded.batch;
        continue;
      }
      if (file !== undefined && !this.#atEnd && this.#readBlock(file)) continue;
      this.#atEnd = true;
      if (file?.detached) {
        this.#closeFile();
        this.#files.removeCurrent();
        continue;
      }
      if (this.#files.at < this.#files.files.length - 1) {
        this.#closeFile();
        this.#files.moveTo(this.#files.at + 1);
        continue;
      }
      if (this.#monitorMs === null) return 'end';
      if (this.#look(this.#monitorMs)) continue;
      if (this.#gone) return 'end';
      this.#alarm?.set(this.#nextLook - this.#clock.monotonicMs());
      return 'idle';
    }
  }

  #advance(file: ReadFile, bytes: number): void {
    file.offset += bytes;
    const known = Math.min(file.offset, HEAD_BYTES);
    if (file.head?.[0] !== known) file.head = headOfBytes(this.#head.subarray(0, known));
  }

  /** No more bytes will be appended to the file. */
  #isComplete(file: ReadFile): boolean {
    return this.#monitorMs === null || file.detached;
  }

  /**
   * Reads the next block of the current file; false at its end. The last line of a bounded file may
   * have no newline.
   */
  #readBlock(file: ReadFile): boolean {
    if (this.#fd === null) this.#fd = this.#open(file);
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
    const at = file.offset + this.#end;
    const read = fs.readSync(this.#fd, this.#buffer, this.#end, this.#block, at);
    this.#noteHead(at, this.#buffer.subarray(this.#end, this.#end + read));
    this.#bytes += read;
    this.#end += read;
    if (file.offset === 0) this.#skipByteOrderMark(file);
    const waiting = this.#end - this.#start;
    if (read === 0 && waiting > 0 && this.#buffer[this.#end - 1] === 10) {
      // There are whole lines but the reader took none: the record has no end.
      if (!this.#isComplete(file)) return false;
      this.#malformed.handle('the last record has no end', this.#buffer, this.#start, this.#end, -1);
      this.#advance(file, waiting);
      this.#start = 0;
      this.#end = 0;
      this.#lines = 0;
      return false;
    }
    if (read === 0 && waiting > 0 && this.#isComplete(file)) {
      // The last line of the file, without its end.
      this.#buffer[this.#end] = 10;
      this.#lines = this.#end + 1;
      this.#end = this.#lines;
      return true;
    }
    this.#lines = this.#decoder.endOfLines(this.#buffer, this.#start, this.#end);
    return read > 0;
  }

  /** Flink skips the mark of UTF-8, too. Throws for UTF-16. */
  #skipByteOrderMark(file: ReadFile): void {
    const [a, b, c] = this.#buffer.subarray(this.#start, this.#end);
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.#start += 3;
      this.#advance(file, 3);
    } else if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
      const { name } = file;
      const how = 'convert it, for example with `iconv -f UTF-16 -t UTF-8`';
      throw new EngineError('CONNECTOR_READ', `${name} is UTF-16, not UTF-8: ${how}`, { file: name });
    }
  }

  #noteHead(at: number, bytes: Buffer): void {
    if (at >= HEAD_BYTES) return;
    this.#head = Buffer.concat([this.#head.subarray(0, at), bytes.subarray(0, HEAD_BYTES - at)]);
  }

  #open(file: ReadFile): number {
    try {
      const fd = fs.openSync(file.name, fs.constants.O_RDONLY);
      this.#files.opened(fd);
      this.#head = firstBytes(fd, file.offset);
      return fd;
    } catch (cause) {
      const { name } = file;
      throw new EngineError(
        'CONNECTOR_READ',
        `cannot read ${name}: ${(cause as Error).message}`,
        { file: name },
        cause,
      );
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
    const { current } = this.#files;
    const sizes = this.#files.refresh(this.#fd);
    const { files } = this.#files;
    if (this.#files.current !== current) this.#closeFile();
    this.#atEnd = false;
    if (current?.detached) return true;
    files.forEach((file, i) => {
      // The file was emptied and written again in place.
      if (sizes[i]! >= file.offset && (sizes[i] === file.offset || file.head === null || hasHead(file.name, file.head)))
        return;
      if (file === current) this.#closeFile();
      file.offset = 0;
      file.taken = 0;
      file.head = null;
      this.#files.moveTo(this.#files.at);
    });
    const grown = files.findIndex((file, i) => sizes[i]! > file.offset + this.#pending(file));
    this.#atEnd = grown < 0;
    if (grown < 0) return false;
    if (grown !== this.#files.at) {
      this.#closeFile();
      this.#files.moveTo(grown);
    }
    return true;
  }

  /** Bytes of the current file that are read but do not make a line yet. */
  #pending(file: ReadFile): number {
    return this.#files.current === file && this.#fd !== null ? this.#end - this.#start : 0;
  }

  position(): FileSourcePosition {
    return { ...this.#files.position(), ...this.#malformed.position() };
  }

  seek(position: unknown): void {
    const stored = position as FileSourcePosition;
    this.#closeFile();
    this.#files.seek(stored);
    this.#malformed.seek(stored);
  }

  metrics(): SourceMetrics {
    return { malformed: this.#malformed.count, bytes: this.#bytes };
  }

  /** Returns null if there are so many files that a check of each would block the job. */
  pendingBytes(): number | null {
    const files = this.#monitorMs === null ? this.#files.files.slice(this.#files.at) : this.#files.files;
    if (files.length > MOST_FILES_LOOKED_AT) return null;
    return files.reduce((sum, { name, offset }) => {
      const size = fs.statSync(name, { throwIfNoEntry: false })?.size ?? 0;
      return sum + Math.max(0, size - offset);
    }, 0);
  }

  #closeFile(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
    this.#atEnd = false;
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
