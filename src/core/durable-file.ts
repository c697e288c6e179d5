import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Makes names in a directory durable (created, renamed, removed ones). */
export function syncDirectory(directory: string): void {
  const fd = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Makes a file's content durable. */
export async function syncFile(file: string): Promise<void> {
  const handle = await fs.promises.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file that is either there whole or not at all, durably, and never replaces one. False when the name is taken. */
export async function createFileOnce(file: string, content: Buffer): Promise<boolean> {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await fs.promises.open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await fs.promises.link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.promises.rm(temporary, { force: true });
  }
  syncDirectory(path.dirname(file));
  return true;
}

/** sha256 of a file, read in pieces so that nothing else has to wait long. */
export async function hashFile(file: string): Promise<{ sha256: string; length: number }> {
  const hash = createHash('sha256');
  const handle = await fs.promises.open(file, 'r');
  const buffer = Buffer.allocUnsafe(1 << 18);
  let length = 0;
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), length };
}
