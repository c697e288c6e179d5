import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';

const CHECK_EVERY_MS = 1000;
/** How long the job waits for free space before it fails. It reads no input during this time. */
const WAIT_MS = 30_000;

interface DiskGuardOptions {
  readonly clock: Clock;
  /** Free bytes of the disk with the state. */
  readonly freeBytes: () => Promise<number>;
  /** The job pauses when fewer bytes are free; 0: never checked. */
  readonly lowWaterBytes: number;
  /** The number of entries in use for each operator and table. The error names the largest. */
  readonly entries: () => Readonly<Record<string, number>>;
  readonly onLow: (freeBytes: number) => void;
  /** The job was asked to stop, so the guard does not wait. */
  readonly stopped: () => boolean;
}

/**
 * Keeps a job from filling the disk. The number of state entries has no limit, because a limit
 * would change results. At the low-water mark of the disk, the job stops reading and waits for free
 * space. An older checkpoint may be deleted, or a person may free space. If space is still low
 * after 30 s, the job fails, and the error gives the free bytes and the limit. The disk then still
 * has space for the last files of a checkpoint and for the log.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #nextCheck = 0;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  /**
   * Call this between batches. It waits only if space is low. Throws STATE_DISK if space is still
   * low after the wait.
   */
  check(now: number): void | Promise<void> {
    if (now < this.#nextCheck || this.#options.lowWaterBytes === 0) return;
    this.#nextCheck = now + CHECK_EVERY_MS;
    return this.#waitForSpace();
  }

  async #waitForSpace(): Promise<void> {
    const { clock, freeBytes, lowWaterBytes, entries, onLow, stopped } = this.#options;
    const until = clock.monotonicMs() + WAIT_MS;
    let free = await freeBytes();
    if (free < lowWaterBytes) onLow(free);
    while (free < lowWaterBytes && !stopped()) {
      if (clock.monotonicMs() >= until) {
        const largest = Object.entries(entries()).sort(([, a], [, b]) => b - a)[0];
        const most = largest === undefined ? '' : `; the largest table is ${largest[0]} with ${largest[1]} entries`;
        throw new EngineError(
          'STATE_DISK',
          `only ${megabytesText(free)} are free on the disk of the state; state.disk.low-water-mark is ${megabytesText(lowWaterBytes)}${most}`,
          { freeBytes: free, lowWaterBytes },
        );
      }
      await clock.sleep(CHECK_EVERY_MS);
      free = await freeBytes();
    }
  }
}

/** Returns the message for the log when a job begins to wait. */
export const diskLowText = (freeBytes: number): string =>
  `only ${megabytesText(freeBytes)} are free on the disk of the state; the job reads no input until more is free`;
