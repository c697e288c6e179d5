import fs from 'node:fs';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { RowDecoder } from '../../formats/row-decoder.ts';
import type { MalformedPosition, MalformedRecords } from '../malformed-records.ts';
import { type BlockReader, PlainReader } from './block-reader.ts';
import { compressionOf, explainFailure, openCompressed } from './compression.ts';
import type { FileColumns } from './file-columns.ts';
import { firstBytes, firstContent, HEAD_BYTES, headOfBytes } from './file-head.ts';
import { type FileList, listFiles } from './file-list.ts';
import type { LinePlace } from './line-place.ts';
import type { Pipe } from './pipe.ts';
import { type ReadFile, statOf } from './read-file.ts';
import { type FilePosition, ReadFiles } from './read-files.ts';
import { StreamReader } from './stream-reader.ts';

const LF = 10;
const BLOCK = 1 << 20;
/** Block size of a file that is read beside many others. */
/** Longest record. The buffer holds a whole record, so this bounds the memory. */
const RECORD_BYTES_MAX = 64 << 20;
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
  /** The first record of each file is a header, which is no row. */
  readonly header?: boolean;
  /** The source reads this pipe, not a path. */
  readonly pipe?: Pipe;
  /** The columns that have one value in a file. */
  readonly fileColumns?: FileColumns | null;
  /** Lists the files; absent: those of the root. */
  readonly list?: FileList;
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
  readonly #hasHeader: boolean;
  readonly #fileColumns: FileColumns | null;
  readonly #pipe: Pipe | null;
  #wake: () => void = () => {};
  readonly #place: LinePlace;
  readonly #clock: Clock;
  readonly #monitorMs: number | null;
  readonly #files: ReadFiles;
  #reader: BlockReader | null = null;
  /** The descriptor of the current file, if it is a plain file. */
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
  /** 1 if the last line break in the buffer is not in the file, else 0. */
  #addedEnd = 0;
  /** The next record of the buffer is the header of the file. */
  #headerDue = false;
  #nextLook = 0;
  /**
   * The current file had no more bytes. It is not read again before it was looked at, because it
   * may have been emptied and filled again.
   */
  #atEnd = false;
  /** The file of this split was removed. */
  #gone = false;
  /** The bytes of the buffer that the last rows come from. */
  #lastRows = { from: 0, to: 0, count: 0 };
  #alarm: Alarm | null = null;
  #bytes = 0;

  constructor(options: FileSourceOptions) {
    this.id = options.split ?? '';
    this.#block = options.split === undefined ? BLOCK : SPLIT_BLOCK;
    this.#buffer = Buffer.allocUnsafeSlow(this.#block * 2);
    this.#root = options.root;
    this.#decoder = options.decoder;
    this.#malformed = options.malformed;
    this.#hasHeader = options.header === true;
    this.#fileColumns = options.fileColumns ?? null;
    this.#place = options.place;
    this.#clock = options.clock;
    this.#monitorMs = options.monitorMs;
    this.#pipe = options.pipe ?? null;
    this.#files = new ReadFiles({
      root: options.root,
      list: options.list ?? (() => (options.pipe === undefined ? listFiles(options.root) : [options.root])),
      followed: options.monitorMs !== null,
      isSplit: options.split !== undefined,
    });
  }

  start(wake: () => void): void {
    this.#alarm = new Alarm(this.#clock, wake);
    this.#wake = wake;
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult | Promise<PollResult> {
    for (;;) {
      const file = this.#files.current;
      if (file !== undefined && this.#start < this.#lines) {
        this.#place.file = file.name;
        this.#place.bufferOffset = file.offset - this.#start;
        this.#place.lineOf = this.#reader instanceof StreamReader ? this.#streamLine : null;
        if (this.#headerDue && !this.#skipHeader(file)) continue;
        const decoded = this.#decoder.decode(this.#buffer, this.#start, this.#lines, maxRows, file.taken);
        const taken = decoded.taken ?? 0;
        // A record that the block cuts (a line break inside quotes) needs more bytes.
        if (decoded.next === this.#start && taken === 0) this.#lines = this.#start;
        this.#advance(file, decoded.next - this.#start);
        file.taken = taken;
        this.#lastRows = { from: this.#start, to: decoded.next, count: decoded.batch.size };
        this.#start = decoded.next;
        if (decoded.batch.size > 0) return this.#fileColumns?.added(decoded.batch, file.name) ?? decoded.batch;
        continue;
      }
      if (file !== undefined && !this.#atEnd) {
        const more = this.#readBlock(file);
        if (this.#reader === null && this.#monitorMs !== null) {
          // The file was renamed, removed or replaced after the last look.
          file.changed = '';
          this.#nextLook = 0;
          this.#look(this.#monitorMs);
          if (this.#gone) return 'end';
          continue;
        }
        if (more === null) {
          const ready = this.#reader!.ready();
          if (this.#pipe === null) return ready.then(() => this.poll(maxRows));
          // Nobody knows when a pipe has the next bytes. The job must be able to stop meanwhile.
          void ready.then(this.#wake);
          return 'idle';
        }
        if (more) continue;
        this.#atEnd = true;
      }
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

  /** Returns the line number of a byte of the buffer. A stream cannot be read again to count it. */
  readonly #streamLine = (start: number): number => {
    let behind = 0;
    const end = this.#end - this.#addedEnd;
    for (let i = this.#buffer.indexOf(LF, start); i >= 0 && i < end; i = this.#buffer.indexOf(LF, i + 1)) behind++;
    return (this.#reader as StreamReader).lines - behind + 1;
  };

  /** Returns false if the header is not whole yet, or is all that was read. */
  #skipHeader(file: ReadFile): boolean {
    const next = this.#decoder.headerEnd!(this.#buffer, this.#start, this.#lines);
    if (next === this.#start) {
      this.#lines = this.#start;
      return false;
    }
    this.#advance(file, next - this.#start);
    this.#start = next;
    this.#headerDue = false;
    return this.#start < this.#lines;
  }

  #advance(file: ReadFile, bytes: number): void {
    file.offset += bytes;
    const known = Math.min(file.offset, HEAD_BYTES);
    if (file.head?.[0] !== known) file.head = headOfBytes(this.#head.subarray(0, known));
  }

  /** No more bytes will be appended to the file. */
  #isComplete(file: ReadFile): boolean {
    return this.#monitorMs === null || file.detached || compressionOf(file.name) !== null;
  }

  /**
   * Reads the next block of the current file; false at its end; null: wait for the reader. The last
   * line of a bounded file may have no newline.
   */
  #readBlock(file: ReadFile): boolean | null {
    if (this.#reader === null) {
      this.#headerDue = this.#hasHeader && isAtStart(file);
      this.#reader = this.#open(file);
    }
    if (this.#reader === null) return false;
    if (this.#start > 0) {
      this.#buffer.copy(this.#buffer, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#lines = 0;
    }
    if (this.#end > RECORD_BYTES_MAX) this.#refuseRecord(file);
    if (this.#end + this.#block > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      this.#buffer.copy(grown, 0, 0, this.#end);
      this.#buffer = grown;
    }
    const at = file.offset + this.#end;
    const read = this.#reader.read(this.#buffer, this.#end, this.#block, at);
    if (read === null) return null;
    this.#noteHead(at, this.#buffer.subarray(this.#end, this.#end + read));
    this.#bytes += read;
    this.#end += read;
    if (file.offset === 0) this.#skipByteOrderMark(file);
    const waiting = this.#end - this.#start;
    if (read === 0 && compressionOf(file.name) !== null) file.completeSize = file.size;
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
      this.#buffer[this.#end] = LF;
      this.#addedEnd = 1;
      this.#lines = this.#end + 1;
      this.#end = this.#lines;
      return true;
    }
    // The bytes before were searched. The last of them may be a CR, which can be half of a CR LF.
    const from = Math.max(this.#start, this.#end - read - 1);
    const end = this.#decoder.endOfLines(this.#buffer, from, this.#end);
    this.#lines = end > from ? end : this.#start;
    return read > 0;
  }

  #refuseRecord(file: ReadFile): never {
    this.#place.file = file.name;
    this.#place.bufferOffset = file.offset;
    this.#place.lineOf = this.#reader instanceof StreamReader ? this.#streamLine : null;
    const place = this.#place.of(0).text();
    const limit = RECORD_BYTES_MAX >> 20;
    throw new EngineError(
      'CONNECTOR_READ',
      `${place}: a record is longer than ${limit} MB, the limit; is a line break or a closing quote missing?`,
      { file: file.name, offset: file.offset },
    );
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

  /** Null: a followed file has just been renamed or removed. The next look finds that. */
  #open(file: ReadFile): BlockReader | null {
    if (this.#pipe !== null) return new StreamReader(file.name, this.#pipe.open());
    try {
      const compression = compressionOf(file.name);
      const fd = fs.openSync(file.name, fs.constants.O_RDONLY);
      this.#head = compression === null ? firstBytes(fd, file.offset) : firstContent(file.name, fd, file.offset);
      if (this.#isOther(file)) {
        fs.closeSync(fd);
        return null;
      }
      this.#files.opened(fd);
      if (compression === null) {
        this.#fd = fd;
        return new PlainReader(fd);
      }
      return new StreamReader(file.name, openCompressed(fd, compression), (error) =>
        explainFailure(compression, error),
      );
    } catch (cause) {
      if (cause instanceof EngineError) throw cause;
      if (this.#monitorMs !== null && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      const { name } = file;
      throw new EngineError(
        'CONNECTOR_READ',
        `cannot read ${name}: ${(cause as Error).message}`,
        { file: name },
        cause,
      );
    }
  }

  /** A followed file was replaced after the last look. */
  #isOther({ head, detached }: ReadFile): boolean {
    if (this.#monitorMs === null || head === null || detached) return false;
    return headOfBytes(this.#head.subarray(0, head[0]))[1] !== head[1];
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
    this.#files.refresh(this.#fd, this.#reader !== null);
    if (this.#files.current !== current) this.#closeFile();
    const unread = this.#files.firstUnread((file) => this.#pending(file));
    this.#atEnd = unread < 0;
    if (unread < 0) return false;
    if (unread !== this.#files.at) {
      this.#closeFile();
      this.#files.moveTo(unread);
    }
    return true;
  }

  /** Bytes of the current file that are read but do not make a line yet. */
  #pending(file: ReadFile): number {
    return this.#files.current === file && this.#reader !== null ? this.#end - this.#start : 0;
  }

  placeOf(row: number): string | null {
    const { from, to, count } = this.#lastRows;
    const starts: number[] = [];
    for (let at = from; at < to; ) {
      const next = this.#buffer.indexOf(LF, at);
      const end = next < 0 || next >= to ? to : next;
      if (this.#buffer.subarray(at, end).some((byte) => byte > 32)) starts.push(at);
      at = end + 1;
    }
    if (starts.length === 0) return null;
    if (starts.length === count) return this.#place.of(starts[row]!).text();
    // Some lines gave no row, or several: the line is not known exactly.
    return `${this.#place.of(starts[0]!).text()}, or one of the ${starts.length} lines from there`;
  }

  position(): FileSourcePosition {
    return { ...this.#files.position(), ...this.#malformed.position() };
  }

  seek(position: unknown): void {
    const stored = position as FileSourcePosition;
    if (this.#pipe !== null) {
      const message = `${this.#pipe.name} was read before the checkpoint, and cannot be read again. Start the job fresh (--fresh), or write the input to a file`;
      throw new EngineError('CONNECTOR_READ', message, {});
    }
    this.#closeFile();
    this.#files.seek(stored);
    this.#malformed.seek(stored);
  }

  metrics(): SourceMetrics {
    return { malformed: this.#malformed.count, bytes: this.#bytes };
  }

  /** Returns null if there are so many files that a check of each would block the job. */
  pendingBytes(): number | null {
    if (this.#pipe !== null) return null;
    const files = this.#monitorMs === null ? this.#files.files.slice(this.#files.at) : this.#files.files;
    if (files.length > MOST_FILES_LOOKED_AT) return null;
    return files.reduce((sum, { name, offset, completeSize }) => {
      const size = statOf(name)?.size ?? 0;
      // The length of compressed content is not known.
      const read = compressionOf(name) === null ? offset : (completeSize ?? 0);
      return sum + Math.max(0, size - read);
    }, 0);
  }

  #closeFile(): void {
    this.#reader?.close();
    this.#reader = null;
    this.#fileColumns?.forget();
    this.#fd = null;
    this.#addedEnd = 0;
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

const BYTE_ORDER_MARK = headOfBytes(Buffer.from([0xef, 0xbb, 0xbf]));

/** Nothing of the file was read, except for a byte order mark. */
const isAtStart = ({ offset, head }: ReadFile): boolean =>
  offset === 0 || (offset === BYTE_ORDER_MARK[0] && head?.[1] === BYTE_ORDER_MARK[1]);
