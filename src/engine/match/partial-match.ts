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
 * One row on the path of a partial match, newest first. Partial matches share common beginnings.
 * Flink uses a versioned shared buffer for that, whose nodes are found by (row, variable) and need
 * a version to distinguish the paths. Here references own the nodes.
 */
export interface PathNode {
  readonly row: KeptRow;
  readonly variable: number;
  readonly previous: PathNode | null;
  /** Rows from the start to here. */
  readonly length: number;
  /**
   * Standard semantics: the row is in `{- … -}`, so ALL ROWS PER MATCH does not show it.
   */
  readonly excluded?: boolean;
}

/**
 * Immutable, except its position in the list of its key. The start, which has taken no row, is in
 * no list.
 */
export interface PartialMatch {
  readonly state: NfaState;
  readonly path: PathNode | null;
  /** First row; null only in the start. */
  readonly start: KeptRow | null;
  /** Its position in its `PartialList`. */
  place?: number;
}

/** What the operator keeps of a key besides the matcher's state. */
export interface KeyRecord {
  /** Matches of the partition so far; counted only if MATCH_NUMBER() is used. */
  matches: number;
  /**
   * Times of the key's timers, so that none is set twice; -Infinity = none.
   */
  exactDeadline: number;
  cleanupDeadline: number;
  /**
   * The key has a timer for the end of the input, which is permanent; see `END_OF_INPUT`.
   */
  awaitsEnd?: boolean;
}

/**
 * The state of a key. The start, from which partial matches begin, is in no list: it would come
 * after all others.
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
