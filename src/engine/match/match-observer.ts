import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Nfa } from '../../plan/nfa/nfa.ts';
import type { ConditionProbe } from './explain/condition-probe.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PartialMatch, PathNode } from './partial-match.ts';
import type { StandardObserver } from './standard/standard-observer.ts';

/**
 * Observes the matching of a pattern: the matcher reports each event of each partial match to it.
 * With an observer, every partial match is offered every row, and all its rows are kept.
 */
export interface MatchObserver {
  /** Called once, before all other calls. */
  open(observed: ObservedPattern): void;
  /** Called for a row at or behind the watermark. `read` reads a column of the input. */
  late(read: (column: number) => unknown, time: number, watermark: number): void;
  /** Called before a row is offered. */
  row(row: RowUnderTest): void;
  /**
   * The row has been offered to a partial match (the start has no path). `successors` are the
   * partial matches open afterwards, including itself if it is unchanged; with `stopped` they are
   * dropped, because the row belongs to a negated variable. `completed` was called before for its
   * completed matches. The list is valid during the call only.
   */
  tried(partial: PartialMatch, row: RowUnderTest, successors: readonly PartialMatch[], stopped: boolean): void;
  /** Called when a match is complete. The match is emitted now, or waits for earlier starts. */
  completed(match: PartialMatch): void;
  /**
   * Called when time has reached `time` and some bound has passed. The next events happen at this
   * time.
   */
  time(time: number): void;
  /**
   * Called when the bound of a partial match has passed. A partial match that waited for an absence
   * is complete.
   */
  expired(partial: PartialMatch, time: number): void;
  /** Called when a match is emitted. `time`: the bound that completed an absence. */
  matched(path: PathNode, time?: number): void;
  /**
   * Called when AFTER MATCH drops these partial and complete matches. `by` is the last row of the
   * match that caused this.
   */
  skipped(dropped: readonly PartialMatch[], by: PathNode): void;
}

/** The name of the pattern's node that is observed, and an observer of its semantics. */
export type ObservedMatch =
  | { readonly node: string; readonly semantics: 'flink'; readonly observer: MatchObserver }
  | { readonly node: string; readonly semantics: 'standard'; readonly observer: StandardObserver };

/** Information that an observer needs to interpret the events. */
export interface ObservedPattern {
  readonly node: MatchNode;
  readonly nfa: Nfa;
  /** Fields of the input. */
  readonly input: readonly Field[];
  /** The columns of the input that kept rows contain, in their order. */
  readonly columns: readonly number[];
  readonly probe: ConditionProbe;
}
