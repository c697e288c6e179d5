import fs from 'node:fs';
import path from 'node:path';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { FileContent } from './file-content.ts';
import type { DiskRecord } from './record-log.ts';

/** A directory of the model. */
export class Directory {
  readonly entries = new Map<string, Entry>();
}
export type Entry = Directory | FileContent;

/** One change of a name. */
interface NameChange {
  readonly directory: Directory;
  readonly name: string;
  /** Null: the name is gone. */
  readonly to: Entry | null;
}

/** Changes of names that a journal makes durable at once: a rename changes two names. */
interface NameStep {
  readonly changes: readonly NameChange[];
  durable: boolean;
}

/** RocksDB's log for people. The calls that write it are not recorded, and nobody reads it. */
const NOT_RECORDED = /^LOG(\.old\..*)?$/;

/**
 * The files below a directory as a process sees them, and what of them a disk is sure to have.
 *
 * Content is durable when the file was synced after it was written. A name is durable when its
 * directory was synced after it was changed; a rename between two directories when one of them was.
 * What is not durable may be there or not, each file and each name for itself. So this disk keeps
 * less than a file system with a journal such as ext4, but a rename happens completely or not at
 * all, as there. A change of a name needs the earlier changes of the same name.
 */
export class DiskModel {
  readonly #path: string;
  readonly #root: Directory;
  /** The names at the start of the process. */
  readonly #first: ReadonlyMap<Directory, ReadonlyMap<string, Entry>>;
  readonly #steps: NameStep[] = [];
  readonly #byInode = new Map<number, Entry>();
  readonly #syncs = new Map<number, () => void>();

  /** Reads the files of a directory. All of them count as durable. */
  constructor(directory: string) {
    this.#path = directory;
    const first = new Map<Directory, ReadonlyMap<string, Entry>>();
    const read = (place: string): Directory => {
      const found = new Directory();
      this.#byInode.set(fs.statSync(place).ino, found);
      for (const entry of fs.readdirSync(place, { withFileTypes: true })) {
        if (NOT_RECORDED.test(entry.name)) continue;
        const file = path.join(place, entry.name);
        const { ino } = fs.statSync(file);
        // Links to one file share its content.
        const known = this.#byInode.get(ino);
        const made = entry.isDirectory() ? read(file) : (known ?? new FileContent(fs.readFileSync(file)));
        this.#byInode.set(ino, made);
        found.entries.set(entry.name, made);
      }
      first.set(found, new Map(found.entries));
      return found;
    };
    this.#root = read(directory);
    this.#first = first;
  }

  /** Takes the records of one process. */
  takeAll(records: readonly DiskRecord[]): void {
    // Each process counts its syncs from 1.
    this.#syncs.clear();
    for (const record of records) this.#take(record);
  }

  #take(record: DiskRecord): void {
    switch (record.kind) {
      case 'created':
      case 'made': {
        // A new file may get the inode of a removed one.
        const made = record.kind === 'made' ? new Directory() : new FileContent(Buffer.alloc(0));
        this.#byInode.set(record.inode, made);
        this.#step([this.#change(record.path, made)]);
        return;
      }
      case 'written':
      case 'resized':
        this.#file(record.inode).change(record);
        return;
      case 'renamed': {
        const moved = this.#at(record.path);
        if (moved === null) return;
        // A rename to another name of the same file does nothing.
        if (this.#at(record.to) === moved) return;
        this.#step([this.#change(record.path, null), this.#change(record.to, moved)]);
        return;
      }
      case 'linked':
        this.#step([this.#change(record.to, this.#at(record.path))]);
        return;
      case 'removed':
        if (this.#at(record.path) !== null) this.#step([this.#change(record.path, null)]);
        return;
      case 'sync-began':
        this.#syncs.set(record.number, this.#sync(record.inode));
        return;
      case 'sync-ended':
        this.#syncs.get(record.number)!();
        return;
    }
  }

  /** Returns what becomes durable when a sync that begins now has ended. */
  #sync(inode: number): () => void {
    const entry = this.#byInode.get(inode);
    if (entry instanceof FileContent) {
      const { changes } = entry;
      return () => entry.synced(changes);
    }
    const steps = this.#steps.filter(({ changes }) => changes.some(({ directory }) => directory === entry));
    return () => {
      for (const step of steps) step.durable = true;
    };
  }

