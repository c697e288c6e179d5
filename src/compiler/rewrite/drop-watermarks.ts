import type { Expression } from '../../plan/expression.ts';
import { walk } from '../../plan/walk-expression.ts';
import type { Relation } from '../lower/relation.ts';
import { topological } from './prune-columns.ts';

/**
 * Without any reader of event time the watermark of a plan with one source does nothing, and the
 * scan need not decode its column. With several sources it stays: watermarks decide the order in
 * which they are read.
 */
export function dropWatermarks(roots: readonly Relation[]): Relation[] {
  const order = topological(roots);
  const scans = order.filter((relation) => relation.operation.kind === 'scan');
  if (scans.length !== 1 || order.some(readsEventTime)) return [...roots];
  const rebuilt = new Map<Relation, Relation>();
  for (const relation of order) {
    const inputs = relation.inputs.map((input) => rebuilt.get(input)!);
    rebuilt.set(relation, relation.operation.kind === 'watermark' ? inputs[0]! : { ...relation, inputs });
  }
  return roots.map((root) => rebuilt.get(root)!);
}

function readsEventTime(relation: Relation): boolean {
  const { operation } = relation;
  switch (operation.kind) {
    case 'match':
    case 'window-aggregate':
    case 'window-table':
      return operation.time.time === 'rowtime';
    case 'project':
      return operation.expressions.some(readsWatermark);
    case 'filter':
      return readsWatermark(operation.condition);
    case 'group-aggregate':
      return operation.aggregates.some((call) =>
        [...call.args, ...(call.filter ? [call.filter] : [])].some(readsWatermark),
      );
    default:
      return false;
  }
}

function readsWatermark(expression: Expression): boolean {
  let found = false;
  walk(expression, (part) => {
    if (part.kind === 'call' && part.function === 'CURRENT_WATERMARK') found = true;
  });
  return found;
}
