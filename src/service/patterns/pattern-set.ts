import type { Scheduler } from '../../core/scheduler.ts';
import type { PatternStatus } from '../service-api.ts';
import { FolderWatcher, type WatchFolder } from './folder-watcher.ts';
import { Pattern, type PatternSurroundings } from './pattern.ts';
import type { PatternFiles } from './pattern-files.ts';
import { type PatternFile, readPatternFolder } from './pattern-folder.ts';

/** Number of patterns that start at the same time when the service starts. */
const STARTING_MAX = 3;

export interface PatternSetSurroundings extends PatternSurroundings {
  readonly scheduler: Scheduler;
  readonly files: PatternFiles;
  readonly watchFolder: WatchFolder;
}

/**
 * Applies the changes of a folder to the running patterns. Patterns are independent: a slow or
 * broken pattern does not delay others.
 */
export class PatternSet {
  readonly #directory: string;
  readonly #around: PatternSetSurroundings;
  readonly #patterns = new Map<string, Pattern>();
  /** The current change of each pattern; changes of one pattern are applied in sequence. */
  readonly #busy = new Map<string, Promise<void>>();
  #watcher: FolderWatcher | null = null;
  /** The folder exists, or existed. */
  #made = false;
  #closed = false;

  constructor(directory: string, around: PatternSetSurroundings) {
    this.#directory = directory;
    this.#around = around;
  }

  /**
   * Starts the patterns in the folder and watches the folder. Resolves when these patterns have
   * been started.
   */
  async open(): Promise<void> {
    this.#watcher = new FolderWatcher(this.#directory, () => this.#look(), this.#around);
    const waiting = [...(this.#read() ?? new Map<string, PatternFile>()).values()];
    const starter = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !this.#closed; next = waiting.shift()) {
        await this.#take(next);
      }
    };
    await Promise.all(Array.from({ length: STARTING_MAX }, starter));
  }

  #look(): void {
    if (this.#closed) return;
    const found = this.#read();
    if (found === null) return;
    for (const file of found.values()) void this.#take(file);
    for (const [name, pattern] of this.#patterns) {
      if (found.has(name)) continue;
      this.#patterns.delete(name);
      void this.#enqueue(name, () => pattern.remove());
    }
  }

  /** Null: the folder cannot be read now. */
  #read(): ReadonlyMap<string, PatternFile> | null {
    const { files, log } = this.#around;
    try {
      if (!this.#made) files.makeDirectory(this.#directory);
      this.#made = true;
      return readPatternFolder(this.#directory, files);
    } catch (error) {
      // A folder may be absent for a moment (a mount, a checkout). This does not stop its patterns.
      log.error({ directory: this.#directory }, `cannot be read: ${(error as Error).message}`);
      return null;
    }
  }

  #take(file: PatternFile): Promise<void> {
    let pattern = this.#patterns.get(file.name);
    if (pattern === undefined) {
      pattern = new Pattern(file, this.#around);
      this.#patterns.set(file.name, pattern);
    }
    const taking = pattern;
    return this.#enqueue(file.name, () => (this.#closed ? Promise.resolve() : taking.take(file)));
  }

  #enqueue(name: string, action: () => Promise<void>): Promise<void> {
    const done = (this.#busy.get(name) ?? Promise.resolve()).then(action).catch((error: Error) => {
      this.#around.log.error({ pattern: name }, error.message);
    });
    this.#busy.set(name, done);
    void done.then(() => {
      if (this.#busy.get(name) === done) this.#busy.delete(name);
    });
    return done;
  }

  list(): readonly PatternStatus[] {
    return [...this.#patterns.values()].map((p) => p.status()).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  brokenNames(): readonly string[] {
    return [...this.#patterns.values()].flatMap((p) => (p.broken ? [p.name] : []));
  }

  /** Accepts no more changes and waits for the running ones. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#watcher?.close();
    await Promise.all(this.#busy.values());
  }
}
