import type { Field } from '../../../core/data-type.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { type PatternShape, patternShape } from '../pattern-shape.ts';

/** A pattern as one of two plans has it. */
export interface PatternVersion extends PatternShape {
  /** Number of its operator in state keys. */
  readonly operator: number;
  readonly settings: Readonly<Record<string, string>>;
  /**
   * What each column holds (`Lineage`), those that PREV reads of earlier rows included: equal text
   * in two versions, equal values.
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
 * By position in `wanted`, columns of `after`: the place among `kept`, columns of `before`, of the
 * one that holds the same; -1: there is none.
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

/** Names of the columns of `wanted` that have no place. */
export function namesMissing(after: PatternVersion, wanted: readonly number[], places: Int32Array): readonly string[] {
  return wanted.flatMap((column, i) => (places[i]! < 0 ? [after.fields[column]!.name] : []));
}
