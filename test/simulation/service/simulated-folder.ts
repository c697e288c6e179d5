import type { FolderEvents } from '../../../src/service/patterns/folder-watcher.ts';
import type { PatternFiles } from '../../../src/service/patterns/pattern-files.ts';
import type { SimulatedProcess, World } from '../world.ts';

const FOLDER = '/patterns';

/** A folder of patterns, which people change at any time, also while no service runs. */
export class SimulatedFolder {
  /** The probability of an error, a short read or a flipped bit of each call, from 0 to 1. */
  fault = 0;
  /** Name → text. */
  readonly texts = new Map<string, string>();
  /** Name → how often a read gave another text, by a short read or a flipped bit. */
  readonly misreads = new Map<string, number>();
  readonly #world: World;
  #exists = false;
  #notify: () => void = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  write(name: string, text: string): void {
    this.#world.note(`the pattern ${name} is written`);
    this.#exists = true;
    this.texts.set(name, text);
    this.#notify();
  }

  remove(name: string): void {
    this.#world.note(`the pattern ${name} is removed`);
    this.texts.delete(name);
    this.#notify();
  }

  /** Reports most events to a process. The others are found by the next look. */
  watchedBy(life: SimulatedProcess): (directory: string, events: FolderEvents) => () => Promise<void> {
    return (_directory, events) => {
      const { random } = this.#world;
      const soon = (): void => {
        if (random.chance(0.8)) this.#world.after(random.below(50), life, '', events.onChange);
      };
      this.#notify = soon;
      soon();
      return () => Promise.resolve();
    };
  }

  /** Returns the folder as a process sees it. */
  seenBy(life: SimulatedProcess): PatternFiles {
    const { random } = this.#world;
    const call = <T>(what: string, effect: () => T): T =>
      life.atOnce(what, () => {
        if (random.chance(this.fault)) throw Object.assign(new Error(`EIO: ${what}`), { code: 'EIO' });
        return effect();
      });
    const textOf = (path: string): string | undefined => this.texts.get(path.slice(FOLDER.length + 1, -'.sql'.length));
    return {
      makeDirectory: () =>
        call('make /patterns', () => {
          if (random.chance(this.fault)) throw Object.assign(new Error('ENOSPC: /patterns'), { code: 'ENOSPC' });
          this.#exists = true;
        }),
      list: () =>
        call('list /patterns', () => {
          if (!this.#exists) throw Object.assign(new Error('ENOENT: /patterns'), { code: 'ENOENT' });
          return [...this.texts.keys()].map((name) => `${name}.sql`);
        }),
      realPath: (path) => call(`resolve ${path}`, () => path),
      status: (path) =>
        call(`look at ${path}`, () => {
          const text = textOf(path);
          return text === undefined ? null : { isDirectory: false, irregular: null, size: text.length, mtimeMs: 0 };
        }),
      has: (path) => call(`look for ${path}`, () => textOf(path) !== undefined),
      read: (path) =>
        call(`read ${path}`, () => {
          const text = textOf(path);
          if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
          const isShort = random.chance(this.fault);
          if (!isShort && !random.chance(this.fault)) return { text };
          const name = path.slice(FOLDER.length + 1, -'.sql'.length);
          this.misreads.set(name, (this.misreads.get(name) ?? 0) + 1);
          if (isShort) return { text: text.slice(0, random.below(text.length)) };
          const bytes = Buffer.from(text);
          const at = random.below(bytes.length);
          bytes[at] = bytes[at]! ^ 1;
          return { text: bytes.toString() };
        }),
    };
  }
}
