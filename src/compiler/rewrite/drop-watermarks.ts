import { readsWatermark } from '../../plan/current-watermark.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Relation } from '../lower/relation.ts';
import { topological } from './prune-columns.ts';

/**
 * Removes the watermark of a plan with one source if no operator reads event time. The scan then
 * need not decode the time column. A plan with several sources keeps its watermarks, because they
 * decide the order in which the sources are read.
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

function readsEventTime({ operation }: Relation): boolean {
  const { waitsForWatermark, expressions } = definitionOf(operation);
  return waitsForWatermark(operation) || expressions(operation).some(readsWatermark);
}
