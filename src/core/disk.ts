import fs from 'node:fs';

/**
 * The way to the local disk of everything that has to survive a crash: checkpoints, snapshots of
 * state, output files. A simulation passes its own, which loses what was not synced. Errors are
 * those of node:fs, with their codes. Calls without a promise are done when they return.
 */
export interface Disk {
  /** Null: nothing is there. */
  status(path: string): DiskStatus | null;
  /** Names in a directory, in no order. */
  list(directory: string): readonly string[];
  /** With the directories above it; the topmost one that was made, null when all were there. */
  makeDirectory(directory: string): string | null;
  /** A file, or a directory with all that is in it; nothing to do when it is not there. */
  removeNow(path: string): void;
  renameNow(from: string, to: string): void;
  /** Makes names in a directory durable (created, renamed, removed ones). */
  syncDirectory(directory: string): void;
  /** A new file for writing; EEXIST when there is one. */
  createNow(file: string): number;
  /** Bytes `from` on, as many as go at once; how many that were. */
  append(file: number, bytes: Uint8Array, from: number): number;
  closeNow(file: number): void;

  /** Makes what was appended durable. */
  sync(file: number): Promise<void>;
  /** Makes a file's content durable. */
  syncFile(file: string): Promise<void>;
  /** Creates or replaces. */
  write(file: string, content: Uint8Array, durable: boolean): Promise<void>;
  read(file: string): Promise<Buffer>;
  /** The content bit by bit; the buffer is used again for the next piece. */
  pieces(file: string): AsyncIterable<Buffer>;
  /** EEXIST when `to` is taken. */
  link(from: string, to: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** As `removeNow`. */
  remove(path: string): Promise<void>;
}

export interface DiskStatus {
  readonly size: number;
  readonly inode: number;
  readonly isDirectory: boolean;
}

const PIECE = 1 << 18;

export const systemDisk: Disk = {
  status(path) {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? null : { size: stat.size, inode: stat.ino, isDirectory: stat.isDirectory() };
  },
  list: (directory) => fs.readdirSync(directory),
  makeDirectory: (directory) => fs.mkdirSync(directory, { recursive: true }) ?? null,
  removeNow: (path) => fs.rmSync(path, { recursive: true, force: true }),
  renameNow: (from, to) => fs.renameSync(from, to),
  syncDirectory(directory) {
    const fd = fs.openSync(directory, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  createNow: (file) => fs.openSync(file, 'wx'),
  append: (file, bytes, from) => fs.writeSync(file, bytes, from, bytes.length - from),
  closeNow: (file) => fs.closeSync(file),

  sync: (file) =>
    new Promise((resolve, reject) => {
      fs.fsync(file, (error) => (error ? reject(error) : resolve()));
    }),
  async syncFile(file) {
    const handle = await fs.promises.open(file, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async write(file, content, durable) {
    const handle = await fs.promises.open(file, 'w');
    try {
      await handle.writeFile(content);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
  },
  read: (file) => fs.promises.readFile(file),
  async *pieces(file) {
    const handle = await fs.promises.open(file, 'r');
    const buffer = Buffer.allocUnsafe(PIECE);
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  },
  link: (from, to) => fs.promises.link(from, to),
  copy: (from, to) => fs.promises.copyFile(from, to),
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.rm(path, { recursive: true, force: true }),
};
