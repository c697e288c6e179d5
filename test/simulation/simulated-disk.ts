import path from 'node:path';
import type { Disk, DiskStatus } from '../../src/core/disk.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import type { JobLock } from '../../src/storage/local/process-lock.ts';
import type { SeededRandom } from '../fuzz/seeded-random.ts';
import { Crash, type SimulatedProcess, type World } from './world.ts';

/** A file's content: as programs see it, and as it is stored durably. */
class Inode {
  readonly number: number;
  content: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
  /** Bytes that a failed sync has lost. Programs read them as written until the power is lost. */
  lost = 0;
  dirty = false;

  constructor(number: number) {
    this.number = number;
  }
}
type Entry = Inode | 'directory';

/** Names in one directory that change together. */
interface NameChange {
  readonly directory: string;
  readonly names: readonly (readonly [path: string, entry: Entry | null])[];
}

/** The probability of each failure, from 0 to 1. */
export interface DiskFaults {
  /** An input/output error. */
  error: number;
  /** A sync fails, and its bytes never become durable. */
  sync: number;
  /** Nothing can be written. */
  full: boolean;
}

/**
 * The disk of a machine, for several processes in turn. `losePower` removes data that was not
 * synced.
 */
export class SimulatedDisk {
  readonly faults: DiskFaults = { error: 0, sync: 0, full: false };
  readonly #random: SeededRandom;
  #names = new Map<string, Entry>([['/', 'directory']]);
  #durable = new Map<string, Entry>([['/', 'directory']]);
  #pending: NameChange[] = [];
  #inodes = 0;
  #handles = 0;
  readonly #open = new Map<number, Inode>();
  #holder: SimulatedProcess | null = null;

  constructor(world: World) {
    this.#random = world.random;
  }

  losePower(): void {
    // Directories lose their last changes: each directory separately, or all changes after one
    // moment.
    const random = this.#random;
    const oneMoment = random.chance(0.5) ? random.below(this.#pending.length + 1) : null;
    const kept = new Map<string, number>();
    this.#pending.forEach((change, i) => {
      if (!kept.has(change.directory)) {
        const all = this.#pending.filter((c) => c.directory === change.directory).length;
        kept.set(change.directory, random.below(all + 1));
      }
      const left = kept.get(change.directory)!;
      kept.set(change.directory, left - 1);
      if (oneMoment === null ? left > 0 : i < oneMoment) this.#makeDurable(change);
    });
    this.#pending = [];
    for (const [name] of this.#durable) if (!this.#reachable(name)) this.#durable.delete(name);
    this.#names = new Map(this.#durable);
    for (const inode of new Set(this.#names.values())) if (inode !== 'directory') this.#tear(inode);
    this.#open.clear();
  }

  #reachable(name: string): boolean {
    for (let at = path.dirname(name); at !== '/'; at = path.dirname(at)) if (!this.#durable.has(at)) return false;
    return true;
  }

  #tear(inode: Inode): void {
    const random = this.#random;
    if (inode.dirty || inode.lost > 0) {
      const { content, durable } = inode;
      const written = content.length <= durable.length ? durable : this.#written(inode);
      if (!inode.dirty || random.chance(0.4)) inode.content = durable;
      else inode.content = Buffer.from(written.subarray(0, random.between(durable.length, written.length)));
    }
    inode.durable = inode.content;
    inode.lost = 0;
    inode.dirty = false;
  }

  /** Returns the bytes that a sync makes durable. Bytes of a failed sync have become zeros. */
  #written({ content, lost }: Inode): Buffer {
    return lost === 0 ? content : Buffer.concat([Buffer.alloc(lost), content.subarray(lost)]);
  }

