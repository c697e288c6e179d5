import { BIGINT, STRING, timestamp } from '../../src/core/data-type.ts';
import type { Expression } from '../../src/plan/expression.ts';
import type { MatchNode } from '../../src/plan/match-node.ts';
import { column, first, INPUT, last, matchNode } from '../unit/engine/operators/match-harness.ts';
import type { MatchCase } from './match-case.ts';
import { conditionOf } from './row-test-plan.ts';

const ROWTIME: Expression = { kind: 'match-time', time: 'rowtime', type: timestamp(3) };
const STATUS: Expression = { kind: 'match-status', type: STRING };
const CLASSIFIER: Expression = {
  kind: 'match-navigation',
  variable: null,
  direction: 'last',
  offset: 0,
  expression: { kind: 'match-classifier', type: STRING },
  type: STRING,
};
const columnIndex = (name: 'id' | 'k' | 'v' | 'kind'): number => (column(name) as { readonly index: number }).index;

/**
 * Returns the plan node of a case. It measures each shown variable, then the last row of all
 * variables if all are shown, then the match's time, its status, or the row's variable.
 */
export function matchNodeOf(given: MatchCase): MatchNode {
  const measures = resultVariables(given).flatMap((variable): Expression[] => [
    first(variable, 'id'),
    last(variable, 'id'),
    count(variable),
  ]);
  const node = matchNode(
    given.pattern.elements,
    Object.fromEntries(Object.entries(given.conditions).map(([name, tests]) => [name, conditionOf(tests, name)])),
    [
      ...measures,
      ...(given.measured === undefined ? [last(null, 'id')] : []),
      given.shows === undefined ? ROWTIME : given.shows === 'timeouts' ? STATUS : CLASSIFIER,
    ],
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
  if (given.shows === undefined) return node;
  if (given.shows === 'timeouts') return { ...node, rows: { kind: 'one', timeouts: true } };
  const id = columnIndex('id');
  const before = node.partition.length;
  return {
    ...node,
    rows: { kind: 'all', empty: 'show', unmatched: false },
    fields: [...node.fields.slice(0, before), INPUT[id]!, ...node.fields.slice(before)],
    outputs: [...node.outputs.slice(0, before), { column: id }, ...node.outputs.slice(before)],
  };
}

function count(variable: string): Expression {
  const aggregate = { function: 'COUNT', args: [column('id')], distinct: false, type: BIGINT };
  return { kind: 'match-aggregate', variable, call: aggregate, type: BIGINT };
}

/**
 * Returns the variables that the result shows, in order of appearance. If all are shown, these are
 * only the variables that bind rows.
 */
export function resultVariables({ conditions, measured }: MatchCase): readonly string[] {
  if (measured !== undefined) return measured;
  return Object.keys(conditions).filter((name) => !/^U\d/.test(name));
}
