import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { compileRegex } from '../../core/regular-expression.ts';
import type { FileList } from './file-list.ts';

const WILDCARD = /[*?[{]/;
/** A reference such as `${env:DIRECTORY}`, whose value is not known to the compiler. */
const REFERENCE = /\$\{[^}]*\}/g;

/** Whether a path has wildcards: `*`, `**`, `?`, `[abc]` or `{a,b}`. */
export const hasWildcard = (written: string): boolean => WILDCARD.test(written.replace(REFERENCE, ''));

/** A path with wildcards: the directory before the first of them, and the pattern below it. */
export interface PathPattern {
  readonly directory: string;
  readonly pattern: string;
}

/**
 * Splits a path at its first wildcard; null: it has none. A file whose name has such characters is
 * that file.
 */
export function pathPattern(full: string): PathPattern | null {
  if (!hasWildcard(full) || fs.existsSync(full)) return null;
  const segments = full.split(path.sep);
  const first = segments.findIndex(hasWildcard);
  return {
    directory: segments.slice(0, first).join(path.sep) || path.sep,
    pattern: segments.slice(first).join(path.sep),
  };
}

/** Returns a list with the files that match. Throws if there is none at the first call. */
export function matching(list: FileList, { directory, pattern }: PathPattern, isFollowed: boolean): FileList {
  return () => {
    const found = list().filter((file) => path.matchesGlob(path.relative(directory, file), pattern));
    if (found.length > 0 || isFollowed) return found;
    throw new EngineError('CONNECTOR_READ', `no file matches ${path.join(directory, pattern)}`, { path: directory });
  };
}

/** Returns a list with the files whose whole absolute path the regular expression matches. */
export function matchingRegex(list: FileList, pattern: string): FileList {
  const regex = compileRegex("option 'source.path.regex-pattern'", pattern);
  if (regex === null) {
    const message = `option 'source.path.regex-pattern': '${pattern}' is not a regular expression`;
    throw new EngineError('CONFIG_INVALID_OPTION', message, { pattern });
  }
  return () => list().filter((file) => regex.matches(file));
}