  #file(inode: number): FileContent {
    const entry = this.#byInode.get(inode);
    if (!(entry instanceof FileContent)) throw new Error(`there is no file with the inode ${inode}`);
    return entry;
  }

  #step(changes: readonly NameChange[]): void {
    for (const { directory, name, to } of changes) {
      if (to === null) directory.entries.delete(name);
      else directory.entries.set(name, to);
    }
    this.#steps.push({ changes, durable: false });
  }

  #change(file: string, to: Entry | null): NameChange {
    const directory = this.#at(path.dirname(file));
    if (!(directory instanceof Directory)) throw new Error(`${file} has no directory`);
    return { directory, name: path.basename(file), to };
  }

  #at(file: string): Entry | null {
    let found: Entry | null = this.#root;
    const names = path.relative(this.#path, file).split('/');
    for (const name of names[0] === '' ? [] : names)
      found = found instanceof Directory ? (found.entries.get(name) ?? null) : null;
    return found;
  }

  /**
   * Compares the model with the real directory. Returns the first difference: a call that was not
   * recorded. Null: there is none.
   */
  differenceFromDisk(): string | null {
    const compare = (place: string, directory: Directory): string | null => {
      const names = new Set(fs.readdirSync(place));
      for (const name of new Set([...names, ...directory.entries.keys()])) {
        if (NOT_RECORDED.test(name)) continue;
        if (!names.has(name)) return `${place}/${name} is not on the disk`;
        const file = path.join(place, name);
        const entry = directory.entries.get(name);
        if (entry === undefined) return `${file} is not in the record`;
        const inner = entry instanceof Directory ? compare(file, entry) : sameContent(file, entry);
        if (inner !== null) return inner;
      }
      return null;
    };
    return compare(this.#path, this.#root);
  }

  /** Replaces the content of the real directory by what a disk may have after a loss of power. */
  losePower(random: SeededRandom): { readonly lost: number; readonly kept: number } {
    const { steps, lost, kept } = chosenSteps(this.#steps, random);
    const names = new Map([...this.#first].map(([directory, entries]) => [directory, new Map(entries)]));
    for (const { directory, name, to } of steps.flatMap(({ changes }) => changes)) {
      const entries = names.get(directory) ?? new Map<string, Entry>();
      names.set(directory, entries);
      if (to === null) entries.delete(name);
      else entries.set(name, to);
    }
    fs.rmSync(this.#path, { recursive: true });
    const written = new Map<FileContent, string>();
    const write = (place: string, directory: Directory): void => {
      fs.mkdirSync(place);
      for (const [name, entry] of names.get(directory) ?? []) {
        const file = path.join(place, name);
        const same = entry instanceof FileContent ? written.get(entry) : undefined;
        if (entry instanceof Directory) write(file, entry);
        else if (same !== undefined) fs.linkSync(same, file);
        else {
          fs.writeFileSync(file, entry.afterPowerLoss(random));
          written.set(entry, file);
        }
      }
    };
    write(this.#path, this.#root);
    return { lost, kept };
  }
}

function sameContent(file: string, entry: FileContent): string | null {
  return fs.readFileSync(file).equals(entry.current()) ? null : `the content of ${file} differs from the record`;
}

/** Chooses which changes of names reached the disk. */
function chosenSteps(
  all: readonly NameStep[],
  random: SeededRandom,
): { readonly steps: readonly NameStep[]; readonly lost: number; readonly kept: number } {
  const sure = withEarlierSteps(all);
  const way = random.below(3);
  const first = random.below(all.length + 1);
  const lostNames = new Names();
  const steps: NameStep[] = [];
  let lost = 0;
  for (const [i, step] of all.entries()) {
    const wanted = way === 0 ? false : way === 1 ? i < first : random.chance(0.5);
    if (sure.has(step) || (wanted && !step.changes.some((change) => lostNames.has(change)))) steps.push(step);
    else {
      lost++;
      for (const change of step.changes) lostNames.add(change);
    }
  }
  return { steps, lost, kept: steps.length - sure.size };
}

/** Returns the durable steps, and the earlier steps of the same names. */
function withEarlierSteps(all: readonly NameStep[]): ReadonlySet<NameStep> {
  const sure = new Set<NameStep>();
  const needed = new Names();
  for (const step of all.toReversed()) {
    if (!step.durable && !step.changes.some((change) => needed.has(change))) continue;
    sure.add(step);
    for (const change of step.changes) needed.add(change);
  }
  return sure;
}

/** A set of names in directories. */
class Names {
  readonly #names = new Map<Directory, Set<string>>();

  has({ directory, name }: NameChange): boolean {
    return this.#names.get(directory)?.has(name) ?? false;
  }

  add({ directory, name }: NameChange): void {
    const names = this.#names.get(directory) ?? new Set();
    this.#names.set(directory, names);
    names.add(name);
  }
}
