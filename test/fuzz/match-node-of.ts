import { BIGINT, timestamp } from '../../src/core/data-type.ts';
import type { Expression } from '../../src/plan/expression.ts';
import type { MatchNode } from '../../src/plan/match-node.ts';
import { column, first, last, matchNode } from '../unit/engine/operators/match-harness.ts';
import type { MatchCase } from './match-case.ts';
import { conditionOf } from './row-test-plan.ts';

const ROWTIME: Expression = { kind: 'match-time', time: 'rowtime', type: timestamp(3) };
const columnIndex = (name: 'k' | 'v' | 'kind'): number => (column(name) as { readonly index: number }).index;

/** The plan node of a case: it measures each shown variable, then the last row of all where all are shown, then the match's time. */
export function matchNodeOf(given: MatchCase): MatchNode {
  const measures = resultVariables(given).flatMap((variable): Expression[] => [
    first(variable, 'id'),
    last(variable, 'id'),
    count(variable),
  ]);
  const node = matchNode(
    given.pattern.elements,
    Object.fromEntries(Object.entries(given.conditions).map(([name, tests]) => [name, conditionOf(tests, name)])),
    [...measures, ...(given.measured === undefined ? [last(null, 'id')] : []), ROWTIME],
    {
      within: given.within,
      skip: given.skip,
      partition: given.partitioned ? [columnIndex('k')] : [],
      order: given.order.map(({ column: name, descending }) => ({
        column: columnIndex(name),
        descending,
        nullsFirst: !descending,
      })),
    },
  );
  return node;
}

function count(variable: string): Expression {
  const aggregate = { function: 'COUNT', args: [column('id')], distinct: false, type: BIGINT };
  return { kind: 'match-aggregate', variable, call: aggregate, type: BIGINT };
}

/** The variables that the result shows; of all only those that bind rows, in order of appearance. */
export function resultVariables({ conditions, measured }: MatchCase): readonly string[] {
  if (measured !== undefined) return measured;
  return Object.keys(conditions).filter((name) => !/^U\d/.test(name));
}
