import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Disk, systemDisk } from './disk.ts';

/** Makes a directory, with those above it, so that their names survive a crash too. */
export function makeDurableDirectory(directory: string, disk: Disk = systemDisk): void {
  const missing: string[] = [];
  let there = path.resolve(directory);
  for (; disk.status(there) === null; there = path.dirname(there)) missing.unshift(there);
  syncNameOf(there, disk);
  for (const one of missing) {
    disk.makeDirectory(one);
    disk.syncDirectory(path.dirname(one));
  }
}

/**
 * A process that made a directory may have died before the name was durable. Where one may not look
 * above a directory, it is not ours.
 */
function syncNameOf(directory: string, disk: Disk): void {
  try {
    disk.syncDirectory(path.dirname(directory));
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Writes a file that is either there whole or not at all, durably, and never replaces one. False
 * when the name is taken.
 */
export async function createFileOnce(file: string, content: Buffer, disk: Disk = systemDisk): Promise<boolean> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await disk.write(temporary, content, true);
    await disk.link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await disk.remove(temporary);
  }
  disk.syncDirectory(path.dirname(file));
  return true;
}

/** sha256 of a file, read in pieces so that nothing else has to wait long. */
export async function hashFile(file: string, disk: Disk = systemDisk): Promise<{ sha256: string; length: number }> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of disk.pieces(file)) {
    hash.update(piece);
    length += piece.length;
  }
  return { sha256: hash.digest('hex'), length };
}
