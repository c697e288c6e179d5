import fs from 'node:fs';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';

/** Event time between two rows. */
const STEP_MS = 40;
/** How far a row may be out of order; less than the delay of the watermark. */
const DISORDER_MS = 1_500;
const LIVE_CARDS = 40;
/** After this number of rows all cards are new. The state of old cards must then be removed. */
const ROWS_OF_CARDS = 3_000;
const KINDS = 20;
const FEED_EVERY_MS = 250;

/** Marks the last row, whose only purpose is to move the watermark beyond all others. */
export const END = '"end"';

/** Appends rows to the followed file at a steady rate. */
export class Feed {
  rows = 0;
  readonly file: string;
  readonly #random: SeededRandom;
  #timer: NodeJS.Timeout | null = null;
  #last = '';

  constructor(file: string, random: SeededRandom) {
    this.file = file;
    this.#random = random;
    fs.writeFileSync(file, '');
  }

  start(rowsPerSecond: number): void {
    const since = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - since) / 1000) * rowsPerSecond;
      // A suspended test does not catch up all at once, because that would be another load.
      this.#append(Math.min(rowsPerSecond, Math.floor(due - this.rows)));
    }, FEED_EVERY_MS);
  }

  /** Appends rows and a part of the next one, so that readers see lines that are not complete. */
  #append(rows: number): void {
    if (rows <= 0) return;
    let text = this.#last;
    for (let i = 0; i < rows; i++) text += this.#row();
    const cut = text.length - this.#random.below(60);
    this.#last = text.slice(cut);
    fs.appendFileSync(this.file, text.slice(0, cut));
  }

  #row(): string {
    const id = this.rows++;
    const random = this.#random;
    const time = Date.UTC(2026, 0, 1) + id * STEP_MS - random.below(DISORDER_MS);
    const ts = new Date(time).toISOString().slice(0, 23).replace('T', ' ');
    const card = `c${Math.floor(id / ROWS_OF_CARDS)}-${random.below(LIVE_CARDS)}`;
    const amount = random.below(100_000) / 100;
    return `{"id":${id},"card":"${card}","kind":"k${random.below(KINDS)}","amount":${amount},"ts":"${ts}"}\n`;
  }

  /** Completes the file. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    const ts = new Date(Date.UTC(2026, 0, 2) + this.rows * STEP_MS).toISOString().slice(0, 23).replace('T', ' ');
    const last = `{"id":-1,"card":${END},"kind":${END},"amount":100,"ts":"${ts}"}\n`;
    fs.appendFileSync(this.file, this.#last + last);
  }
}
