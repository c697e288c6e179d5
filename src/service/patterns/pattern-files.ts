import fs from 'node:fs';
import { irregularKind } from '../../core/file-kind.ts';
import { readRegularFile } from './regular-file.ts';

export interface PatternFileStatus {
  readonly isDirectory: boolean;
  /** What it is if it is not a regular file; null: it is one. */
  readonly irregular: string | null;
  readonly size: number;
  readonly mtimeMs: number;
}

/** The port to the folder of patterns. A simulation has its own. Errors are those of node:fs. */
export interface PatternFiles {
  makeDirectory(directory: string): void;
  list(directory: string): readonly string[];
  /** Returns the path without links. */
  realPath(path: string): string;
  /** Follows links. Null: nothing is there. */
  status(path: string): PatternFileStatus | null;
  /** Returns whether the name exists. It may be a link to nothing. */
  has(path: string): boolean;
  /** Returns the text of a file of at most `bytesMax` bytes, or why it is refused. */
  read(file: string, bytesMax: number): { readonly text: string } | { readonly problem: string };
}

export const systemPatternFiles: PatternFiles = {
  makeDirectory: (directory) => void fs.mkdirSync(directory, { recursive: true }),
  list: (directory) => fs.readdirSync(directory),
  realPath: (path) => fs.realpathSync(path),
  status(path) {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    const { size, mtimeMs } = stat;
    return { isDirectory: stat.isDirectory(), irregular: irregularKind(stat), size, mtimeMs };
  },
  has: (path) => fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  read: readRegularFile,
};
