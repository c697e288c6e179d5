import { createHash } from 'node:crypto';
import path from 'node:path';
import { JOB_ID } from '../job-definition.ts';
import { type PatternFileStatus, type PatternFiles, systemPatternFiles } from './pattern-files.ts';
import { titleOf } from './pattern-title.ts';

/** A pattern in the folder. */
export interface PatternFile {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** null: the file is not usable; `problem` has the reason. */
  readonly text: string | null;
  readonly problem: string | null;
  readonly title: string;
  /** The pattern's own folder; null for a plain `x.sql`. */
  readonly folder: string | null;
  /**
   * The pattern's folder has input/ and expected/. The service tests the pattern before it runs.
   */
  readonly tested: boolean;
  /** A text that changes when the pattern or its golden files change. */
  readonly stamp: string;
}

const TEXT_BYTES_MAX = 256 * 1024;

/**
 * Reads the patterns of a folder, `x.sql` and `x/pattern.sql`, by name. Ignores hidden names, links
 * that leave the folder, and other files. Throws if the folder cannot be read. `problem` describes
 * what is wrong with one pattern, which does not affect the others.
 */
export function readPatternFolder(
  directory: string,
  files: PatternFiles = systemPatternFiles,
): ReadonlyMap<string, PatternFile> {
  const root = files.realPath(directory);
  const found = new Map<string, PatternFile>();
  for (const entry of [...files.list(root)].sort()) {
    if (entry.startsWith('.')) continue;
    const pattern = readEntry(root, entry, files);
    if (pattern === null) continue;
    const { name, file } = pattern;
    const other = found.get(name);
    found.set(
      name,
      other === undefined
        ? pattern
        : { ...other, text: null, problem: `two files make the pattern ${name}: ${other.file} and ${file}` },
    );
  }
  return found;
}

/** Reads a name in the folder. Null: it is not a pattern. */
function readEntry(root: string, entry: string, files: PatternFiles): PatternFile | null {
  const full = path.join(root, entry);
  let stat: PatternFileStatus | null;
  let present: boolean;
  try {
    stat = files.status(full);
    present = files.has(stat?.isDirectory === true ? path.join(full, 'pattern.sql') : full);
  } catch (error) {
    // It may be a running pattern, so it must not count as absent.
    const name = entry.endsWith('.sql') ? entry.slice(0, -'.sql'.length) : entry;
    return refusal({ name, file: full, folder: null }, `the file cannot be read: ${(error as Error).message}`);
  }
  const folder = stat?.isDirectory === true ? full : null;
  // A directory that looks like a pattern is read as one, so that its refusal is reported.
  const file = folder !== null && present ? path.join(full, 'pattern.sql') : full;
  if (!file.endsWith('.sql')) return null;
  const name = folder !== null && present ? entry : entry.slice(0, -'.sql'.length);
  const place = { name, file, folder };
  try {
    return readPattern(root, place, files);
  } catch (error) {
    return refusal(place, `the file cannot be read: ${(error as Error).message}`);
  }
}

type Place = Pick<PatternFile, 'name' | 'file' | 'folder'>;

const refusal = (place: Place, problem: string): PatternFile => ({
  ...place,
  text: null,
  problem,
  title: place.name,
  tested: false,
  stamp: problem,
});

function readPattern(root: string, place: Place, files: PatternFiles): PatternFile {
  const { name, file, folder } = place;
  const refused = (problem: string): PatternFile => refusal(place, problem);
  if (!JOB_ID.test(name)) return refused('the name of a pattern has at most 128 letters, digits, `_`, `.` and `-`');
  const real = files.realPath(file);
  if (!real.startsWith(root + path.sep)) return refused('the file is a link that leaves the patterns folder');
  const read = files.read(real, TEXT_BYTES_MAX);
  if ('problem' in read) return refused(read.problem);
  const text = read.text.replace(/^\ufeff/, '');
  const tested =
    folder !== null && ['input', 'expected'].every((part) => files.status(path.join(folder, part)) !== null);
  const stamp = createHash('sha256').update(text);
  if (tested) {
    const test = stampOfTest(folder, files);
    if ('problem' in test) return refused(test.problem);
    stamp.update(test.stamp);
  }
  return { name, file, text, problem: null, title: titleOf(text) ?? name, folder, tested, stamp: stamp.digest('hex') };
}

/** Returns the names, sizes and times of the pattern's golden files, or why one is refused. */
function stampOfTest(folder: string, files: PatternFiles): { readonly stamp: string } | { readonly problem: string } {
  const names = ['input', 'expected'].flatMap((part) =>
    [...files.list(path.join(folder, part))].sort().map((name) => path.join(folder, part, name)),
  );
  const lines: string[] = [];
  for (const file of [...names, path.join(folder, 'case.json')]) {
    const stat = files.status(file);
    if (stat !== null && stat.irregular !== null && !stat.isDirectory)
      return { problem: `${path.relative(folder, file)} is ${stat.irregular}, not a file` };
    lines.push(`${file} ${stat?.size} ${stat?.mtimeMs}`);
  }
  return { stamp: lines.join('\n') };
}
