import type { Expression } from './expression.ts';
import { walk } from './walk-expression.ts';

/**
 * Returns the number of rows outside a match that its expressions read: before its first row
 * (PREV), and after its last (NEXT).
 */
export function physicalReach(expressions: readonly Expression[]): { readonly before: number; readonly after: number } {
  let before = 0;
  let after = 0;
  for (const expression of expressions) {
    walk(expression, (part) => {
      if (part.kind !== 'match-navigation') return;
      before = Math.max(before, -(part.physical ?? 0));
      after = Math.max(after, part.physical ?? 0);
    });
  }
  return { before, after };
}

/** Returns whether MATCH_NUMBER() is used, so matches have to be counted. */
export function readsMatchNumber(expressions: readonly Expression[]): boolean {
  return expressions.some((expression) => contains(expression, 'match-number'));
}

export function readsClassifier(expression: Expression): boolean {
  return contains(expression, 'match-classifier');
}

/**
 * Returns whether a condition of the standard's semantics can differ between two ways through the
 * pattern that took the same rows. It can if it asks which variable took them.
 */
export function tellsThreadsApart(condition: Expression): boolean {
  let found = readsClassifier(condition);
  walk(condition, (part) => {
    if (part.kind === 'match-navigation' || part.kind === 'match-aggregate') found ||= part.variable !== null;
  });
  return found;
}

function contains(expression: Expression, kind: Expression['kind']): boolean {
  let found = false;
  walk(expression, (part) => {
    found ||= part.kind === kind;
  });
  return found;
}
