import { EngineError } from '../core/engine-error.ts';
import { megabytesText } from '../core/quantity.ts';

const MEGABYTE = 1024 * 1024;
/** The least memory with which a busy job works at a useful speed. */
const BUSY_MIN = 8 * MEGABYTE;
/** The least share of an idle job. */
const IDLE_MIN = MEGABYTE / 2;
/**
 * Largest share for which a job's back end is sized. The rest of the share goes to its cache, which
 * can shrink when other jobs need the memory.
 */
const OPENING_MAX = 64 * MEGABYTE;
/** A busy job needs this many times the memory that it uses, up to its minimum. */
const GROWTH = 2;
/** A busy job gets this many times as much of the free memory as an idle one. */
const BUSY_WEIGHT = 4;

/** The use of memory of a job, as it reported last. */
export interface MemoryUse {
  /** Rows came in lately. */
  readonly busy: boolean;
  readonly usedBytes: number;
}

/**
 * The state memory of the process, divided among its active jobs. An idle job keeps what it uses.
 * The free memory goes mostly to the busy jobs. If the memory is short, idle jobs give memory to
 * busy ones. The sum of the shares never exceeds the budget.
 */
export class MemoryShares {
  readonly budgetBytes: number;

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /**
   * Throws an error with the figures if the working minimum of the busy jobs leaves no room. A busy
   * job with little state works with little memory, so many jobs may start at once.
   */
  check(uses: readonly MemoryUse[], more: number): void {
    const busy = uses.filter((use) => use.busy && use.usedBytes * GROWTH > IDLE_MIN).length;
    const idle = uses.length - busy + more;
    if (sum(uses.map(workingMinimum)) + more * IDLE_MIN <= this.budgetBytes) return;
    const minimum = `${busy} busy jobs need up to ${megabytesText(BUSY_MIN)} each, and ${idle} others 0.5 MB`;
    throw new EngineError('STATE_MEMORY', `state.memory is ${megabytesText(this.budgetBytes)}: ${minimum}`, {
      memoryBytes: this.budgetBytes,
      jobs: uses.length + more,
    });
  }

  /** Returns the share of each job, bytes. */
  divide(uses: readonly MemoryUse[]): readonly number[] {
    const least = uses.map((use) => (use.busy ? BUSY_MIN : IDLE_MIN));
    // What idle jobs use beyond their minimum. They give it up before a busy job gets too little.
    const kept = uses.map((use) => (use.busy ? 0 : Math.max(0, use.usedBytes - IDLE_MIN)));
    const left = this.budgetBytes - sum(least);
    if (left < 0) return least.map((bytes) => Math.floor((bytes * this.budgetBytes) / sum(least)));
    const keeps = Math.min(1, left / Math.max(1, sum(kept)));
    const free = Math.max(0, left - sum(kept));
    const weights = uses.map((use) => (use.busy ? BUSY_WEIGHT : 1));
    const unit = free / Math.max(1, sum(weights));
    return uses.map((_, i) => Math.floor(least[i]! + kept[i]! * keeps + weights[i]! * unit));
  }

  /** Returns the memory with which one of `jobs` jobs is opened. */
  opening(jobs: number): number {
    const equal = Math.floor(this.budgetBytes / Math.max(1, jobs));
    return Math.max(BUSY_MIN, Math.min(OPENING_MAX, equal));
  }
}

function workingMinimum({ busy, usedBytes }: MemoryUse): number {
  return busy ? Math.min(BUSY_MIN, Math.max(IDLE_MIN, usedBytes * GROWTH)) : IDLE_MIN;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
