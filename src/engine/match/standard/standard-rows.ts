import { Batch } from '../../../batch/batch.ts';
import { EngineError } from '../../../core/engine-error.ts';
import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import type { Expression } from '../../../plan/expression.ts';
import { compilePredicate } from '../../expressions/compile-predicate.ts';
import { compileScalar, type MatchResolver } from '../../expressions/compile-scalar.ts';
import type { Predicate, ScalarExpression } from '../../expressions/evaluate.ts';
import { conjunction, conjuncts } from '../conjuncts.ts';
import { readsMatch } from '../expression-columns.ts';
import { keptBytes } from '../kept-bytes.ts';
import type { BatchCursor } from '../matcher.ts';
import type { ConditionBinding } from './condition-binding.ts';
import { BITS, type PartitionRow, Tries } from './partition-row.ts';

interface VariableCondition {
  /** The part of the condition that reads only the row, as a loop over a batch. */
  readonly alone: Predicate | null;
  /** The part of the condition that also reads other rows. */
  readonly rest: ScalarExpression<ConditionBinding> | null;
  readonly whole: ScalarExpression<ConditionBinding>;
}

const EMPTY = new Batch(0, []);

/**
 * Rows and conditions with the semantics of the SQL standard. Several attempts read a row, also
 * long after its batch. Therefore conditions that depend only on the row are evaluated once, in a
 * loop over the batch. The row stores the results as bits.
 */
export class StandardRows implements BatchCursor {
  time = 0;
  keptBytes = 0;
  readonly #conditions: readonly (VariableCondition | null)[];
  readonly #kept: readonly number[];
  /** By variable and row of the batch: NO, YES or ASK. */
  readonly #verdicts: Uint8Array[];
  #batch: Batch = EMPTY;
  #row = 0;

  constructor(
    conditions: readonly (Expression | null)[],
    kept: readonly number[],
    keptAt: Int32Array,
    resolver: MatchResolver<ConditionBinding>,
    environment: FunctionEnvironment,
  ) {
    this.#kept = kept;
    const read = (binding: ConditionBinding, column: number): unknown => binding.row.values[keptAt[column]!];
    const scalar = (expression: Expression) => compileScalar(expression, read, environment, resolver);
    this.#conditions = conditions.map((condition) => {
      if (condition === null || (condition.kind === 'literal' && condition.value === true)) return null;
      const parts = conjuncts(condition);
      const alone = parts.filter((part) => !readsMatch(part));
      const rest = parts.filter(readsMatch);
      return {
        alone: alone.length === 0 ? null : compilePredicate(conjunction(alone), environment),
        rest: rest.length === 0 ? null : scalar(conjunction(rest)),
        whole: scalar(condition),
      };
    });
    this.#verdicts = conditions.map(() => new Uint8Array(0));
  }

  begin(batch: Batch, rows: Int32Array | null, count: number): void {
    this.#batch = batch;
    for (const [variable, condition] of this.#conditions.entries()) {
      if (condition?.alone && variable < BITS && count > 0) this.#compute(variable, condition.alone, rows, count);
    }
  }

  end(): void {
    this.#batch = EMPTY;
  }

  at(row: number, time: number): void {
    this.#row = row;
    this.time = time;
  }

  /**
   * Returns whether the row may be the first of a match, according to conditions on the row alone.
   */
  mayTake(variables: readonly number[]): boolean {
    return variables.some((variable) => {
      const condition = this.#conditions[variable]!;
      return condition === null || condition.alone === null || variable >= BITS || this.#verdict(variable) !== NO;
    });
  }

  /** Creates the row that the partition keeps. */
  keep(sequence: number): PartitionRow {
    let holds = 0;
    let asks = 0;
    for (let variable = 0; variable < this.#conditions.length && variable < BITS; variable++) {
      if (!this.#conditions[variable]?.alone) continue;
      const verdict = this.#verdict(variable);
      if (verdict === YES) holds |= 1 << variable;
      else if (verdict === ASK) asks |= 1 << variable;
    }
    const { columns } = this.#batch;
    const values = this.#kept.map((column) => columns[column]!.get(this.#row));
    this.keptBytes += keptBytes(values);
    return { time: this.time, sequence, values, holds, asks, tries: new Tries() };
  }

  /** Evaluates the condition of `binding.variable` for `binding.row`. UNKNOWN counts as false. */
  accepts(binding: ConditionBinding): boolean {
    const { row, variable } = binding;
    const condition = this.#conditions[variable]!;
    if (condition === null) return true;
    if (condition.alone === null) return condition.rest!(binding) === true;
    const bit = variable < BITS ? 1 << variable : 0;
    if (bit === 0 || (row.asks & bit) !== 0) return condition.whole(binding) === true;
    if ((row.holds & bit) === 0) return false;
    return condition.rest === null || condition.rest(binding) === true;
  }

  #verdict(variable: number): number {
    return this.#verdicts[variable]![this.#row]!;
  }

  #compute(variable: number, alone: Predicate, rows: Int32Array | null, count: number): void {
    let verdicts = this.#verdicts[variable]!;
    if (verdicts.length < this.#batch.size) {
      verdicts = new Uint8Array(this.#batch.size);
      this.#verdicts[variable] = verdicts;
    } else verdicts.fill(NO, 0, this.#batch.size);
    try {
      const selected = alone(this.#batch, { rows, count });
      for (let k = 0; k < selected.count; k++) verdicts[selected.rows === null ? k : selected.rows[k]!] = YES;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      verdicts.fill(ASK, 0, this.#batch.size);
    }
  }
}

const NO = 0;
const YES = 1;
/**
 * The loop failed for a row of the batch. Each row is then evaluated only when an attempt needs it.
 */
const ASK = 2;
