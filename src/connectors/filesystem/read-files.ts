import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { type FileHead, hasHead } from './file-head.ts';
import { listFiles } from './file-list.ts';

/**
 * Byte offsets by file, relative to the path; whole lines only. The current file is stored
 * separately, so the cost of a position does not depend on the number of files.
 */
export interface FilePosition {
  readonly offsets: Readonly<Record<string, number>>;
  /** By file, its first bytes at the time of the position. Old checkpoints have none. */
  readonly heads?: Readonly<Record<string, FileHead>>;
  readonly current: {
    readonly file: string;
    readonly offset: number;
    readonly head?: FileHead;
    /** Rows of the record at the offset that were read. Absent: none. */
    readonly taken?: number;
  } | null;
}

/** A file of a source, and how far it was read. */
export interface ReadFile {
  /** Changes when the file is renamed. */
  name: string;
  offset: number;
  /** Rows of the record at the offset that were read. */
  taken: number;
  head: FileHead | null;
  /** Device and inode. They show that a followed file was renamed or replaced. */
  identity: string | null;
  /**
   * The file is not one of the source any more, because it was renamed or deleted. The rest of it
   * is still read. The name is empty if the new name is not known.
   */
  detached: boolean;
}

type Stored = Pick<ReadFile, 'name' | 'offset' | 'head' | 'taken'>;

const readFile = (name: string, offset = 0, head: FileHead | null = null, taken = 0): ReadFile => ({
  name,
  offset,
  taken,
  head,
  identity: null,
  detached: false,
});

