import type { Readable } from 'node:stream';
import { EngineError } from '../../core/engine-error.ts';
import type { BlockReader } from './block-reader.ts';

const LF = 10;

/**
 * Reads a stream: the content of a compressed file, or a pipe. It only goes forward, so a position
 * is reached by reading what comes before it.
 */
export class StreamReader implements BlockReader {
  readonly #file: string;
  readonly #stream: Readable;
  readonly #explain: (error: NodeJS.ErrnoException) => string;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  /** The offset in the content of the first byte of the chunk. */
  #at = 0;
  #ended = false;
  #failure: unknown = null;
  #waiting: Promise<void> | null = null;
  /** Line breaks before `#at`. */
  #lines = 0;

  /** `file`: its name, for errors. `explain`: returns the message for an error of the stream. */
  constructor(
    file: string,
    stream: Readable,
    explain: (error: NodeJS.ErrnoException) => string = ({ message }) => message,
  ) {
    this.#explain = explain;
    this.#file = file;
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Returns the number of line breaks in the content before the bytes that `read` returns next. */
  get lines(): number {
    return this.#lines;
  }

  read(buffer: Buffer, start: number, length: number, at: number): number | null {
    if (this.#failure !== null) throw this.#failure;
    this.#drop(Math.min(at - this.#at, this.#chunk.length));
    if (this.#chunk.length === 0) return this.#ended ? 0 : null;
    const read = this.#chunk.copy(buffer, start, 0, length);
    this.#drop(read);
    return read;
  }

  #drop(bytes: number): void {
    for (let i = this.#chunk.indexOf(LF); i >= 0 && i < bytes; i = this.#chunk.indexOf(LF, i + 1)) this.#lines++;
    this.#chunk = this.#chunk.subarray(bytes);
    this.#at += bytes;
  }

  /** Calls while a chunk is on its way get the same promise. */
  ready(): Promise<void> {
    this.#waiting ??= this.#next();
    return this.#waiting;
  }

  async #next(): Promise<void> {
    try {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else this.#chunk = next.value;
    } catch (cause) {
      const file = this.#file;
      const message = `cannot read ${file}: ${this.#explain(cause as NodeJS.ErrnoException)}`;
      this.#failure = new EngineError('CONNECTOR_READ', message, { file }, cause);
    }
    this.#waiting = null;
  }

  close(): void {
    this.#stream.destroy();
  }
}
