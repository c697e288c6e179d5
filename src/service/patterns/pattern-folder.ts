import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { irregularKind } from '../../core/file-kind.ts';
import { JOB_ID } from '../job-definition.ts';
import { readRegularFile } from './regular-file.ts';

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
 * what is wrong with one pattern.
 */
export function readPatternFolder(directory: string): ReadonlyMap<string, PatternFile> {
  const root = fs.realpathSync(directory);
  const found = new Map<string, PatternFile>();
  for (const entry of fs.readdirSync(root).sort()) {
    if (entry.startsWith('.')) continue;
    const full = path.join(root, entry);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    const inside = stat?.isDirectory() ? path.join(full, 'pattern.sql') : full;
    const present = fs.lstatSync(inside, { throwIfNoEntry: false }) !== undefined;
    // A directory that looks like a pattern is read as one, so that its refusal is reported.
    const file = present ? inside : full;
    if (!file.endsWith('.sql')) continue;
    const name = stat?.isDirectory() && present ? entry : entry.slice(0, -'.sql'.length);
    const pattern = readPattern(root, name, file, stat?.isDirectory() ? full : null);
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

function readPattern(root: string, name: string, file: string, folder: string | null): PatternFile {
  const refused = (problem: string): PatternFile => ({
    name,
    file,
    text: null,
    problem,
    title: name,
    folder,
    tested: false,
    stamp: problem,
  });
  if (!JOB_ID.test(name)) return refused('the name of a pattern has at most 128 letters, digits, `_`, `.` and `-`');
  let text: string;
  try {
    const real = fs.realpathSync(file);
    if (!real.startsWith(root + path.sep)) return refused('the file is a link that leaves the patterns folder');
    const read = readRegularFile(real, TEXT_BYTES_MAX);
    if ('problem' in read) return refused(read.problem);
    text = read.text.replace(/^\ufeff/, '');
  } catch (error) {
    return refused(`the file cannot be read: ${(error as Error).message}`);
  }
  const tested = folder !== null && ['input', 'expected'].every((part) => fs.existsSync(path.join(folder, part)));
  const stamp = createHash('sha256').update(text);
  if (tested) {
    const test = stampOfTest(folder);
    if ('problem' in test) return refused(test.problem);
    stamp.update(test.stamp);
  }
  return { name, file, text, problem: null, title: titleOf(text, name), folder, tested, stamp: stamp.digest('hex') };
}

/** Returns the names, sizes and times of the pattern's golden files, or why one is refused. */
function stampOfTest(folder: string): { readonly stamp: string } | { readonly problem: string } {
  const files = ['input', 'expected'].flatMap((part) =>
    fs
      .readdirSync(path.join(folder, part))
      .sort()
      .map((name) => path.join(folder, part, name)),
  );
  const lines: string[] = [];
  for (const file of [...files, path.join(folder, 'case.json')]) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    const kind = stat === undefined ? null : irregularKind(stat);
    if (kind !== null && !stat!.isDirectory())
      return { problem: `${path.relative(folder, file)} is ${kind}, not a file` };
    lines.push(`${file} ${stat?.size} ${stat?.mtimeMs}`);
  }
  return { stamp: lines.join('\n') };
}

/** Returns the first line of the comment at the top, or the name. */
function titleOf(text: string, name: string): string {
  const found = /^\s*(?:--+|\/\*+)\s*(.+?)\s*(?:\*\/)?$/m.exec(
    text.split('\n').find((line) => line.trim() !== '') ?? '',
  );
  return found?.[1]?.slice(0, 200) ?? name;
}
