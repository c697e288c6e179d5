import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { isCompressed } from './compression.ts';
import { type FileHead, hasHead } from './file-head.ts';
import type { FileList } from './file-list.ts';
import { hasMore, identityOf, isReplaced, noteStat, type ReadFile, readFile, statOf } from './read-file.ts';
import { continuationOf, linkTarget, siblingsOf, withoutUnfinishedCopies } from './rotated-copies.ts';

/**
 * Byte offsets by file, relative to the path; whole lines only. The current file is stored
 * separately, so the cost of a position does not depend on the number of files.
 */
export interface FilePosition {
  readonly offsets: Readonly<Record<string, number>>;
  /** By file, its first bytes at the time of the position. Old checkpoints have none. */
  readonly heads?: Readonly<Record<string, FileHead>>;
  /** By compressed file that was read to its end, its size. */
  readonly complete?: Readonly<Record<string, number>>;
  readonly current: {
    readonly file: string;
    readonly offset: number;
    readonly head?: FileHead;
    /** Rows of the record at the offset that were read. Absent: none. */
    readonly taken?: number;
  } | null;
}

type Others = Pick<FilePosition, 'offsets' | 'heads' | 'complete'>;

export interface ReadFilesOptions {
  readonly root: string;
  readonly list: FileList;
  readonly followed: boolean;
  /** The root is one of the files of a directory. Other readers read the others. */
  readonly isSplit: boolean;
}

/**
 * The files of a source in the order in which they are read. A file is recognized by its content
 * (`FileHead`), and while the source runs also by device and inode. So a file that is renamed
 * continues, and a file that is replaced is read from its beginning.
 */
export class ReadFiles {
  files: ReadFile[];
  /** The index of the file that is being read. */
  at = 0;
  readonly #root: string;
  readonly #options: ReadFilesOptions;
  /** The root and the targets that its link had: rotated files are beside them. */
  readonly #locations: Set<string>;
  /** The error of a followed path that did not exist at the start. */
  #missing: unknown = null;
  #others: Others | null = null;
  #othersOf: ReadFile | undefined = undefined;

