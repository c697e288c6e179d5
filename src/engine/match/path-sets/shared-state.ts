import type { NfaState } from '../../../plan/nfa/nfa.ts';
import type { KeptRow, KeyRecord } from '../partial-match.ts';
import type { LoopPositions } from './loop-positions.ts';
import type { PathSet } from './path-set.ts';

/** The partial matches of a key in one state, or in one counted loop. */
export interface PathGroup {
  /** The first state of a counted loop. */
  readonly state: NfaState;
  readonly paths: PathSet;
  /** The number of paths whose start is after `afterOf`. */
  readonly count: number;
  /** The counters of a counted loop. Null: one state. */
  readonly loop: LoopPositions | null;
}

/**
 * A complete match that partial matches with earlier starts hold back: the path number `ordinal` of
 * those in `paths` that begin with `start`. With `more` also all paths after it.
 */
export interface HeldMatch {
  readonly start: KeptRow;
  readonly paths: PathSet;
  readonly ordinal: number;
  readonly more: boolean;
}

/** The state of a key whose partial matches share their rows. */
export interface SharedKeyState extends KeyRecord {
  /** At most one group for each state or counted loop, in the order of `stateOrder`. */
  groups: readonly PathGroup[];
  /** Starts up to this sequence are dead. Path sets may still contain them. */
  after: number;
  /** Whether partial matches may still begin. */
  begins: boolean;
  /** A binary heap (`start-order-heap.ts`). */
  completed: HeldMatch[];
  nextSequence: number;
  /** Approximate numbers of the parts of path sets, and of the rows, in memory. */
  parts: number;
  rows: number;
}

/** Returns the sequence up to which the starts in the paths of a group do not count. */
export function afterOf({ loop }: PathGroup, after: number): number {
  return loop === null ? after : Math.max(after, loop.after);
}

export function newSharedState(): SharedKeyState {
  return {
    groups: [],
    after: -1,
    begins: true,
    completed: [],
    nextSequence: 0,
    parts: 0,
    rows: 0,
    matches: 0,
    exactDeadline: Number.NEGATIVE_INFINITY,
    cleanupDeadline: Number.NEGATIVE_INFINITY,
  };
}
