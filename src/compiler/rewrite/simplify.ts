import type { Expression } from '../../plan/expression.ts';
import { collectColumns, mapAggregate, replaceColumns, walk } from '../../plan/walk-expression.ts';
import type { Relation } from '../lower/relation.ts';
import { logicOf } from '../typecheck/expression-forms.ts';
import { bottomUp } from './bottom-up.ts';
import { isDeterministic } from './deterministic.ts';
import { withKnownConditions } from './known-conditions.ts';

/**
 * Simplifies the graph bottom-up:
 *
 *   project(project(x))   → project(x)          when nothing is computed twice
 *   filter(filter(x))     → filter(x)
 *   filter(project(x))    → project(filter(x))  when the condition repeats no computation
 *   project(x) = x's columns in order → x
 *   c IS NOT NULL                       → TRUE  when c is never NULL
 *   sink(project(x) by position)        → sink(x)
 *
 * A filter never moves below a watermark, because the rows that the filter drops also advance the
 * watermark.
 */
export function simplify(root: Relation): Relation {
  return simplifier()(root);
}

/**
 * Returns a simplifying function. Use one function for several roots, so that shared relations
 * remain shared.
 */
export const simplifier = (): ((root: Relation) => Relation) => bottomUp((relation) => rewrite(withKnown(relation)));

/** Replaces known conditions in a relation. */
function withKnown(relation: Relation): Relation {
  const { operation } = relation;
  const known = (expression: Expression): Expression =>
    withKnownConditions(expression, (value) => isNeverNull(value, relation.inputs[0]!));
  switch (operation.kind) {
    case 'project':
      return { ...relation, operation: { ...operation, expressions: operation.expressions.map(known) } };
    case 'filter':
      return { ...relation, operation: { ...operation, condition: known(operation.condition) } };
    case 'group-aggregate':
    case 'window-aggregate': {
      const aggregates = operation.aggregates.map((call) => mapAggregate(call, known));
      return { ...relation, operation: { ...operation, aggregates } };
    }
    default:
      return relation;
  }
}

/**
 * Returns whether the result of an aggregate, or a CAST of it, is never NULL. A column that a table
 * declares as NOT NULL may still be missing in a line, so it does not count.
 */
function isNeverNull(value: Expression, relation: Relation): boolean {
  if (value.type.nullable) return false;
  if (value.kind === 'cast') return value.onError === 'fail' && isNeverNull(value.input, relation);
  if (value.kind !== 'column') return false;
  const { operation, inputs } = relation;
  switch (operation.kind) {
    case 'group-aggregate':
    case 'window-aggregate': {
      const key = operation.keys[value.index];
      return key === undefined || isNeverNull({ ...value, index: key }, inputs[0]!);
    }
    case 'filter':
      return isNeverNull(value, inputs[0]!);
    case 'project':
      return isNeverNull(operation.expressions[value.index]!, inputs[0]!);
    default:
      return false;
  }
}

function rewrite(relation: Relation): Relation {
  const input = relation.inputs[0];
  if (relation.operation.kind === 'filter' && input !== undefined) {
    const { condition } = relation.operation;
    if (input.operation.kind === 'filter') {
      return {
        ...relation,
        operation: { kind: 'filter', condition: logicOf('and', [input.operation.condition, condition]) },
        inputs: input.inputs,
      };
    }
    if (input.operation.kind === 'project') {
      const { expressions } = input.operation;
      if (!isCheap(condition, expressions)) return relation;
      const below = input.inputs[0]!;
      const pushed = rewrite({
        ...relation,
        operation: { kind: 'filter', condition: replaceColumns(condition, (column) => expressions[column.index]!) },
        inputs: [below],
        fields: below.fields,
      });
      return { ...input, inputs: [pushed] };
    }
  }
  if (relation.operation.kind === 'project' && input !== undefined) {
    if (input.operation.kind === 'project') {
      const inner = input.operation.expressions;
      if (!mergeable(relation.operation.expressions, inner)) return relation;
      const expressions = relation.operation.expressions.map((expression) =>
        replaceColumns(expression, (column) => inner[column.index]!),
      );
      return rewrite({ ...relation, operation: { kind: 'project', expressions }, inputs: input.inputs });
    }
    if (isIdentity(relation.operation.expressions, input) && sameFields(relation, input)) return input;
  }
  // a sink writes columns by position and does not use the input's names
  if (
    relation.operation.kind === 'sink' &&
    input?.operation.kind === 'project' &&
    isIdentity(input.operation.expressions, input.inputs[0]!)
  ) {
    return { ...relation, inputs: input.inputs };
  }
  return relation;
}

const isTrivial = (expression: Expression): boolean =>
  expression.kind === 'column' ||
  expression.kind === 'literal' ||
  (expression.kind === 'field' && isTrivial(expression.input));

/** Returns whether the condition reads only columns that the projection does not change. */
function isCheap(condition: Expression, expressions: readonly Expression[]): boolean {
  const used = new Set<number>();
  collectColumns(condition, used);
  return [...used].every((index) => isTrivial(expressions[index]!));
}

/**
 * Returns whether two projections can be merged. Each computed column of the inner projection must
 * be read at most once. Its value must not depend on the place of evaluation.
 */
function mergeable(outer: readonly Expression[], inner: readonly Expression[]): boolean {
  const uses = new Map<number, number>();
  for (const expression of outer) {
    walk(expression, (part) => {
      if (part.kind === 'column') uses.set(part.index, (uses.get(part.index) ?? 0) + 1);
    });
  }
  return inner.every(
    (expression, index) => isTrivial(expression) || ((uses.get(index) ?? 0) <= 1 && isDeterministic(expression)),
  );
}

/** Returns whether the expressions are the input's columns in their order. */
function isIdentity(expressions: readonly Expression[], input: Relation): boolean {
  return (
    expressions.length === input.fields.length &&
    expressions.every((expression, i) => expression.kind === 'column' && expression.index === i)
  );
}

const sameFields = (a: Relation, b: Relation): boolean =>
  a.fields.every(
    (field, i) => field.name === b.fields[i]!.name && JSON.stringify(field.type) === JSON.stringify(b.fields[i]!.type),
  );
