import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Disk, systemDisk } from './disk.ts';

/** Creates a directory and its parents, and makes their names durable. */
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
 * Makes the name of an existing directory durable. An earlier process may have created the
 * directory and died before its name was durable. If the parent cannot be read, this program did
 * not create the directory.
 */
function syncNameOf(directory: string, disk: Disk): void {
  try {
    disk.syncDirectory(path.dirname(directory));
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Writes a file durably: after a crash it is complete or absent. Never replaces a file. Returns
 * false if the name is taken.
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

/** Computes the sha256 of a file. Reads in pieces so that other work runs in between. */
export async function hashFile(file: string, disk: Disk = systemDisk): Promise<{ sha256: string; length: number }> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of disk.pieces(file)) {
    hash.update(piece);
    length += piece.length;
  }
  return { sha256: hash.digest('hex'), length };
}
