import type { Field } from '../../../core/data-type.ts';
import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { compileScalar, type MatchResolver } from '../../expressions/compile-scalar.ts';
import { type BatchRow, emptyBinding, type MatchBinding } from '../match-binding.ts';
import type { PathNode } from '../partial-match.ts';
import { ConjunctProbe, type FailedCondition } from './conjunct-probe.ts';

/**
 * Finds the parts of a condition that are not TRUE after the rows of a path. It uses the same
 * closures as the conditions of the matcher with Flink's semantics.
 */
export class ConditionProbe {
  readonly #probe: ConjunctProbe<MatchBinding>;
  readonly #current: BatchRow;
  readonly #binding: MatchBinding;

  /** `current` is the row under test. */
  constructor(
    variables: readonly string[],
    define: MatchNode['define'],
    fields: readonly Field[],
    current: BatchRow,
    resolver: MatchResolver<MatchBinding>,
    environment: FunctionEnvironment,
  ) {
    this.#current = current;
    this.#binding = emptyBinding(current);
    const read = (_: MatchBinding, index: number): unknown => current.columns[index]!.get(current.row);
    this.#probe = new ConjunctProbe(variables, define, fields, (expression) =>
      compileScalar(expression, read, environment, resolver),
    );
  }

  /** Returns the condition of a variable as text. */
  textOf(variable: number): string {
    return this.#probe.textOf(variable);
  }

  /**
   * Returns the parts of the variable's condition that are not TRUE for the row under test after
   * the rows of `path`.
   */
  failures(variable: number, path: PathNode | null, time: number): FailedCondition[] {
    const binding = this.#binding;
    binding.path = path;
    binding.whole = path;
    binding.variable = variable;
    binding.time = time;
    this.#current.variable = variable;
    return this.#probe.failures(variable, binding);
  }
}
