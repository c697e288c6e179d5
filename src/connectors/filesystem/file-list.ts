import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { irregularKind } from '../../core/file-kind.ts';

/** Checks the real location of a linked file. Throws CONNECTOR_PATH. */
export type LinkCheck = (file: string) => void;

/** Returns the current files of a source in their order. Throws if the path does not exist. */
export type FileList = () => readonly string[];

const isHidden = (name: string): boolean => name.startsWith('.') || name.startsWith('_');

/**
 * Returns the files of a path: the file itself, or the files of a directory and its
 * sub-directories, in the order of their names. Hidden files (`.`, `_`) are left out. A link in a
 * directory is read as its target. It is ignored if the target is missing, or is listed itself.
 */
export function listFiles(root: string, checkLink: LinkCheck = () => {}): readonly string[] {
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new EngineError('CONNECTOR_READ', `there is no file or directory ${root}`, { path: root });
  // Opening a pipe would stop the thread until somebody writes to it.
  if (stat.isFIFO() || stat.isSocket())
    throw new EngineError('CONNECTOR_READ', `${root} is ${irregularKind(stat)}, not a file`, { path: root });
  if (!stat.isDirectory()) return [root];
  const files = new DirectoryWalk(checkLink);
  files.walk(root, []);
  return files.sorted();
}

class DirectoryWalk {
  readonly #checkLink: LinkCheck;
  readonly #files: string[] = [];
  /** The linked files, by the real path of their target. */
  readonly #linked = new Map<string, string>();

  constructor(checkLink: LinkCheck) {
    this.#checkLink = checkLink;
  }

  /** `above`: the real paths of the linked directories that lead here. */
  walk(directory: string, above: readonly string[]): void {
    for (const entry of entriesOf(directory)) {
      if (isHidden(entry.name)) continue;
      const full = path.join(directory, entry.name);
      if (entry.isDirectory()) this.walk(full, above);
      else if (entry.isFile()) this.#files.push(full);
      else if (entry.isSymbolicLink()) this.#followLink(full, above);
    }
  }

  #followLink(link: string, above: readonly string[]): void {
    const stat = fs.statSync(link, { throwIfNoEntry: false });
    if (stat === undefined || !(stat.isFile() || stat.isDirectory())) return;
    this.#checkLink(link);
    const target = fs.realpathSync(link);
    if (stat.isFile()) {
      if (!this.#linked.has(target)) this.#linked.set(target, link);
      return;
    }
    // A link to a directory above it would never end.
    const real = fs.realpathSync(path.dirname(link));
    const isAbove = [...above, real].some((each) => each === target || each.startsWith(`${target}${path.sep}`));
    if (!isAbove) this.walk(link, [...above, real]);
  }

  sorted(): readonly string[] {
    if (this.#linked.size > 0) {
      const own = new Set(this.#files.map((file) => fs.realpathSync(file)));
      for (const [target, link] of this.#linked) if (!own.has(target)) this.#files.push(link);
    }
    return this.#files.sort();
  }
}

/** A directory that was just removed has no entries. */
function entriesOf(directory: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
