import type { Expression } from '../../plan/expression.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { IGNORE, type Nfa } from '../../plan/nfa/nfa.ts';
import { walk } from '../../plan/walk-expression.ts';

/**
 * Returns the variables of a pattern whose rows are not read after they are taken: by no condition,
 * measure, shown row, AFTER MATCH clause, or bound from row to row. A partial match need not
 * remember these rows, so a loop over such a variable (`A X*? B`) costs nothing per row. The last
 * row of a match is always remembered.
 */
export function unreadVariables(node: MatchNode, nfa: Nfa): readonly string[] {
  const { rows, skip, within } = node;
  if (rows.kind !== 'one' || rows.timeouts || within?.type === 'previous-and-current') return [];
  if (nfa.hasGap || nfa.hasPending) return [];
  // A match that is complete when a row is passed over ends with the row before it.
  if (
    nfa.states.some(({ edges }) => edges.some(({ action, target }) => action === IGNORE && target.role === 'final'))
  ) {
    return [];
  }
  const read = new Set<string>();
  let all = false;
  const look = (expression: Expression): void =>
    walk(expression, (part) => {
      if (part.kind !== 'match-navigation' && part.kind !== 'match-aggregate') {
        all ||= part.kind === 'match-classifier';
        return;
      }
      all ||= part.variable === null || (part.kind === 'match-navigation' && part.physical !== undefined);
      const subset = node.subsets.find(({ name }) => name === part.variable);
      for (const name of subset?.members ?? [part.variable ?? '']) read.add(name);
    });
  for (const { condition } of node.define) look(condition);
  for (const measure of node.measures) look(measure);
  if (skip.kind === 'to-first' || skip.kind === 'to-last') {
    read.add(skip.variable);
    for (const name of node.subsets.find((subset) => subset.name === skip.variable)?.members ?? []) read.add(name);
  }
  return all ? [] : nfa.variables.filter((name) => !read.has(name));
}
