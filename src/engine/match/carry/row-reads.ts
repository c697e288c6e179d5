import type { MatchNode } from '../../../plan/match-node.ts';
import type { Nfa } from '../../../plan/nfa/nfa.ts';
import { walk } from '../../../plan/walk-expression.ts';
import { columnsIn } from '../expression-columns.ts';
import { shownColumns } from '../kept-columns.ts';

/**
 * Returns for each variable the columns that conditions, measures and output rows read of its rows.
 */
export function rowReads(node: MatchNode, nfa: Nfa): readonly ReadonlySet<number>[] {
  const reads = nfa.variables.map(() => new Set(shownColumns(node)));
  for (const expression of [...node.define.map(({ condition }) => condition), ...node.measures]) {
    walk(expression, (part) => {
      if (part.kind !== 'match-navigation' && part.kind !== 'match-aggregate') return;
      const columns = columnsIn(part);
      const members = node.subsets.find(({ name }) => name === part.variable)?.members ?? [part.variable];
      nfa.variables.forEach((name, i) => {
        if (part.variable !== null && !members.includes(name)) return;
        for (const column of columns) reads[i]!.add(column);
      });
    });
  }
  return reads;
}
