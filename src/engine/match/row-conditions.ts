import { Batch } from '../../batch/batch.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { compilePredicate } from '../expressions/compile-predicate.ts';
import { compileScalar, type MatchResolver } from '../expressions/compile-scalar.ts';
import { compileVector } from '../expressions/compile-vector.ts';
import type { Predicate, ScalarExpression, VectorExpression } from '../expressions/evaluate.ts';
import { capturedComparison } from './captured-comparison.ts';
import { capturedEquality } from './captured-equality.ts';
import { conjunction, conjuncts } from './conjuncts.ts';
import { readsMatch } from './expression-columns.ts';
import { keptBytes } from './kept-bytes.ts';
import { type BatchRow, emptyBinding, type MatchBinding } from './match-binding.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PathNode } from './partial-match.ts';

interface VariableCondition {
  /** The part that reads only the row under test, as a loop over the batch. */
  readonly alone: Predicate | null;
  /** The part that also reads rows matched before. */
  readonly rest: ScalarExpression<MatchBinding> | null;
  /** The whole condition, one row at a time. */
  readonly whole: ScalarExpression<MatchBinding>;
  /** Both sides of a conjunct `B.x > f(A.y)`. */
  readonly comparison: {
    readonly row: VectorExpression;
    readonly path: ScalarExpression<MatchBinding>;
    readonly sign: 1 | -1;
  } | null;
  /** Both sides of a conjunct `B.x = A.y`. */
  readonly equality: {
    readonly row: ScalarExpression<MatchBinding>;
    readonly path: ScalarExpression<MatchBinding>;
  } | null;
}

const EMPTY = new Batch(0, []);

const UNKNOWN_YET = 0;
const COMPUTED = 1;
/**
 * The loop failed on some row of the batch: a row is then evaluated only when a partial match needs
 * it, as in Flink.
 */
const ROW_BY_ROW = 2;

/**
 * Evaluates DEFINE for the rows of a sorted batch. The conjuncts of a variable that read only the
 * row are computed for the whole batch when the first partial match needs them. The other conjuncts
 * are evaluated for each partial match.
 */
export class RowConditions implements RowUnderTest {
  time = 0;
  keptBytes = 0;
  readonly equalities: readonly number[];
  readonly comparisons: readonly number[];
  #may = new Uint8Array(0);
  readonly #current: BatchRow;
  readonly #binding: MatchBinding;
  /** By variable of the automaton; null = TRUE for every row. */
  readonly #conditions: readonly (VariableCondition | null)[];
  readonly #progress: Uint8Array;
  readonly #bits: Uint8Array[];
  readonly #kept: readonly number[];
  #batch: Batch = EMPTY;
  #rows: Int32Array | null = null;
  #count = 0;

