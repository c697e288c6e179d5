import { INSERT } from '../../../batch/batch.ts';
import type { WindowAggregateNode } from '../../../plan/nodes/window-aggregate.ts';
import { AggregateCalls } from '../aggregate/aggregate-calls.ts';
import type { OperatorContext } from '../operator.ts';
import type { SessionContent } from './session-operator.ts';

/** GROUP BY of SESSION windows: the accumulators of each session; one row when it ends. */
export function sessionAggregate(node: WindowAggregateNode, context: OperatorContext): SessionContent {
  const calls = new AggregateCalls(node.aggregates, false, context.environment, 0);
  return {
    columns: calls.columns,
    prepare(batch) {
      const prepared = calls.prepare(batch, { rows: batch.selection, count: batch.selected });
      return (cells, row) => prepared.add(cells, 0, row);
    },
    merge: (into, from) => calls.merge(into, 0, from, 0),
    emit(session, key, zone, builder) {
      const row = builder.row(INSERT);
      let column = 0;
      for (; column < key.length; column++) builder.set(column, row, key[column]);
      for (let a = 0; a < calls.count; a++) builder.set(column++, row, calls.value(a, session.cells, 0));
      for (const field of node.windowFields) {
        const due = zone.timerInstant(session.end - 1);
        builder.set(column++, row, field === 'start' ? session.start : field === 'end' ? session.end : due);
      }
    },
  };
}
