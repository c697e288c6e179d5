/**
 * The condition of an edge of the automaton on a row. It is the condition of one pattern variable,
 * or a combination that Flink's construction makes (`until` and the greedy rewrite AND edges with
 * negated conditions). Variables by index.
 */
export type EdgeCondition =
  | { readonly kind: 'always' }
  | { readonly kind: 'variable'; readonly variable: number }
  | { readonly kind: 'not'; readonly of: EdgeCondition }
  | { readonly kind: 'and'; readonly left: EdgeCondition; readonly right: EdgeCondition };

export const ALWAYS: EdgeCondition = { kind: 'always' };

/** Returns the condition of a variable. */
export function holds(variable: number): EdgeCondition {
  return { kind: 'variable', variable };
}

export function not(of: EdgeCondition): EdgeCondition {
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

export function and(left: EdgeCondition, right: EdgeCondition): EdgeCondition {
  if (left.kind === 'always') return right;
  if (right.kind === 'always') return left;
  return { kind: 'and', left, right };
}

/** Returns the condition as text, for tests and `explain`. */
export function conditionText(condition: EdgeCondition, variables: readonly string[]): string {
  switch (condition.kind) {
    case 'always':
      return 'TRUE';
    case 'variable':
      return variables[condition.variable]!;
    case 'not':
      return `NOT ${conditionText(condition.of, variables)}`;
    case 'and':
      return `(${conditionText(condition.left, variables)} AND ${conditionText(condition.right, variables)})`;
  }
}