  constructor(
    variables: readonly string[],
    define: readonly { readonly variable: string; readonly condition: Expression }[],
    kept: readonly number[],
    current: BatchRow,
    resolver: MatchResolver<MatchBinding>,
    environment: FunctionEnvironment,
    subsets: MatchNode['subsets'] = [],
  ) {
    this.#current = current;
    this.#binding = emptyBinding(current);
    this.#kept = kept;
    this.#conditions = variables.map((name) => {
      const defined = define.find(({ variable }) => variable === name);
      return defined === undefined ? null : compileCondition(defined, subsets, resolver, environment);
    });
    this.comparisons = variables.flatMap((_, i) => ((this.#conditions[i]?.comparison ?? null) === null ? [] : [i]));
    this.equalities = variables.flatMap((_, i) => ((this.#conditions[i]?.equality ?? null) === null ? [] : [i]));
    this.#progress = new Uint8Array(variables.length);
    this.#bits = variables.map(() => new Uint8Array(0));
  }

  /** Starts a batch; its rows are those of `rows` (null = all). */
  begin(batch: Batch, rows: Int32Array | null, count: number): void {
    this.#batch = batch;
    this.#rows = rows;
    this.#count = count;
    this.#current.columns = batch.columns;
    this.#progress.fill(UNKNOWN_YET);
  }

  /** Releases the batch. */
  end(): void {
    this.#batch = EMPTY;
    this.#rows = null;
    this.#current.columns = [];
  }

  /** Moves to a physical row of the batch. */
  at(row: number, time: number): void {
    this.#current.row = row;
    this.time = time;
  }

  accepts(variable: number, path: PathNode | null): boolean {
    const condition = this.#conditions[variable]!;
    if (condition === null) return true;
    if (condition.alone !== null) {
      if (this.#progress[variable] === UNKNOWN_YET) this.#compute(variable, condition.alone);
      if (this.#progress[variable] === ROW_BY_ROW) return this.#evaluate(condition.whole, variable, path);
      if (this.#bits[variable]![this.#current.row] === 0) return false;
      if (condition.rest === null) return true;
    }
    return this.#evaluate(condition.rest ?? condition.whole, variable, path);
  }

  mayAccept(variable: number, may: Uint8Array, count: number): void {
    const condition = this.#conditions[variable]!;
    const alone = condition?.alone ?? null;
    if (alone !== null && this.#progress[variable] === UNKNOWN_YET) this.#compute(variable, alone);
    if (alone === null || this.#progress[variable] === ROW_BY_ROW) {
      may.fill(1, 0, count);
      return;
    }
    const bits = this.#bits[variable]!;
    const rows = this.#rows;
    for (let k = 0; k < count; k++) may[k] = bits[rows === null ? k : rows[k]!]!;
  }

  rowNumbers(variables: readonly number[], by: number, numbers: Float64Array, count: number): void {
    if (this.#may.length < count) this.#may = new Uint8Array(numbers.length);
    const may = this.#may;
    numbers.fill(Number.NEGATIVE_INFINITY, 0, count);
    if (by >= 0) {
      this.mayAccept(by, may, count);
      this.#compareWith(by, may, numbers, count);
    }
    for (const variable of variables) {
      if (variable === by) continue;
      this.mayAccept(variable, may, count);
      for (let k = 0; k < count; k++) if (may[k] === 1) numbers[k] = Number.POSITIVE_INFINITY;
    }
  }

  #compareWith(variable: number, may: Uint8Array, numbers: Float64Array, count: number): void {
    const { row, sign } = this.#conditions[variable]!.comparison!;
    const rows = this.#rows;
    let values: Float64Array | null = null;
    try {
      const vector = row(this.#batch, { rows, count });
      if (vector.kind === 'number' && vector.nulls === null) values = vector.values;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
    for (let k = 0; k < count; k++) {
      if (may[k] === 0) continue;
      numbers[k] = values === null ? Number.POSITIVE_INFINITY : sign * values[rows === null ? k : rows[k]!]!;
    }
  }

  changeThreshold(variable: number, path: PathNode): number {
    const { path: side, sign } = this.#conditions[variable]!.comparison!;
    const value = this.#sideOf(side, variable, path);
    // NULL is never less or more. A side that fails must report that when it is evaluated.
    if (value === null) return Number.POSITIVE_INFINITY;
    return typeof value === 'number' ? sign * value : Number.NEGATIVE_INFINITY;
  }

  rowValue(variable: number): unknown {
    const { alone, equality } = this.#conditions[variable]!;
    if (alone !== null) {
      if (this.#progress[variable] === UNKNOWN_YET) this.#compute(variable, alone);
      if (this.#progress[variable] === ROW_BY_ROW) return undefined;
      if (this.#bits[variable]![this.#current.row] === 0) return null;
    }
    return this.#sideOf(equality!.row, variable, null);
  }

  pathValue(variable: number, path: PathNode): unknown {
    return this.#sideOf(this.#conditions[variable]!.equality!.path, variable, path);
  }

  /**
   * Evaluates one side. A failure is reported only for the partial match that evaluates the side.
   */
  #sideOf(side: ScalarExpression<MatchBinding>, variable: number, path: PathNode | null): unknown {
    this.#binding.path = path;
    this.#binding.whole = path;
    this.#binding.variable = variable;
    try {
      return side(this.#binding);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return undefined;
    }
  }

  keep(): readonly unknown[] {
    const { columns, row } = this.#current;
    const values = this.#kept.map((column) => columns[column]!.get(row));
    this.keptBytes += keptBytes(values);
    return values;
  }

  #evaluate(expression: ScalarExpression<MatchBinding>, variable: number, path: PathNode | null): boolean {
    this.#binding.path = path;
    this.#binding.whole = path;
    this.#current.variable = variable;
    this.#binding.variable = variable;
    this.#binding.time = this.time;
    return expression(this.#binding) === true;
  }

  #compute(variable: number, alone: Predicate): void {
    let bits = this.#bits[variable]!;
    if (bits.length < this.#batch.size) {
      bits = new Uint8Array(this.#batch.size);
      this.#bits[variable] = bits;
    } else bits.fill(0, 0, this.#batch.size);
    try {
      const selected = alone(this.#batch, { rows: this.#rows, count: this.#count });
      for (let k = 0; k < selected.count; k++) bits[selected.rows === null ? k : selected.rows[k]!] = 1;
      this.#progress[variable] = COMPUTED;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#progress[variable] = ROW_BY_ROW;
    }
  }
}

function compileCondition(
  { variable, condition }: { readonly variable: string; readonly condition: Expression },
  subsets: MatchNode['subsets'],
  resolver: MatchResolver<MatchBinding>,
  environment: FunctionEnvironment,
): VariableCondition | null {
  if (condition.kind === 'literal' && condition.value === true) return null;
  const read = (binding: MatchBinding, index: number): unknown =>
    binding.current!.columns[index]!.get(binding.current!.row);
  const scalar = (expression: Expression) => compileScalar(expression, read, environment, resolver);
  const parts = conjuncts(condition);
  const alone = parts.filter((part) => !readsMatch(part));
  const rest = parts.filter(readsMatch);
  const names = new Set([variable, ...subsets.filter((s) => s.members.includes(variable)).map(({ name }) => name)]);
  const equality = capturedEquality(rest, names);
  const comparison = capturedComparison(rest, names);
  return {
    alone: alone.length === 0 ? null : compilePredicate(conjunction(alone), environment),
    rest: rest.length === 0 ? null : scalar(conjunction(rest)),
    whole: scalar(condition),
    comparison:
      comparison === null
        ? null
        : {
            row: compileVector(comparison.row, environment),
            path: scalar(comparison.path),
            sign: comparison.sign,
          },
    equality: equality === null ? null : { row: scalar(equality.row), path: scalar(equality.path) },
  };
}
