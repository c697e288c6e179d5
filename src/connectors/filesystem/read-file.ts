import fs from 'node:fs';
import { isCompressed } from './compression.ts';
import { type FileHead, hasHead } from './file-head.ts';

/** A file of a source, and how far it was read. */
export interface ReadFile {
  /** Changes when the file is renamed. */
  name: string;
  /** In the content: of a compressed file, the decompressed bytes. */
  offset: number;
  /** Rows of the record at the offset that were read. */
  taken: number;
  head: FileHead | null;
  /** Device and inode. They show that a followed file was renamed or replaced. */
  identity: string | null;
  /** Size and time of the last change, at the last look. */
  changed: string;
  size: number;
  /** The size of the compressed file whose content was read to its end. */
  completeSize: number | null;
  /**
   * The file is not one of the source any more, because it was renamed or deleted. The rest of it
   * is still read. The name is empty if the new name is not known.
   */
  detached: boolean;
}

export const readFile = (name: string, known: Partial<ReadFile> = {}): ReadFile => ({
  name,
  offset: 0,
  taken: 0,
  head: null,
  identity: null,
  changed: '',
  size: 0,
  completeSize: null,
  detached: false,
  ...known,
});

/** Null: the file is missing. */
export const statOf = (file: string): fs.Stats | undefined => fs.statSync(file, { throwIfNoEntry: false });
export const identityOf = (stat: fs.Stats): string => `${stat.dev}:${stat.ino}`;
export const changeOf = (stat: fs.Stats): string => `${stat.size} ${stat.mtimeMs}`;

/** Notes what a look has found. */
export function noteStat(file: ReadFile, stat: fs.Stats): void {
  file.identity = identityOf(stat);
  file.changed = changeOf(stat);
  file.size = stat.size;
}

/**
 * Returns whether the file with the name has the content that was read as `file`. The length of
 * compressed content is not known.
 */
export function isReadAs(name: string, { offset, head }: ReadFile, size = statOf(name)?.size): boolean {
  if (size === undefined || head === null) return false;
  return (isCompressed(name) || size >= offset - 1) && hasHead(name, head);
}

/**
 * Returns whether the file has another content than the one that was read, at a look that found
 * `stat`. Reads the file only if it has changed since the last look.
 */
export function isReplaced(file: ReadFile, stat: fs.Stats): boolean {
  if (changeOf(stat) === file.changed || file.offset === 0) return false;
  if (!isCompressed(file.name) && stat.size < file.offset) return true;
  return file.head !== null && !hasHead(file.name, file.head);
}

/** Returns whether the file has bytes after the first `offset` of its content. */
export function hasMore(file: ReadFile, offset: number): boolean {
  if (isCompressed(file.name)) return file.completeSize !== file.size && file.size > 0;
  return file.size > offset;
}
