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
 * Flink uses a versioned shared buffer instead. It finds nodes by (row, variable) and needs
 * versions to distinguish the paths. Here references own the nodes.
 */
export interface PathNode {
  readonly row: KeptRow;
  readonly variable: number;
  readonly previous: PathNode | null;
  /** Rows from the start to here. With an index on a later node: not set. */
  readonly length: number;
  /**
   * Standard semantics: the row is in `{- … -}`, so ALL ROWS PER MATCH does not show it.
   */
  readonly excluded?: boolean;
  /** The nodes of this path and of those before it. Absent: they must be walked. */
  readonly index?: PathIndex;
  /**
   * The node before all rows of the same variable that end with this one. It lets a search skip a
   * loop. Absent: not known.
   */
  readonly beforeRun?: PathNode | null;
  /** The walk that visited the node last, see `walkNumber` in `match-state-codec.ts`. */
  mark?: number;
}

/**
 * The nodes of a path by variable, newest first. Successive paths have the same object: `kept` has
 * the number of nodes of each variable that are the same as in the version before.
 */
export interface PathIndex {
  readonly version: number;
  readonly ofVariable: readonly (readonly PathNode[])[];
  readonly kept: Int32Array;
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

/** The data that the operator keeps for a key in addition to the matcher's state. */
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
  /** The state is measured when it has more nodes than this (`Matcher.nodesIn`). */
  measureAt?: number;
}

/**
 * The state of a key. Partial matches begin from the start, which is in no list.
 */
export interface MatchKeyState extends KeyRecord {
  readonly partial: PartialList;
  /**
   * Whether partial matches may still begin. As in Flink, a row that leads from the start to a stop
   * state sets this to false.
   */
  begins: boolean;
  /**
   * Complete matches that partial matches with earlier starts hold back. The array is a binary heap
   * (`start-order-heap.ts`), so its order matters.
   */
  completed: PartialMatch[];
  nextSequence: number;
  /** The number of path nodes in memory, or more: `measure` of the codec makes it exact. */
  nodes: number;
}

/** Returns `beforeRun` of a node with a variable that follows `previous`. */
export function beforeRunOf(previous: PathNode | null, variable: number): PathNode | null {
  if (previous?.variable !== variable) return previous;
  return previous.beforeRun === undefined ? previous.previous : previous.beforeRun;
}

/** Returns the rows of a path, oldest first. */
export function pathRows(path: PathNode): PathNode[] {
  const nodes = new Array<PathNode>(path.length);
  let at = path.length;
  for (let node: PathNode | null = path; node !== null; node = node.previous) nodes[--at] = node;
  return nodes;
}
