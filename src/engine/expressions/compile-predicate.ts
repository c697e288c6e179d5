import type { Vector } from '../../batch/vector.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import { compileVector } from './compile-vector.ts';
import type { Predicate } from './evaluate.ts';
import { compareWithConstant, type Select } from './select-by-constant.ts';

/**
 * Compiles a condition to a selection of rows. AND narrows the selection step by step. OR evaluates
 * the rows that the earlier sides did not take. So each condition is evaluated only for the rows
 * that need it. `column <op> constant` is a plain loop over the column.
 *
 * The returned rows are in memory that the next call reuses.
 */
export function compilePredicate(expression: Expression, environment: FunctionEnvironment): Predicate {
  const select = compileSelect(expression, environment);
  let scratch = new Int32Array(0);
  return (batch, { rows, count }) => {
    if (scratch.length < count) scratch = new Int32Array(Math.max(count, batch.size));
    const selected = select(batch, rows, count, scratch);
    return { rows: scratch, count: selected };
  };
}

function compileSelect(expression: Expression, environment: FunctionEnvironment): Select {
  switch (expression.kind) {
    case 'and':
      return selectAll(expression.args.map((arg) => compileSelect(arg, environment)));
    case 'or':
      return selectAny(expression.args.map((arg) => compileSelect(arg, environment)));
    case 'not':
      return selectTruth(expression.args[0]!, false, environment);
    default:
      return compareWithConstant(expression, environment) ?? selectTruth(expression, true, environment);
  }
}

/** Narrows in place: the output of one is the input of the next. */
function selectAll(selects: readonly Select[]): Select {
  return (batch, rows, count, out) => {
    let left = rows;
    let n = count;
    for (const select of selects) {
      n = select(batch, left, n, out);
      if (n === 0) return 0;
      left = out;
    }
    return n;
  };
}

function selectAny(selects: readonly Select[]): Select {
  let open = new Int32Array(0);
  let taken = new Int32Array(0);
  let marks = new Uint8Array(0);
  return (batch, rows, count, out) => {
    if (marks.length < batch.size || open.length < count) {
      open = new Int32Array(Math.max(count, batch.size));
      taken = new Int32Array(open.length);
      marks = new Uint8Array(open.length);
    }
    let left = rows;
    let n = count;
    for (const select of selects) {
      const selected = select(batch, left, n, taken);
      for (let k = 0; k < selected; k++) marks[taken[k]!] = 1;
      let rest = 0;
      for (let k = 0; k < n; k++) {
        const i = left === null ? k : left[k]!;
        if (marks[i] === 0) open[rest++] = i;
      }
      left = open;
      n = rest;
      if (n === 0) break;
    }
    let selected = 0;
    for (let k = 0; k < count; k++) {
      const i = rows === null ? k : rows[k]!;
      if (marks[i] === 1) {
        marks[i] = 0;
        out[selected++] = i;
      }
    }
    return selected;
  };
}

/**
 * Evaluates the condition as a column and keeps the rows that have the wanted truth value. This is
 * the general way.
 */
function selectTruth(expression: Expression, wanted: boolean, environment: FunctionEnvironment): Select {
  const evaluate = compileVector(expression, environment);
  return (batch, rows, count, out) => rowsWith(evaluate(batch, { rows, count }), wanted, rows, count, out);
}

function rowsWith(vector: Vector, wanted: boolean, rows: Int32Array | null, count: number, out: Int32Array): number {
  let n = 0;
  if (vector.kind === 'boolean') {
    const { values, nulls } = vector;
    const truth = wanted ? 1 : 0;
    for (let k = 0; k < count; k++) {
      const i = rows === null ? k : rows[k]!;
      if (values[i] === truth && (nulls === null || nulls[i] === 0)) out[n++] = i;
    }
    return n;
  }
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (vector.get(i) === wanted) out[n++] = i;
  }
  return n;
}
