import fs from 'node:fs';

/** Reads an open file in blocks, from its beginning to its end. */
export interface BlockReader {
  /**
   * Copies up to `length` bytes of the content from `at` on into `buffer`. Returns their number; 0:
   * the end; null: there are none yet, wait for `ready`.
   */
  read(buffer: Buffer, start: number, length: number, at: number): number | null;
  ready(): Promise<void>;
  close(): void;
}

/**
 * A plain file. Blocks are read synchronously, which is faster if the file is in the page cache.
 */
export class PlainReader implements BlockReader {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(buffer: Buffer, start: number, length: number, at: number): number {
    return fs.readSync(this.#fd, buffer, start, length, at);
  }

  async ready(): Promise<void> {}

  close(): void {
    fs.closeSync(this.#fd);
  }
}
