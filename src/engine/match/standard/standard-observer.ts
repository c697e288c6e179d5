import type { Field } from '../../../core/data-type.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import type { ConjunctProbe } from '../explain/conjunct-probe.ts';
import type { PathNode } from '../partial-match.ts';
import type { ConditionBinding } from './condition-binding.ts';
import type { PartitionRow } from './partition-row.ts';
import type { Found } from './partition-state.ts';

/**
 * Observes the matching of a pattern with the semantics of the SQL standard. The attempts of a
 * partition come one after the other. With an observer, every attempt tries every thread itself,
 * and rows keep all columns that the pattern reads.
 */
export interface StandardObserver {
  /** Called once, before all other calls. */
  openStandard(observed: ObservedStandardPattern): void;
  /** Called for a row at or behind the watermark. `read` reads a column of the input. */
  late(read: (column: number) => unknown, time: number, watermark: number): void;
  /** Called for each row of the partition. */
  row(): void;
  /** An attempt begins at this row. `open`: it has threads, or it has matched no row. */
  began(first: PartitionRow, open: boolean): void;
  /** The row has been tested for a variable after the thread's rows. The binding is valid now. */
  tested(binding: ConditionBinding, took: boolean): void;
  /** A thread at `$` ends, because another row follows. */
  followed(path: PathNode | null, row: PartitionRow): void;
  /** The row has been passed to all threads of the attempt. */
  offered(row: PartitionRow): void;
  /**
   * A thread gets no more rows. `waitsFor`: the variable that would take the next row. `bound`: the
   * attempt reads no rows from this time on; null at the end of the input.
   */
  cut(path: PathNode | null, waitsFor: number, bound: number | null): void;
  /** The attempt ends at `time`: with its preferred match, or without a match. */
  decided(best: Found | null, time: number): void;
}

/** Information that an observer needs to interpret the events. */
export interface ObservedStandardPattern {
  readonly node: MatchNode;
  readonly variables: readonly string[];
  /** Fields of the input. */
  readonly input: readonly Field[];
  /** The columns of the input that kept rows contain, in their order. */
  readonly columns: readonly number[];
  readonly probe: ConjunctProbe<ConditionBinding>;
}
