import fs from 'node:fs';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { DiskModel } from './disk-model.ts';
import { readRecords } from './record-log.ts';

/** Syncs that do not happen, so that the test must find a difference. */
export type IgnoredSyncs = 'files' | 'directories';

/** A directory whose power can go. One process after the other uses it. */
export class PoweredDisk {
  /** Losses of power, and kills without one. */
  losses = 0;
  killed = 0;
  /** Changes of names that were not synced: those that the losses of power took, and those left. */
  lost = 0;
  kept = 0;
  readonly directory: string;
  readonly #log: string;
  readonly #library: string;
  readonly #ignore: IgnoredSyncs | null;
  /** What the disk holds since the last loss of power. */
  #model: DiskModel | null = null;

  /** `library`: the compiled `recorder.c`. */
  constructor(directory: string, library: string, ignore: IgnoredSyncs | null) {
    fs.mkdirSync(directory, { recursive: true });
    this.directory = fs.realpathSync(directory);
    this.#log = `${this.directory}.record`;
    this.#library = library;
    this.#ignore = ignore;
  }

  /**
   * Prepares the disk for a process; returns its environment. The process gets SIGKILL at the call
   * with the number `killAt`, or never if the number is 0.
   */
  environment(killAt: number): Record<string, string> {
    fs.rmSync(this.#log, { force: true });
    this.#model ??= new DiskModel(this.directory);
    return {
      LD_PRELOAD: this.#library,
      RECORD_ROOT: this.directory,
      RECORD_LOG: this.#log,
      RECORD_KILL: String(killAt),
      ...(this.#ignore === null ? {} : { RECORD_IGNORE: this.#ignore }),
      // Calls by io_uring would not pass through the layer.
      UV_USE_IO_URING: '0',
    };
  }

  /**
   * Reads the record of a process that has ended. Throws if it does not explain what is on the
   * disk. Returns the number of recorded calls.
   */
  #readRecord(): number {
    const records = readRecords(this.#log);
    this.#model!.takeAll(records);
    const difference = this.#model!.differenceFromDisk();
    if (difference !== null) throw new Error(`the record is not complete: ${difference}`);
    return records.length;
  }

  /** The process was killed, and the power did not go: the next process sees all of its calls. */
  keepPower(): void {
    this.#readRecord();
    this.killed++;
  }

  /** After the end of the process: returns the number of its recorded calls. */
  losePower(random: SeededRandom): number {
    const calls = this.#readRecord();
    const { lost, kept } = this.#model!.losePower(random);
    this.#model = null;
    this.losses++;
    this.lost += lost;
    this.kept += kept;
    return calls;
  }
}
