import type { MatchAggregate } from '../../plan/expression.ts';
import type { ScalarExpression } from '../expressions/evaluate.ts';
import type { PathIndex, PathNode } from './partial-match.ts';

/** Returns whether an aggregate is COUNT of a value, of each row. */
export function countsValues({ call }: MatchAggregate): boolean {
  return (
    call.function.toUpperCase() === 'COUNT' && call.args.length === 1 && !call.distinct && call.filter === undefined
  );
}

/**
 * Counts the values of one variable that are not NULL. Successive paths with an index have most
 * rows in common: only the others are evaluated.
 */
export class ValueCounts {
  readonly #value: ScalarExpression<PathNode>;
  readonly #variable: number;
  /** By place from the end of the path: the number of values up to there. */
  readonly #counts: number[] = [];
  #index: PathIndex | null = null;
  #version = -1;

  /** `variable`: the position in the automaton. */
  constructor(value: ScalarExpression<PathNode>, variable: number) {
    this.#value = value;
    this.#variable = variable;
  }

  count(index: PathIndex): number {
    const rows = index.ofVariable[this.#variable]!;
    const counts = this.#counts;
    const isNext = index === this.#index && (index.version === this.#version + 1 || index.version === this.#version);
    counts.length = isNext
      ? Math.min(counts.length, index.version === this.#version ? rows.length : index.kept[this.#variable]!)
      : 0;
    this.#index = index;
    this.#version = index.version;
    for (let i = counts.length; i < rows.length; i++) {
      counts.push((i === 0 ? 0 : counts[i - 1]!) + (this.#value(rows[i]!) === null ? 0 : 1));
    }
    return rows.length === 0 ? 0 : counts[rows.length - 1]!;
  }
}
