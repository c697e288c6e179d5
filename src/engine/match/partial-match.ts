import type { NfaState } from '../../plan/nfa/nfa.ts';

/** A row that a partial match took: kept once per key, with only the columns that conditions and measures read. */
export interface KeptRow {
  /** Event time, or the clock's time for processing time; milliseconds. */
  readonly time: number;
  /** Order of the key's kept rows: Flink compares starts by (time, sequence). */
  readonly sequence: number;
  readonly values: readonly unknown[];
}

/**
 * One row on the way of a partial match, newest first. Partial matches share their common beginnings, which is what Flink's versioned
 * shared buffer is for: its nodes are found by (row, variable) and need a version to tell the ways apart, these are owned by whoever
 * points at them.
 */
export interface PathNode {
  readonly row: KeptRow;
  readonly variable: number;
  readonly previous: PathNode | null;
  /** Rows from the start to here. */
  readonly length: number;
  /** Standard semantics: the row stands in `{- … -}`, so it does not come out in ALL ROWS PER MATCH. */
  readonly excluded?: boolean;
}

/** Immutable; the one that has taken no row is the start that always stays. */
export interface PartialMatch {
  readonly state: NfaState;
  readonly path: PathNode | null;
  /** First row; null only in the start. */
  readonly start: KeptRow | null;
}

/** What the operator keeps of a key beside the matcher's own state. */
export interface KeyRecord {
  /** Matches of the partition so far; counted only where MATCH_NUMBER() is asked for. */
  matches: number;
  /** Times under which the key stands in the operator's deadlines, so that none is written twice; -Infinity = none. */
  exactDeadline: number;
  cleanupDeadline: number;
}

/** What is kept of a key. Both lists are binary heaps (`start-order-heap.ts`); the order of their arrays matters. */
export interface MatchKeyState extends KeyRecord {
  partial: PartialMatch[];
  /** Complete, but held back by partial matches that started earlier. */
  completed: PartialMatch[];
  nextSequence: number;
}

/** The rows of a path, oldest first. */
export function pathRows(path: PathNode): PathNode[] {
  const nodes = new Array<PathNode>(path.length);
  for (let node: PathNode | null = path; node !== null; node = node.previous) nodes[node.length - 1] = node;
  return nodes;
}
