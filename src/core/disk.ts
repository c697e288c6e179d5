import fs from 'node:fs';

/**
 * The port to the local disk for all data that must survive a crash: checkpoints, snapshots of
 * state, output files. A simulation passes its own, which loses unsynced data. Errors are those of
 * node:fs, with their codes. Calls without a promise are complete when they return.
 */
export interface Disk {
  /** Null: nothing is there. */
  status(path: string): DiskStatus | null;
  /** Returns the names in a directory, in any order. */
  list(directory: string): readonly string[];
  /**
   * Creates the directory and its parents. Returns the topmost directory that was created; null
   * when all existed.
   */
  makeDirectory(directory: string): string | null;
  /** Removes a file, or a directory with its content. Does nothing when it does not exist. */
  removeNow(path: string): void;
  renameNow(from: string, to: string): void;
  /** Makes created, renamed and removed names in a directory durable. */
  syncDirectory(directory: string): void;
  /** Creates a file for writing. Fails with EEXIST if it exists. */
  createNow(file: string): number;
  /** Appends bytes from `from` on. Returns the number of written bytes, which may be smaller. */
  append(file: number, bytes: Uint8Array, from: number): number;
  closeNow(file: number): void;

  /** Makes the appended bytes durable. */
  sync(file: number): Promise<void>;
  /** Makes a file's content durable. */
  syncFile(file: string): Promise<void>;
  /** Creates or replaces. */
  write(file: string, content: Uint8Array, durable: boolean): Promise<void>;
  read(file: string): Promise<Buffer>;
  /** Returns the content in pieces. The buffer is reused for the next piece. */
  pieces(file: string): AsyncIterable<Buffer>;
  /** EEXIST when `to` exists. */
  link(from: string, to: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Works like `removeNow`. */
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
