import fs from 'node:fs';

/** Reads the bytes of an open file one after the other. */
export interface BlockReader {
  /**
   * Copies up to `length` bytes of the content from `at` on into `buffer`. Returns their number; 0:
   * the end; null: there are none yet, wait for `ready`.
   */
  read(buffer: Buffer, start: number, length: number, at: number): number | null;
  ready(): Promise<void>;
  close(): void;
}

/** A plain file. Blocks are read synchronously: from the page cache that is faster. */
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
