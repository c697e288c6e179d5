import type { Field } from '../../../core/data-type.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { type PatternShape, patternShape } from '../pattern-shape.ts';

/** The pattern of the old or of the new plan. */
export interface PatternVersion extends PatternShape {
  /** The number of its operator in state keys. */
  readonly operator: number;
  readonly settings: Readonly<Record<string, string>>;
  /**
   * By column: a description of its content (`Lineage`), also for columns of earlier rows that PREV
   * reads. Columns of two versions with the same text have the same values.
   */
  readonly holds: readonly string[];
}

export function patternVersion(
  operator: number,
  node: MatchNode,
  input: readonly Field[],
  columns: readonly string[],
  settings: Readonly<Record<string, string>>,
): PatternVersion {
  const shape = patternShape(node, input);
  const lagged = shape.lags.map(({ column, rows }) => `${columns[column]!}, ${rows} rows before`);
  return { ...shape, operator, settings, holds: [...columns, ...lagged] };
}

/**
 * Returns for each position in `wanted` (columns of `after`) the place in `kept` (columns of
 * `before`) of the column with the same content, or -1.
 */
export function placesOfSame(
  after: PatternVersion,
  wanted: readonly number[],
  before: PatternVersion,
  kept: readonly number[],
): Int32Array {
  const held = kept.map((column) => before.holds[column]!);
  return Int32Array.from(wanted, (column) => held.indexOf(after.holds[column]!));
}

/** Returns the names of the columns of `wanted` without a place. */
export function namesMissing(after: PatternVersion, wanted: readonly number[], places: Int32Array): readonly string[] {
  return wanted.flatMap((column, i) => (places[i]! < 0 ? [after.fields[column]!.name] : []));
}
