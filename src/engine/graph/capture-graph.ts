import type { Cut } from '../checkpoint/coordinator.ts';
import type { Graph } from './build-graph.ts';

/**
 * What a checkpoint keeps of a graph beside its tables, between two batches: where the sources
 * stand, the operators' small values, counters.
 */
export function captureGraph({ nodes, sources }: Graph): Pick<Cut, 'sources' | 'snapshots' | 'rows'> {
  const snapshots: Record<string, unknown> = {};
  const rows: Record<string, { in: number; out: number }> = {};
  for (const { plan, operator, rowsIn, rowsOut } of nodes) {
    const snapshot = operator.snapshot?.();
    if (snapshot !== undefined) snapshots[plan.name] = snapshot;
    rows[plan.name] = { in: rowsIn, out: rowsOut };
  }
  for (const task of sources) {
    // Those that are read again after a restore are counted then.
    for (const [name, unsent] of task.unsentRows()) {
      rows[name] = { in: rows[name]!.in - unsent.in, out: rows[name]!.out - unsent.out };
    }
  }
  return { sources: Object.fromEntries(sources.map((t) => [t.plan.name, t.snapshot()])), snapshots, rows };
}
