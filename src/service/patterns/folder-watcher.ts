import type { Stats } from 'node:fs';
import path from 'node:path';
import { watch } from 'chokidar';
import type { Clock } from '../../core/clock.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { ServiceLog } from '../service-log.ts';

const DEBOUNCE_MS = 150;
/** Interval at which a folder that changes all the time is read. */
const DEBOUNCE_MAX_MS = 400;
const POLL_MS = 500;
/** Interval at which the folder is read without events: some file systems report none. */
const SAFETY_MS = 5000;

export interface FolderEvents {
  /** Something in the folder may have changed. */
  onChange(): void;
  onError(error: Error): void;
}

/** Reports events in a folder until the returned function is called. A simulation has its own. */
export type WatchFolder = (directory: string, events: FolderEvents) => () => Promise<void>;

export const watchFolder: WatchFolder = (directory, { onChange, onError }) => {
  const watcher = watch(directory, {
    ignoreInitial: true,
    depth: 2,
    followSymlinks: false,
    ignored: (file, stats) => !concernsPatterns(path.relative(directory, file), stats),
  });
  watcher.on('all', onChange);
  // Changes after the caller's first read had no event so far.
  watcher.on('ready', onChange);
  watcher.on('error', (error) => onError(error as Error));
  return () => watcher.close();
};

export interface WatcherSurroundings {
  readonly log: ServiceLog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly watchFolder: WatchFolder;
}

/**
 * Calls `onChange` shortly after a change in the folder. Never calls it while another call is
 * running.
 */
export class FolderWatcher {
  readonly #onChange: () => void | Promise<void>;
  readonly #close: () => Promise<void>;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  // Each of these cancels a timer.
  readonly #safety: () => void;
  #poll: (() => void) | null = null;
  #debounce: (() => void) | null = null;
  #firstEventAt = 0;
  #running = false;
  #again = false;

  constructor(directory: string, onChange: () => void | Promise<void>, around: WatcherSurroundings) {
    this.#onChange = onChange;
    this.#clock = around.clock;
    this.#scheduler = around.scheduler;
    this.#close = around.watchFolder(directory, {
      onChange: () => this.#soon(),
      onError: ({ message }) => {
        if (this.#poll !== null) return;
        around.log.warn({ directory }, `the folder cannot be watched, it is polled instead: ${message}`);
        this.#poll = this.#scheduler.every(POLL_MS, () => void this.#run());
      },
    });
    this.#safety = this.#scheduler.every(SAFETY_MS, () => void this.#run());
  }

  /**
   * Plans one call soon. An editor saves a file in several steps, which must cause only one call.
   */
  #soon(): void {
    const now = this.#clock.monotonicMs();
    if (this.#debounce === null) this.#firstEventAt = now;
    else this.#debounce();
    const wait = Math.max(0, Math.min(DEBOUNCE_MS, this.#firstEventAt + DEBOUNCE_MAX_MS - now));
    this.#debounce = this.#scheduler.after(wait, () => {
      this.#debounce = null;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#again = this.#running;
    if (this.#running) return;
    this.#running = true;
    try {
      do {
        this.#again = false;
        await this.#onChange();
      } while (this.#again);
    } finally {
      this.#running = false;
    }
  }

  async close(): Promise<void> {
    this.#debounce?.();
    this.#poll?.();
    this.#safety();
    await this.#close();
  }
}

/**
 * Names that are watched in a pattern's folder. Files that jobs write beside them must not cause
 * events.
 */
const WATCHED = new Set(['pattern.sql', 'case.json', 'input', 'expected']);

/**
 * Returns whether a path below the watched folder can change a pattern. Directories and links at
 * the top level always can.
 */
export function concernsPatterns(relative: string, stats?: Stats): boolean {
  const [name = '', inside] = relative.split(path.sep);
  if (name.startsWith('.')) return false;
  if (inside !== undefined) return WATCHED.has(inside);
  return stats?.isFile() !== true || name === '' || name.endsWith('.sql');
}