  constructor(options: ReadFilesOptions) {
    this.#options = options;
    this.#root = options.root;
    this.#locations = new Set([options.root]);
    this.files = this.#listAtStart().map((name) => {
      const file = readFile(name);
      const stat = statOf(name);
      if (stat !== undefined) noteStat(file, stat);
      return file;
    });
  }

  /**
   * A restored job may start while its file is rotated, if there is a rotated file. A job without a
   * position may not.
   */
  #listAtStart(): readonly string[] {
    try {
      return this.#list(false);
    } catch (error) {
      if (!this.#options.followed || statOf(this.#root) !== undefined || !hasRotated(this.#root)) throw error;
      this.#missing = error;
      return [];
    }
  }

  get current(): ReadFile | undefined {
    if (this.#missing !== null) throw this.#missing;
    return this.files[this.at];
  }

  /** Moves to another file. */
  moveTo(at: number): void {
    this.at = at;
    this.#others = null;
  }

  /** The whole position. It must not be changed. */
  position(): FilePosition {
    const { current } = this;
    if (this.#others === null || this.#othersOf !== current) {
      this.#othersOf = current;
      this.#others = this.#positionOf(this.files.filter((file) => file !== current));
    }
    if (current === undefined || current.name === '') return { ...this.#others, current: null };
    const { name, offset, head, taken } = current;
    return {
      ...this.#others,
      current: {
        file: this.#relative(name),
        offset,
        ...(head === null ? {} : { head }),
        ...(taken === 0 ? {} : { taken }),
      },
    };
  }

  #positionOf(all: readonly ReadFile[]): Others {
    const files = all.filter(({ name, offset }) => name !== '' && offset > 0);
    const byName = <T>(value: (file: ReadFile) => T | null): Record<string, T> =>
      Object.fromEntries(
        files.flatMap((file): [string, T][] => {
          const found = value(file);
          return found === null ? [] : [[this.#relative(file.name), found]];
        }),
      );
    const complete = byName(({ completeSize }) => completeSize);
    return {
      offsets: byName(({ offset }) => offset),
      heads: byName(({ head }) => head),
      ...(Object.keys(complete).length === 0 ? {} : { complete }),
    };
  }

  #relative(name: string): string {
    return path.relative(this.#root, name);
  }

  /** Continues at a position. Throws if the files are not those that were read. */
  seek({ offsets, heads = {}, complete = {}, current }: FilePosition): void {
    const missingRoot = this.#missing;
    this.#missing = null;
    const nameOf = (name: string): string => (name === '' ? this.#root : path.join(this.#root, name));
    const stored = Object.entries(offsets).map(([name, offset]) =>
      readFile(nameOf(name), { offset, head: heads[name] ?? null, completeSize: complete[name] ?? null }),
    );
    if (current !== null) {
      const { file: name, offset, head = null, taken = 0 } = current;
      stored.push(readFile(nameOf(name), { offset, head, taken }));
    }
    const found = new Map<string, ReadFile>();
    const missing: ReadFile[] = [];
    for (const file of stored) {
      if (this.#isSame(file)) found.set(file.name, file);
      else missing.push(file);
    }
    const listed = this.#list();
    for (const file of missing) {
      if (file.head === null || file.offset === 0) continue;
      const renamed = continuationOf(
        file,
        this.#candidates(file, listed).filter((name) => !found.has(name)),
      );
      if (renamed !== undefined) found.set(renamed, { ...file, name: renamed, completeSize: null });
    }
    const names = new Set(listed);
    const unlisted = [...found.values()].filter(({ name }) => !names.has(name));
    const added = listed.filter((name) => !found.has(name));
    const own = new Set(this.#ownFiles(added, listed));
    const kept = listed.flatMap((name) => found.get(name) ?? (own.has(name) ? [readFile(name)] : []));
    this.files = [...unlisted, ...kept];
    // Nothing that was read is there any more, so the path is probably wrong.
    if (missingRoot !== null && unlisted.length === 0) throw missingRoot;
    for (const file of this.files) {
      const stat = statOf(file.name);
      if (stat === undefined) continue;
      noteStat(file, stat);
      if (!isCompressed(file.name)) file.offset = Math.min(file.offset, stat.size);
    }
    this.moveTo(0);
  }

  #ownFiles(added: readonly string[], listed: readonly string[]): readonly string[] {
    return this.#options.followed ? withoutUnfinishedCopies(added, listed) : added;
  }

  /** Whether the file with the name is still the one that was read. Throws for bounded input. */
  #isSame(file: ReadFile): boolean {
    const { name, offset, head } = file;
    const size = statOf(name)?.size;
    const isWhole = size !== undefined && (isCompressed(name) || size >= offset - 1);
    if (isWhole && (head === null || hasHead(name, head))) return true;
    if (this.#options.followed) return false;
    const state =
      size === undefined ? 'is gone' : isWhole ? `its first ${head![0]} bytes have changed` : `has only ${size} bytes`;
    throw new EngineError(
      'CONNECTOR_READ',
      `${name} was read up to byte ${offset} before the checkpoint, but ${state}`,
      { file: name, offset },
    );
  }

  /**
   * Files that may be a renamed file. A rotated log is beside the file that is followed, or beside
   * the target of its link.
   */
  #candidates({ name }: ReadFile, listed: readonly string[]): readonly string[] {
    const target = linkTarget(name);
    if (target !== null) this.#locations.add(target);
    if (statOf(this.#root)?.isDirectory() === true)
      return target === null ? listed : [...listed, ...siblingsOf([target])];
    return siblingsOf(this.#locations).filter((each) => each !== this.#root || listed.length === 0);
  }

  /**
   * Looks for new, renamed, replaced and removed files. `fd` is the open current file, if it is a
   * plain one. A file that is not to be read further has another object afterwards.
   */
  refresh(fd: number | null, isOpen: boolean): void {
    const { current } = this;
    const listed = this.#list();
    const stats = new Map(listed.map((name) => [name, statOf(name)]));
    const known = this.files.filter((file) => file.offset > 0 || (file === current && isOpen));
    const claimed = this.#claim(known, stats);
    const isClaimed = new Set(claimed.values());
    /** Known files whose content may be under another name now. */
    const lost = known.filter((file) => !isClaimed.has(file));
    const kept = new Map<string, ReadFile>();
    for (const [name, file] of claimed) {
      const stat = stats.get(name)!;
      const replaced = file.name === name && isReplaced(file, stat);
      if (replaced) lost.push(file);
      const now = replaced ? readFile(name) : file;
      now.name = name;
      now.detached = false;
      noteStat(now, stat);
      kept.set(name, now);
    }
    const added = listed.filter((name) => !claimed.has(name) && stats.get(name) !== undefined);
    const own = this.#ownFiles(added, listed);
    const detached = fd === null || current === undefined ? null : this.#detached(current, fd, kept.values(), own);
    const continued = this.#continued(
      lost.filter((file) => file !== detached),
      own,
    );
    const next = this.files.filter((file) => kept.get(file.name) === file);
    for (const file of kept.values()) if (!next.includes(file)) next.push(file);
    for (const name of own) {
      const file = continued.get(name) ?? readFile(name);
      noteStat(file, stats.get(name)!);
      next.push(file);
    }
    // Copies in the directory of the followed file. Their unread lines come first.
    for (const [name, file] of continued) if (!own.includes(name)) next.unshift({ ...file, detached: true });
    if (detached !== null) next.unshift(detached);
    this.files = next;
    this.moveTo(Math.max(0, current === undefined ? 0 : this.files.indexOf(current)));
  }

  /** Returns the known files that are listed, by their current name. */
  #claim(known: readonly ReadFile[], stats: ReadonlyMap<string, fs.Stats | undefined>): Map<string, ReadFile> {
    const byIdentity = new Map(known.flatMap((file) => (file.identity === null ? [] : [[file.identity, file]])));
    const byName = new Map(known.flatMap((file) => (file.identity === null ? [[file.name, file]] : [])));
    const claimed = new Map<string, ReadFile>();
    const taken = new Set<ReadFile>();
    for (const [name, stat] of stats) {
      if (stat === undefined) continue;
      const same = byIdentity.get(identityOf(stat));
      // The inode of a deleted file may belong to a new one.
      const isReused = same !== undefined && same.name !== name && same.head !== null && !hasHead(name, same.head);
      const file = isReused ? undefined : (same ?? byName.get(name));
      if (file === undefined || taken.has(file)) continue;
      taken.add(file);
      claimed.set(name, file);
    }
    return claimed;
  }

  /** Returns the files that continue a lost one, with its position, by name. */
  #continued(lost: readonly ReadFile[], added: readonly string[]): ReadonlyMap<string, ReadFile> {
    const found = new Map<string, ReadFile>();
    for (const file of lost) {
      const names = this.#options.isSplit ? added : this.#candidates(file, added);
      const name = continuationOf(
        file,
        names.filter((each) => !found.has(each)),
      );
      if (name !== undefined) found.set(name, { ...file, name, identity: null, completeSize: null });
    }
    return found;
  }

  /**
   * Returns the current file if it was renamed out of sight or deleted. What it still contains is
   * read through its descriptor first. In a directory the compressed file continues it.
   */
  #detached(current: ReadFile, fd: number, kept: Iterable<ReadFile>, own: readonly string[]): ReadFile | null {
    const identity = identityOf(fs.fstatSync(fd));
    if ([...kept].some((file) => file === current || file.identity === identity)) return null;
    if (continuationOf(current, own.filter(isCompressed)) !== undefined) return null;
    current.detached = true;
    current.name = siblingsOf(this.#locations).find((name) => identityOf(statOf(name)!) === identity) ?? '';
    return current;
  }

  /** A file that is missing for a moment, while it is rotated, is no error. */
  #list(mayBeMissing = true): readonly string[] {
    const { followed, list } = this.#options;
    if (mayBeMissing && followed && statOf(this.#root) === undefined) return [];
    const listed = list();
    if (followed && listed[0] === this.#root) {
      const target = linkTarget(this.#root);
      if (target !== null) this.#locations.add(target);
    }
    return listed;
  }

  /** Called when the current file is opened. */
  opened(fd: number): void {
    if (this.current !== undefined) this.current.identity = identityOf(fs.fstatSync(fd));
  }

  /** Returns the first file with bytes that were not read; -1: none. */
  firstUnread(pending: (file: ReadFile) => number): number {
    return this.files.findIndex((file) => file.detached || hasMore(file, file.offset + pending(file)));
  }

  /** Removes the current file, whose name belongs to another file. */
  removeCurrent(): void {
    this.files.splice(this.at, 1);
    this.moveTo(0);
  }
}

/** Returns whether a file beside a missing one can be its rotated content, by its name. */
function hasRotated(root: string): boolean {
  const [stem] = path.basename(root).split('.');
  try {
    return fs.readdirSync(path.dirname(root)).some((name) => name.startsWith(stem!));
  } catch {
    return false;
  }
}
