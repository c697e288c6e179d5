import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';

const CHECK_EVERY_MS = 1000;
/** How long the job waits for space, without reading, before it fails. */
const WAIT_MS = 30_000;

interface DiskGuardOptions {
  readonly clock: Clock;
  /** Free bytes of the disk that holds the state. */
  readonly freeBytes: () => Promise<number>;
  /** Below so many free bytes the job does not go on; 0 = never looked at. */
  readonly lowWaterBytes: number;
  /** Entries in use by operator and table, for the message. */
  readonly entries: () => Readonly<Record<string, number>>;
  readonly onLow: (freeBytes: number) => void;
  /** The job was asked to stop: no more waiting. */
  readonly stopped: () => boolean;
}

/**
 * Keeps a job from filling the disk. State has no limit in number, since a limit changes answers;
 * so when the disk's low-water mark is reached the job reads nothing more, waits a while for space
 * (an older checkpoint may go, someone may tidy up), and then fails with the figures, while there
 * still is room for a checkpoint's last files and the log.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #nextCheck = 0;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  /** To be called between batches; waits only when space is short. Fails with STATE_DISK. */
  check(now: number): void | Promise<void> {
    if (now < this.#nextCheck || this.#options.lowWaterBytes === 0) return;
    this.#nextCheck = now + CHECK_EVERY_MS;
    return this.#look();
  }

  async #look(): Promise<void> {
    const { clock, freeBytes, lowWaterBytes, entries, onLow, stopped } = this.#options;
    const until = clock.monotonicMs() + WAIT_MS;
    let free = await freeBytes();
    if (free < lowWaterBytes) onLow(free);
    while (free < lowWaterBytes && !stopped()) {
      if (clock.monotonicMs() >= until) {
        const largest = Object.entries(entries()).sort(([, a], [, b]) => b - a)[0];
        const most = largest === undefined ? '' : `; most entries in use are of ${largest[0]}: ${largest[1]}`;
        throw new EngineError(
          'STATE_DISK',
          `only ${megabytesText(free)} are free on the disk of the state, state.disk.low-water-mark is ${megabytesText(lowWaterBytes)}${most}`,
          { freeBytes: free, lowWaterBytes },
        );
      }
      await clock.sleep(CHECK_EVERY_MS);
      free = await freeBytes();
    }
  }
}

/** For people, when a job begins to wait. */
export const diskLowText = (freeBytes: number): string =>
  `only ${megabytesText(freeBytes)} are free on the disk of the state; nothing is read until there is more`;
