import type { Stats } from 'node:fs';
import path from 'node:path';
import { watch } from 'chokidar';
import type { Clock } from '../../core/clock.ts';
import type { ServiceLog } from '../service-log.ts';

const DEBOUNCE_MS = 150;
/** Interval at which a folder that changes all the time is read. */
const DEBOUNCE_MAX_MS = 400;
const POLL_MS = 500;
/** Interval at which the folder is read without events: some file systems report none. */
const SAFETY_MS = 5000;

/**
 * Calls `onChange` shortly after a change in the folder. Never calls it while another call is
 * running.
 */
export class FolderWatcher {
  readonly #onChange: () => void | Promise<void>;
  readonly #close: () => Promise<void>;
  readonly #safety: NodeJS.Timeout;
  #poll: NodeJS.Timeout | null = null;
  #debounce: NodeJS.Timeout | null = null;
  #firstEventAt = 0;
  #running = false;
  #again = false;

  readonly #clock: Clock;

  constructor(directory: string, onChange: () => void | Promise<void>, log: ServiceLog, clock: Clock) {
    this.#onChange = onChange;
    this.#clock = clock;
    const watcher = watch(directory, {
      ignoreInitial: true,
      depth: 2,
      followSymlinks: false,
      ignored: (file, stats) => !concernsPatterns(path.relative(directory, file), stats),
    });
    watcher.on('all', () => this.#soon());
    // Changes after the caller's first read had no event so far.
    watcher.on('ready', () => this.#soon());
    watcher.on('error', (error) => {
      if (this.#poll !== null) return;
      log.warn({ directory }, `the folder cannot be watched, it is polled instead: ${(error as Error).message}`);
      this.#poll = setInterval(() => void this.#run(), POLL_MS);
    });
    this.#close = () => watcher.close();
    this.#safety = setInterval(() => void this.#run(), SAFETY_MS);
  }

  /**
   * Plans one call soon. An editor saves a file in several steps, which must cause only one call.
   */
  #soon(): void {
    const now = this.#clock.monotonicMs();
    if (this.#debounce === null) this.#firstEventAt = now;
    else clearTimeout(this.#debounce);
    const wait = Math.max(0, Math.min(DEBOUNCE_MS, this.#firstEventAt + DEBOUNCE_MAX_MS - now));
    this.#debounce = setTimeout(() => {
      this.#debounce = null;
      void this.#run();
    }, wait);
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
    if (this.#debounce !== null) clearTimeout(this.#debounce);
    if (this.#poll !== null) clearInterval(this.#poll);
    clearInterval(this.#safety);
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
