import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Disk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { lineOf, readLine } from './journal-file.ts';

const NAME = 'name';
const TAKEN = 'journal-taken-over';

/**
 * The files of a data directory that tell which copy of the store it continues. They are whole and
 * durable, or absent, after a loss of power.
 */
export class CopyFiles {
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #newName: () => string;

  constructor(directory: string, disk: Disk, newName: () => string = randomUUID) {
    this.#directory = directory;
    this.#disk = disk;
    this.#newName = newName;
  }

  /** Returns the permanent name of the data directory. */
  async name(): Promise<string> {
    const known = (await this.#read(NAME))?.trim() ?? '';
    // Earlier versions left an empty file after a loss of power.
    if (known !== '') return known;
    const name = this.#newName();
    await this.#write(NAME, `${name}\n`);
    return name;
  }

  /**
   * Returns the number of the copy that the directory took over last. Null: it took over none.
   * Throws STATE_FORMAT if the file is damaged.
   */
  async takenOver(): Promise<number | null> {
    const text = await this.#read(TAKEN);
    if (text === null) return null;
    // Earlier versions wrote the number only. It was empty after a loss of power.
    if (/^\d*$/.test(text)) return Number(text);
    const content = readLine<{ readonly epoch: number }>(text.trimEnd());
    if (content !== null) return content.epoch;
    throw new EngineError('STATE_FORMAT', `${path.join(this.#directory, TAKEN)} is damaged`, {});
  }

  async noteTakeOver(epoch: number): Promise<void> {
    await this.#write(TAKEN, lineOf({ epoch }));
  }

  async #read(name: string): Promise<string | null> {
    const file = path.join(this.#directory, name);
    if (this.#disk.status(file) === null) return null;
    return (await this.#disk.read(file)).toString('utf8');
  }

  async #write(name: string, text: string): Promise<void> {
    const file = path.join(this.#directory, name);
    const fresh = `${file}.new`;
    await this.#disk.write(fresh, Buffer.from(text), true);
    this.#disk.renameNow(fresh, file);
    this.#disk.syncDirectory(this.#directory);
  }
}