const statOf = (file: string): fs.Stats | undefined => fs.statSync(file, { throwIfNoEntry: false });
const identityOf = (stat: fs.Stats): string => `${stat.dev}:${stat.ino}`;

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
  readonly #followed: boolean;
  readonly #isDirectory: boolean;
  #others: Pick<Required<FilePosition>, 'offsets' | 'heads'> | null = null;
  #othersOf: ReadFile | undefined = undefined;

  constructor(root: string, followed: boolean) {
    this.#root = root;
    this.#followed = followed;
    this.#isDirectory = statOf(root)?.isDirectory() === true;
    this.files = listFiles(root).map((name) => readFile(name));
  }

  get current(): ReadFile | undefined {
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
      const others = this.files.filter((file) => file !== current && file.name !== '' && file.offset > 0);
      this.#othersOf = current;
      this.#others = {
        offsets: Object.fromEntries(others.map(({ name, offset }) => [this.#relative(name), offset])),
        heads: Object.fromEntries(
          others.flatMap(({ name, head }) => (head === null ? [] : [[this.#relative(name), head]])),
        ),
      };
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

  #relative(name: string): string {
    return path.relative(this.#root, name);
  }

  /** Continues at a position. Throws if the files are not those that were read. */
  seek({ offsets, heads = {}, current }: FilePosition): void {
    const stored = Object.entries(offsets).map(
      ([name, offset]): Stored => ({ name, offset, head: heads[name] ?? null, taken: 0 }),
    );
    if (current !== null) {
      const { file: name, offset, head = null, taken = 0 } = current;
      stored.push({ name, offset, head, taken });
    }
    const found = new Map<string, ReadFile>();
    const missing: ReadFile[] = [];
    for (const { name, offset, head, taken } of stored) {
      const file = readFile(name === '' ? this.#root : path.join(this.#root, name), offset, head, taken);
      if (this.#isSame(file)) found.set(file.name, file);
      else missing.push(file);
    }
    const listed = listFiles(this.#root);
    for (const file of missing) {
      const renamed = this.#candidates(listed, file).find((name) => !found.has(name) && isReadAs(name, file));
      if (renamed !== undefined) found.set(renamed, { ...file, name: renamed });
    }
    for (const file of found.values()) file.offset = Math.min(file.offset, statOf(file.name)!.size);
    const names = new Set(listed);
    const unlisted = [...found.values()].filter(({ name }) => !names.has(name));
    this.files = [...unlisted, ...listed.map((name) => found.get(name) ?? readFile(name))];
    this.moveTo(0);
  }

  /** Whether the file with the name is still the one that was read. Throws for bounded input. */
  #isSame(file: ReadFile): boolean {
    const { name, offset, head } = file;
    const size = statOf(name)?.size;
    const isWhole = size !== undefined && size >= offset - 1;
    if (isWhole && (head === null || hasHead(name, head))) return true;
    if (this.#followed) return false;
    const state =
      size === undefined ? 'is gone' : isWhole ? `its first ${head![0]} bytes have changed` : `has only ${size} bytes`;
    throw new EngineError(
      'CONNECTOR_READ',
      `${name} was read up to byte ${offset} before the checkpoint, but ${state}`,
      { file: name, offset },
    );
  }

  /** Files that may be a renamed file. A rotated log is beside the file that is followed. */
  #candidates(listed: readonly string[], { head, offset }: ReadFile): readonly string[] {
    if (head === null || offset === 0) return [];
    if (this.#isDirectory) return listed;
    return this.#siblings();
  }

  #siblings(): readonly string[] {
    const directory = path.dirname(this.#root);
    const names = fs.readdirSync(directory).filter((name) => name.startsWith(path.basename(this.#root)));
    return names.map((name) => path.join(directory, name)).filter((name) => statOf(name)?.isFile() === true);
  }

  /**
   * Looks for new, renamed, replaced and removed files. Returns the sizes of the files. `fd` is the
   * open current file.
   */
  refresh(fd: number | null): readonly number[] {
    const current = this.current;
    const listed = this.#list();
    const stats = new Map(listed.map((name) => [name, statOf(name)]));
    const byIdentity = new Map<string, ReadFile>();
    const byName = new Map<string, ReadFile>();
    for (const file of this.files) {
      if (file.identity === null) byName.set(file.name, file);
      else byIdentity.set(file.identity, file);
    }
    const kept = new Set<ReadFile>();
    const added: ReadFile[] = [];
    for (const name of listed) {
      const stat = stats.get(name);
      if (stat === undefined) continue;
      const identity = identityOf(stat);
      const same = byIdentity.get(identity);
      // The inode of a deleted file may belong to a new one.
      const isReused = same !== undefined && same.name !== name && same.head !== null && !hasHead(name, same.head);
      const known = isReused ? undefined : (same ?? byName.get(name));
      const file = known ?? readFile(name);
      file.name = name;
      file.identity = identity;
      file.detached = false;
      if (known === undefined) added.push(file);
      kept.add(file);
    }
    // The current file was renamed out of sight or deleted. What it still contains is read first.
    if (current !== undefined && fd !== null && !kept.has(current)) {
      current.detached = true;
      current.name = this.#siblings().find((name) => identityOf(statOf(name)!) === current.identity) ?? '';
      kept.add(current);
    }
    this.files = [...this.files.filter((file) => kept.has(file)), ...added];
    this.moveTo(current === undefined ? 0 : Math.max(0, this.files.indexOf(current)));
    return this.files.map(
      (file) => (file === current && fd !== null ? fs.fstatSync(fd) : stats.get(file.name))?.size ?? 0,
    );
  }

  /** A file that is missing for a moment, while it is rotated, is no error. */
  #list(): readonly string[] {
    if (!this.#isDirectory && statOf(this.#root) === undefined) return [];
    return listFiles(this.#root);
  }

  /** Called when the current file is opened. */
  opened(fd: number): void {
    if (this.current !== undefined) this.current.identity = identityOf(fs.fstatSync(fd));
  }

  /** Removes the current file, whose name belongs to another file. */
  removeCurrent(): void {
    this.files.splice(this.at, 1);
    this.moveTo(0);
  }
}

const isReadAs = (name: string, { offset, head }: ReadFile): boolean =>
  (statOf(name)?.size ?? -1) >= offset && head !== null && hasHead(name, head);
