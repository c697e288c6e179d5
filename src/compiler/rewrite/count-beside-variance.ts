import { BIGINT, withNullable } from '../../core/data-type.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import type { Relation, RelationField } from '../lower/relation.ts';
import { sameExpression } from '../typecheck/expression-forms.ts';
import { bottomUp } from './bottom-up.ts';

const VARIANCE = /^(VAR|STDDEV)/;
const REDUCED = new Set(['SUM', 'AVG']);

/**
 * Returns a function that adds COUNT for each SUM and AVG of a grouping with VAR or STDDEV. Flink
 * computes VAR and STDDEV from parts, and then SUM and AVG of the same grouping too: from a sum and
 * a count (`AggregateReduceFunctionsRule` of Calcite). So a row that changes only the count sends
 * −U and +U with equal values (recorded: `sum-beside-variance`). A projection drops the counts.
 */
export const counterBesideVariance = (): ((root: Relation) => Relation) => bottomUp(withCounts);

function withCounts(relation: Relation): Relation {
  const { operation, fields, scope } = relation;
  if (operation.kind !== 'group-aggregate') return relation;
  const { aggregates } = operation;
  if (!aggregates.some((call) => VARIANCE.test(call.function))) return relation;
  const counts: AggregateCall[] = [];
  for (const call of aggregates) {
    if (!REDUCED.has(call.function)) continue;
    const isCounted = [...aggregates, ...counts].some((other) => sendsCount(other) && sameRows(other, call));
    if (isCounted) continue;
    counts.push({ ...call, function: 'COUNT', type: withNullable(BIGINT, false) });
  }
  if (counts.length === 0) return relation;
  const added = counts.map((call, i): RelationField => ({ name: `count$${i}`, type: call.type }));
  const grouping: Relation = {
    ...relation,
    operation: { ...operation, aggregates: [...aggregates, ...counts] },
    fields: [...fields, ...added],
  };
  const expressions = fields.map(({ type }, index): Expression => ({ kind: 'column', index, type }));
  return { operation: { kind: 'project', expressions }, inputs: [grouping], fields, scope };
}

/** A change of the number of its values sends a change. */
const sendsCount = (call: AggregateCall): boolean => call.function === 'COUNT' || VARIANCE.test(call.function);

/** Whether two calls take the same values. */
function sameRows(a: AggregateCall, b: AggregateCall): boolean {
  if (a.distinct !== b.distinct || a.args.length !== b.args.length) return false;
  const sameFilter =
    a.filter === undefined || b.filter === undefined ? a.filter === b.filter : sameExpression(a.filter, b.filter);
  return sameFilter && a.args.every((arg, i) => sameExpression(arg, b.args[i]!));
}
