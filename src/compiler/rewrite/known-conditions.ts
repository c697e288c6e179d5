import { withNullable } from '../../core/data-type.ts';
import type { CaseExpression, Expression, LogicExpression } from '../../plan/expression.ts';
import { mapChildren } from '../../plan/walk-expression.ts';
import { logicOf, sameExpression } from '../typecheck/expression-forms.ts';
import { isDeterministic } from './deterministic.ts';

/** The results of comparing a value with itself. */
const WITH_ITSELF: ReadonlyMap<string, boolean> = new Map([
  ['=', true],
  ['<=', true],
  ['>=', true],
  ['<>', false],
  ['<', false],
  ['>', false],
]);

/**
 * Replaces conditions whose result the types tell: COUNT is never NULL, so `c IS NOT NULL` and
 * `c <= c` are TRUE. Leaves out the last branches of a CASE that have the value of ELSE, but not of
 * an IF. Flink does the same (`RexSimplify` of Calcite). Columns that are then read no longer are
 * left out, so an aggregate that nobody reads sends no changes. `neverNull`: returns whether a
 * value is not NULL in any row.
 */
export function withKnownConditions(expression: Expression, neverNull: (value: Expression) => boolean): Expression {
  const inner = mapChildren(expression, (child) => withKnownConditions(child, neverNull));
  switch (inner.kind) {
    case 'call': {
      const [value, other] = inner.args;
      if (value === undefined || !neverNull(value)) return inner;
      const withItself = WITH_ITSELF.get(inner.function);
      if (withItself !== undefined && value.kind === 'column' && sameExpression(value, other!))
        return truth(withItself, inner);
      if (inner.function === 'IS NULL') return truth(false, inner);
      return inner.function === 'IS NOT NULL' ? truth(true, inner) : inner;
    }
    case 'not': {
      const value = truthOf(inner.args[0]!);
      return value === null ? inner : truth(!value, inner);
    }
    case 'and':
      return withoutKnown(inner, inner.args, false);
    case 'or':
      return withoutKnown(inner, inner.args, true);
    case 'case':
      return inner.fromIf ? inner : withoutDeadBranches(inner);
    default:
      return inner;
  }
}

/** `decides`: the value of one part that decides the whole. */
function withoutKnown(whole: LogicExpression, args: readonly Expression[], decides: boolean): Expression {
  if (args.some((arg) => truthOf(arg) === decides)) return truth(decides, whole);
  const left = args.filter((arg) => truthOf(arg) === null);
  if (left.length === args.length) return whole;
  return left.length === 0 ? truth(!decides, whole) : logicOf(whole.kind, left);
}

function withoutDeadBranches(whole: CaseExpression): Expression {
  const branches: { readonly when: Expression; readonly then: Expression }[] = [];
  let { otherwise } = whole;
  for (const branch of whole.branches) {
    const value = truthOf(branch.when);
    if (value === false || isRepeated(branch.when, branches, whole)) continue;
    if (value === true) {
      otherwise = branch.then;
      break;
    }
    branches.push(branch);
  }
  while (branches.length > 0 && sameExpression(branches.at(-1)!.then, otherwise)) branches.pop();
  if (branches.length > 0) return { ...whole, branches, otherwise };
  return sameButNull(otherwise, whole) ? { ...otherwise, type: whole.type } : whole;
}

/**
 * Returns whether an earlier branch of a CASE has the same condition. Flink removes such a branch
 * only if the CASE is a condition itself.
 */
function isRepeated(when: Expression, earlier: CaseExpression['branches'], { type }: CaseExpression): boolean {
  return (
    type.kind === 'boolean' && isDeterministic(when) && earlier.some((branch) => sameExpression(branch.when, when))
  );
}

/** Returns whether two types differ at most in whether they contain NULL. */
const sameButNull = (a: Expression, b: Expression): boolean =>
  JSON.stringify(withNullable(a.type, true)) === JSON.stringify(withNullable(b.type, true));

/** Returns the value of a literal; null: the expression is none, or it is NULL. */
const truthOf = (expression: Expression): boolean | null =>
  expression.kind === 'literal' && typeof expression.value === 'boolean' ? expression.value : null;

const truth = (value: boolean, { type }: Expression): Expression => ({ kind: 'literal', value, type });
