import type { NfaState } from '../../plan/nfa/nfa.ts';
import type { PartialList } from './partial-list.ts';

/**
 * A row that a partial match took: kept once per key, with only the columns that conditions and
 * measures read.
 */
export interface KeptRow {
  /** Event time, or the clock's time for processing time; milliseconds. */
  readonly time: number;
  /** Order of the key's kept rows: Flink compares starts by (time, sequence). */
  readonly sequence: number;
  readonly values: readonly unknown[];
}

/**
 * One row on the way of a partial match, newest first. Partial matches share their common
 * beginnings, which is what Flink's versioned shared buffer is for: its nodes are found by (row,
 * variable) and need a version to tell the ways apart, these are owned by whoever points at them.
 */
export interface PathNode {
  readonly row: KeptRow;
  readonly variable: number;
  readonly previous: PathNode | null;
  /** Rows from the start to here. */
  readonly length: number;
  /**
   * Standard semantics: the row stands in `{- … -}`, so it does not come out in ALL ROWS PER
   * MATCH.
   */
  readonly excluded?: boolean;
}

/**
 * Immutable but for its place in the list of its key; the one that has taken no row is the start,
 * which stands in no list.
 */
export interface PartialMatch {
  readonly state: NfaState;
  readonly path: PathNode | null;
  /** First row; null only in the start. */
  readonly start: KeptRow | null;
  /** Where it stands in its `PartialList`. */
  place?: number;
}

/** What the operator keeps of a key beside the matcher's own state. */
export interface KeyRecord {
  /** Matches of the partition so far; counted only where MATCH_NUMBER() is asked for. */
  matches: number;
  /**
   * Times under which the key stands in the operator's deadlines, so that none is written twice;
   * -Infinity = none.
   */
  exactDeadline: number;
  cleanupDeadline: number;
  /**
   * The key stands in the deadlines for the end of the input, and so for good; see `END_OF_INPUT`.
   */
  awaitsEnd?: boolean;
}

/**
 * What is kept of a key. The start, from which partial matches begin, stands in no list: it would
 * come after all others.
 */
export interface MatchKeyState extends KeyRecord {
  readonly partial: PartialList;
  /**
   * Partial matches may still begin: a row that leads from the start to a stop state ends that, as
   * in Flink.
   */
  begins: boolean;
  /**
   * Complete, but held back by partial matches that started earlier. A binary heap
   * (`start-order-heap.ts`): the order of the array matters.
   */
  completed: PartialMatch[];
  nextSequence: number;
}

/** The rows of a path, oldest first. */
export function pathRows(path: PathNode): PathNode[] {
  const nodes = new Array<PathNode>(path.length);
  for (let node: PathNode | null = path; node !== null; node = node.previous) nodes[node.length - 1] = node;
  return nodes;
}
