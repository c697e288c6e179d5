import { readsWatermark } from '../../plan/current-watermark.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
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

function readsEventTime({ operation }: Relation): boolean {
  const { waitsForWatermark, expressions } = definitionOf(operation);
  return waitsForWatermark(operation) || expressions(operation).some(readsWatermark);
}
