import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Nfa } from '../../plan/nfa/nfa.ts';
import type { ConditionProbe } from './explain/condition-probe.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PartialMatch, PathNode } from './partial-match.ts';

/**
 * Looks on while a pattern is matched: it is told what becomes of each partial match, and decides
 * nothing. The matcher calls it where there is one; every partial match is then offered every row,
 * and all its rows are kept.
 */
export interface MatchObserver {
  /** Once, before anything else. */
  open(observed: ObservedPattern): void;
  /** A row at or behind the watermark; `read` reads a column of the input. */
  late(read: (column: number) => unknown, time: number, watermark: number): void;
  /** A row is about to be offered. */
  row(row: RowUnderTest): void;
  /**
   * The row has been offered to a partial match (the start has no path). `successors` are those
   * open afterwards, itself among them where it stays; with `stopped` they are dropped, since the
   * row belongs to a negated variable. What it completes is told by `completed` right before. The
   * list is good for the call only.
   */
  tried(partial: PartialMatch, row: RowUnderTest, successors: readonly PartialMatch[], stopped: boolean): void;
  /** A match is complete; it comes out now, or waits for earlier starts. */
  completed(match: PartialMatch): void;
  /** Time has come to `time`, where some bound has passed; what follows happens now. */
  time(time: number): void;
  /**
   * The bound of a partial match has passed. One that waited for nothing to come until then is
   * complete by it.
   */
  expired(partial: PartialMatch, time: number): void;
  /** A match comes out. */
  matched(path: PathNode): void;
  /** AFTER MATCH of the match that ends with `by` drops these partial and complete matches. */
  skipped(dropped: readonly PartialMatch[], by: PathNode): void;
}

/** What an observer is to understand what it is told by. */
export interface ObservedPattern {
  readonly node: MatchNode;
  readonly nfa: Nfa;
  /** Fields of the input. */
  readonly input: readonly Field[];
  /** Columns of the input that kept rows hold, in their order. */
  readonly columns: readonly number[];
  readonly probe: ConditionProbe;
}
