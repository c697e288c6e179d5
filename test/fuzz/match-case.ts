import type { MatchNode, PatternSequence, SkipStrategy } from '../../src/plan/match-node.ts';
import type { TestRow } from '../unit/engine/operators/match-harness.ts';
import type { RowTest } from './row-test.ts';

/** A random case. It is plain JSON, so a failure can be stored and read. */
export interface MatchCase {
  readonly pattern: PatternSequence;
  /**
   * The conditions by variable, and by the name of a condition that only ends a loop. A condition
   * without tests is true for every row.
   */
  readonly conditions: Readonly<Record<string, readonly RowTest[]>>;
  readonly within: MatchNode['within'];
  readonly skip: SkipStrategy;
  /**
   * The variables whose rows the result shows. Absent: all variables, and the last row of the
   * match. Rows that no expression reads need not be kept.
   */
  readonly measured?: readonly string[];
  /**
   * `timeouts`: partial matches that their time bound ends are emitted as rows too (ONE ROW PER
   * MATCH SHOW TIMEOUT MATCHES). `all`: each row of a match is emitted (ALL ROWS PER MATCH).
   * Absent: one row for each match.
   */
  readonly shows?: 'timeouts' | 'all';
  readonly partitioned: boolean;
  /** Further ORDER BY columns. */
  readonly order: readonly { readonly column: 'v' | 'kind'; readonly descending: boolean }[];
  /** In order of arrival. */
  readonly rows: readonly TestRow[];
  /** The watermark stays this far behind the largest time, milliseconds. */
  readonly delayMs: number;
}
