import type { KeptRow } from '../partial-match.ts';

/**
 * A row of a partition, with results that do not depend on an attempt. `sequence` counts the
 * partition's rows from 0.
 */
export interface PartitionRow extends KeptRow {
  /** Bit v: the part of variable v's condition that reads only this row is TRUE. */
  readonly holds: number;
  /**
   * Bit v: the evaluation of that part failed for a row of the batch. Each attempt then evaluates
   * the whole condition.
   */
  readonly asks: number;
  /** The instructions at which attempts had threads before this row. */
  readonly tries: Tries;
}

/**
 * The number of bits in a small integer. Further variables and instructions cannot use the bit
 * sets.
 */
export const BITS = 31;

/**
 * The threads before a row of the current attempt, and of attempts that found nothing. A later
 * thread at the same instruction is dropped if no later condition can distinguish it. Attempts over
 * the same rows do not repeat the same work.
 */
export class Tries {
  /** Bit p: instruction p, for threads whose rows no later condition reads. */
  #tried = 0;
  #dead = 0;
  #triedKeys: string[] | null = null;
  #deadKeys: Set<string> | null = null;

  /** Records a thread. Returns false if such a thread has found nothing before. */
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

  /** Keeps the threads of an attempt that has found nothing. */
  fail(): void {
    this.#dead |= this.#tried;
    this.#tried = 0;
    if (this.#triedKeys === null) return;
    this.#deadKeys ??= new Set();
    for (const mark of this.#triedKeys) this.#deadKeys.add(mark);
    this.#triedKeys = null;
  }

  /**
   * Drops the threads of an attempt that has found a match or was cut off, because they prove
   * nothing.
   */
  forget(): void {
    this.#tried = 0;
    this.#triedKeys = null;
  }
}
