import { VectorBuilder } from '../../batch/vector.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { CaseExpression } from '../../plan/expression.ts';
import { compilePredicate } from './compile-predicate.ts';
import { compileVector } from './compile-vector.ts';
import type { Rows, VectorExpression } from './evaluate.ts';

/**
 * Compiles CASE over a batch. Each branch is evaluated only for the rows that took it. Each
 * condition is evaluated only for the rows that no earlier branch took.
 */
export function compileCaseVector(expression: CaseExpression, environment: FunctionEnvironment): VectorExpression {
  const branches = expression.branches.map((branch) => ({
    when: compilePredicate(branch.when, environment),
    then: compileVector(branch.then, environment),
  }));
  const otherwise = compileVector(expression.otherwise, environment);
  return (batch, rows) => {
    const builder = new VectorBuilder(expression.type, batch.size);
    const fill = (part: Rows, from: VectorExpression) => {
      if (part.count === 0) return;
      const vector = from(batch, part);
      for (let k = 0; k < part.count; k++) {
        const i = part.rows === null ? k : part.rows[k]!;
        builder.set(i, vector.get(i));
      }
    };
    let rest = rows;
    for (const { when, then } of branches) {
      if (rest.count === 0) break;
      const taken = when(batch, rest);
      fill(taken, then);
      rest = without(rest, taken);
    }
    fill(rest, otherwise);
    return builder.finish();
  };
}

/** Returns the rows that are not in `taken`, a subset; both ascending. */
export function without(all: Rows, taken: Rows): Rows {
  if (taken.count === 0) return all;
  const left = new Int32Array(all.count - taken.count);
  let n = 0;
  let t = 0;
  for (let k = 0; k < all.count; k++) {
    const i = all.rows === null ? k : all.rows[k]!;
    const next = taken.rows === null ? t : taken.rows[t]!;
    if (t < taken.count && next === i) t++;
    else left[n++] = i;
  }
  return { rows: left, count: n };
}
