import type { KeptRow } from '../partial-match.ts';

/**
 * A row of a partition, with what is known of it before any attempt looks at it. `sequence` counts
 * the partition's rows from 0.
 */
export interface PartitionRow extends KeptRow {
  /** Bit v: the part of variable v's condition that reads only the row holds. */
  readonly holds: number;
  /**
   * Bit v: that part failed on some row of its batch, so the whole condition is evaluated where an
   * attempt asks.
   */
  readonly asks: number;
  /** Where attempts had threads before this row. */
  readonly tries: Tries;
}

/**
 * Bits of a small integer: variables and instructions beyond this many do without the shortcuts.
 */
export const BITS = 31;

/**
 * Where the attempt under way had threads before a row, and where those that found nothing had:
 * another that comes to the same place, and that no condition ahead can tell apart, need not try
 * again. So attempts over the same rows do not each go through all of them.
 */
export class Tries {
  /** Bit p: instruction p, for threads of which conditions ahead see nothing. */
  #tried = 0;
  #dead = 0;
  #triedKeys: string[] | null = null;
  #deadKeys: Set<string> | null = null;

  /** Notes a thread; false where it has been found to lead nowhere. */
  add(at: number, key: string): boolean {
    if (key === '' && at < BITS) {
      const bit = 1 << at;
      if ((this.#dead & bit) !== 0) return false;
      this.#tried |= bit;
      return true;
    }
    const mark = `${at}:${key}`;
    if (this.#deadKeys?.has(mark) === true) return false;
    this.#triedKeys ??= [];
    this.#triedKeys.push(mark);
    return true;
  }

  /** The attempt has found nothing. */
  fail(): void {
    this.#dead |= this.#tried;
    this.#tried = 0;
    if (this.#triedKeys === null) return;
    this.#deadKeys ??= new Set();
    for (const mark of this.#triedKeys) this.#deadKeys.add(mark);
    this.#triedKeys = null;
  }

  /** The attempt has found something, or was cut short: its threads tell nothing. */
  forget(): void {
    this.#tried = 0;
    this.#triedKeys = null;
  }
}