  #makeDurable({ names }: NameChange): void {
    for (const [name, entry] of names) {
      if (entry === null) this.#durable.delete(name);
      else this.#durable.set(name, entry);
    }
  }

  #change(directory: string, ...names: NameChange['names']): void {
    for (const [name, entry] of names) {
      if (entry === null) this.#names.delete(name);
      else this.#names.set(name, entry);
    }
    this.#pending.push({ directory, names });
  }

  /** Returns the lock of the job on this machine, which a process holds until it dies. */
  lockFor(life: SimulatedProcess): JobLock {
    return {
      acquire: (what) => {
        if (this.#holder !== null && !this.#holder.dead) throw new EngineError('JOB_LOCKED', `${what} is in use`, {});
        this.#holder = life;
      },
      release: () => {
        if (this.#holder === life) this.#holder = null;
      },
    };
  }

  /** Flips a bit without an error, as an old disk does. */
  damage(file: string): void {
    const inode = this.#names.get(file) as Inode;
    if (inode.content.length === 0) return;
    const content = Buffer.from(inode.content);
    const at = this.#random.below(content.length);
    content[at] = content[at]! ^ 16;
    inode.content = content;
    inode.durable = content;
  }

  /**
   * Returns the paths of files below a directory, as a reader sees them. `durable`: as they would
   * be after a loss of power.
   */
  files(below: string, durable = false): ReadonlyMap<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const [name, entry] of durable ? this.#durable : this.#names) {
      if (entry === 'directory' || !name.startsWith(`${below}/`)) continue;
      found.set(name, durable ? entry.durable : entry.content);
    }
    return found;
  }

  /** Removes a file permanently, as a reader would. */
  takeAway(file: string): void {
    this.#change(path.dirname(file), [file, null]);
    this.#sync(path.dirname(file));
  }

  #sync(directory: string): void {
    for (const change of this.#pending) if (change.directory === directory) this.#makeDurable(change);
    this.#pending = this.#pending.filter((change) => change.directory !== directory);
  }

  #inode(file: string): Inode {
    const entry = this.#names.get(file);
    if (entry === undefined || entry === 'directory') throw failure('ENOENT', file);
    return entry;
  }

  #parent(file: string): string {
    const directory = path.dirname(file);
    if (this.#names.get(directory) !== 'directory') throw failure('ENOENT', file);
    return directory;
  }

  #mayFail(file: string, writes: boolean): void {
    if (writes && this.faults.full) throw failure('ENOSPC', file);
    if (this.#random.chance(this.faults.error)) throw failure('EIO', file);
  }

  #syncInode(inode: Inode, file: string): void {
    if (this.#random.chance(this.faults.sync)) {
      inode.lost = inode.content.length;
      inode.dirty = false;
      throw failure('EIO', file);
    }
    if (!inode.dirty) return;
    inode.durable = this.#written(inode);
    inode.dirty = false;
  }

  #put(file: string, content: Buffer): Inode {
    const parent = this.#parent(file);
    const known = this.#names.get(file);
    const inode = known instanceof Inode ? known : new Inode(++this.#inodes);
    if (known === undefined) this.#change(parent, [file, inode]);
    inode.content = content;
    inode.dirty = true;
    inode.lost = 0;
    return inode;
  }

  #link(from: string, to: string): void {
    if (this.#names.has(to)) throw failure('EEXIST', to);
    this.#change(this.#parent(to), [to, this.#inode(from)]);
  }

  #rename(from: string, to: string): void {
    this.#change(this.#parent(to), [from, null], [to, this.#inode(from)]);
  }

  #remove(file: string): void {
    for (const name of [...this.#names.keys()].reverse()) {
      if (name === file || name.startsWith(`${file}/`)) this.#change(path.dirname(name), [name, null]);
    }
  }

  #makeDirectory(directory: string): string | null {
    const made: string[] = [];
    for (let at = directory; !this.#names.has(at); at = path.dirname(at)) made.unshift(at);
    for (const one of made) this.#change(path.dirname(one), [one, 'directory']);
    return made[0] ?? null;
  }

  /** Returns the disk as a process sees it. */
  seenBy(life: SimulatedProcess): Disk {
    const now = <T>(what: string, file: string, writes: boolean, effect: () => T): T =>
      life.atOnce(`${what} ${file}`, () => {
        this.#mayFail(file, writes);
        return effect();
      });
    const later = <T>(what: string, file: string, writes: boolean, effect: () => T): Promise<T> =>
      life.inTime(`${what} ${file}`, 2, () => {
        this.#mayFail(file, writes);
        return effect();
      });
    const status = (file: string): DiskStatus | null => {
      const entry = this.#names.get(file);
      if (entry === undefined) return null;
      if (entry === 'directory') return { size: 0, inode: 0, isDirectory: true };
      return { size: entry.content.length, inode: entry.number, isDirectory: false };
    };
    return {
      status: (file) => {
        if (life.dead) throw new Crash();
        return status(file);
      },
      list: (directory) =>
        now('list', directory, false, () => {
          if (this.#names.get(directory) !== 'directory') throw failure('ENOENT', directory);
          const names = [...this.#names.keys()].filter((name) => name !== '/' && path.dirname(name) === directory);
          return names.map((name) => path.basename(name));
        }),
      makeDirectory: (directory) => now('mkdir', directory, true, () => this.#makeDirectory(directory)),
      removeNow: (file) => now('remove', file, false, () => this.#remove(file)),
      renameNow: (from, to) => now('rename', to, false, () => this.#rename(from, to)),
      syncDirectory: (directory) => now('sync', directory, false, () => this.#sync(directory)),
      createNow: (file) =>
        now('create', file, true, () => {
          if (this.#names.has(file)) throw failure('EEXIST', file);
          this.#open.set(++this.#handles, this.#put(file, Buffer.alloc(0)));
          return this.#handles;
        }),
      append: (handle, bytes, from) =>
        now('append', String(handle), true, () => {
          const inode = this.#open.get(handle)!;
          const length = this.#random.chance(0.1) ? this.#random.between(1, bytes.length - from) : bytes.length - from;
          inode.content = Buffer.concat([inode.content, bytes.subarray(from, from + length)]);
          inode.dirty = true;
          return length;
        }),
      closeNow: (handle) => now('close', String(handle), false, () => void this.#open.delete(handle)),
      sync: (handle) => {
        const inode = this.#open.get(handle)!;
        return later('fsync', String(handle), false, () => this.#syncInode(inode, String(handle)));
      },
      syncFile: (file) => later('fsync', file, false, () => this.#syncInode(this.#inode(file), file)),
      write: async (file, content, durable) => {
        const copy = Buffer.from(content);
        await later('write', file, true, () => this.#put(file, copy));
        if (durable) await later('fsync', file, false, () => this.#syncInode(this.#inode(file), file));
      },
      read: (file) => later('read', file, false, () => Buffer.from(this.#inode(file).content)),
      pieces: (file) => once(later('read', file, false, () => Buffer.from(this.#inode(file).content))),
      link: (from, to) => later('link', to, true, () => this.#link(from, to)),
      copy: (from, to) => later('copy', to, true, () => void this.#put(to, Buffer.from(this.#inode(from).content))),
      rename: (from, to) => later('rename', to, false, () => this.#rename(from, to)),
      remove: (file) => later('remove', file, false, () => this.#remove(file)),
    };
  }
}

function failure(code: string, file: string): Error {
  return Object.assign(new Error(`${code}: ${file}`), { code });
}

async function* once(piece: Promise<Buffer>): AsyncIterable<Buffer> {
  yield await piece;
}
