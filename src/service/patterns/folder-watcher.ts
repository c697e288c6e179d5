import { watch } from 'chokidar';
import type { ServiceLog } from '../service-log.ts';

const DEBOUNCE_MS = 150;
const POLL_MS = 500;
/** Also without any event the folder is looked at: some file systems report none. */
const SAFETY_MS = 5000;

/** Calls `onChange` some time after something in the folder changed; often enough, and never while another call of it is running. */
export class FolderWatcher {
  readonly #onChange: () => void | Promise<void>;
  readonly #close: () => Promise<void>;
  readonly #safety: NodeJS.Timeout;
  #poll: NodeJS.Timeout | null = null;
  #debounce: NodeJS.Timeout | null = null;
  #running = false;
  #again = false;

  constructor(directory: string, onChange: () => void | Promise<void>, log: ServiceLog) {
    this.#onChange = onChange;
    const watcher = watch(directory, { ignoreInitial: true, depth: 2, followSymlinks: false });
    watcher.on('all', () => this.#soon());
    // What came between the caller's own look and now has no event.
    watcher.on('ready', () => this.#soon());
    watcher.on('error', (error) => {
      if (this.#poll !== null) return;
      log.warn({ directory }, `the folder cannot be watched, it is polled instead: ${(error as Error).message}`);
      this.#poll = setInterval(() => void this.#run(), POLL_MS);
    });
    this.#close = () => watcher.close();
    this.#safety = setInterval(() => void this.#run(), SAFETY_MS);
  }

  /** An editor saves in several steps; they become one call. */
  #soon(): void {
    if (this.#debounce !== null) clearTimeout(this.#debounce);
    this.#debounce = setTimeout(() => void this.#run(), DEBOUNCE_MS);
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
