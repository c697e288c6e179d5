import fs from 'node:fs';
import path from 'node:path';
import { isCompressed, uncompressedName } from './compression.ts';
import { isReadAs, type ReadFile, statOf } from './read-file.ts';

const COMPARED_BYTES = 1 << 16;

/**
 * Returns the files that are beside the root, or beside the target of the root's link, and whose
 * names begin like it: `app.log.1`, `app.log-2026.gz`, and `app-2026.log` for `app.log`.
 */
export function siblingsOf(files: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const file of files) {
    const stem = path.basename(file, path.extname(file));
    const directory = path.dirname(file);
    for (const name of namesIn(directory)) {
      if (!name.startsWith(stem) || /^[A-Za-z0-9]/.test(name.slice(stem.length))) continue;
      const full = path.join(directory, name);
      if (statOf(full)?.isFile() === true) found.add(full);
    }
  }
  return [...found];
}

function namesIn(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

/** Returns the target of a path with links, even if it is missing; null: the path has no link. */
export function linkTarget(file: string): string | null {
  try {
    const real = fs.realpathSync(file);
    return real === path.resolve(file) ? null : real;
  } catch {
    try {
      return path.resolve(path.dirname(file), fs.readlinkSync(file));
    } catch {
      return null;
    }
  }
}

/**
 * Returns the names that stand for files of their own. Left out are files that are being written
 * from another one: `app.log.1.gz` while `app.log.1` is there, and `app.log.1` while it is the same
 * as `app.log`, which is going to be emptied.
 */
export function withoutUnfinishedCopies(added: readonly string[], listed: readonly string[]): readonly string[] {
  if (added.length === 0) return added;
  const names = new Set(listed);
  return added.filter((name) => {
    if (isCompressed(name)) return !names.has(uncompressedName(name));
    return !listed.some((original) => name.startsWith(original) && isCopy(name, original));
  });
}

/** Whether a file has the same beginning as another one, up to its end. */
function isCopy(copy: string, original: string): boolean {
  const length = statOf(copy)?.size ?? -1;
  if (copy === original || length < 0 || length > (statOf(original)?.size ?? -1)) return false;
  const last = Math.max(0, length - COMPARED_BYTES);
  return [0, last].every((at) => {
    const bytes = Math.min(COMPARED_BYTES, length - at);
    return bytesAt(copy, at, bytes).equals(bytesAt(original, at, bytes));
  });
}

function bytesAt(file: string, at: number, length: number): Buffer {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, at));
  } finally {
    fs.closeSync(fd);
  }
}

/** Returns the file among `names` that continues a file that was read, or undefined. */
export const continuationOf = (file: ReadFile, names: readonly string[]): string | undefined =>
  file.head === null || file.offset === 0 ? undefined : names.find((name) => isReadAs(name, file));
