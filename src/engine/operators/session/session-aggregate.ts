import { INSERT } from '../../../batch/batch.ts';
import type { WindowAggregateNode } from '../../../plan/nodes/window-aggregate.ts';
import type { OperatorContext } from '../../operator.ts';
import { AggregateCalls } from '../aggregate/aggregate-calls.ts';
import type { SessionContent } from './session-content.ts';

/**
 * GROUP BY of SESSION windows. It keeps the accumulators of each session and emits one row when the
 * session ends.
 */
export function sessionAggregate(
  node: WindowAggregateNode,
  context: OperatorContext,
  firstColumn: number,
): SessionContent {
  const calls = new AggregateCalls(node.aggregates, false, context.environment, firstColumn);
  return {
    columns: calls.columns,
    addRows: (batch, rows, sessions, slots) => calls.addRows(batch, rows, sessions, slots),
    merge(sessions, _key, into, from, fromFirst) {
      if (fromFirst) calls.mergeBefore(sessions, into, sessions, from);
      else calls.merge(sessions, into, sessions, from);
    },
    emit(sessions, key, slot, { start, end, due }, builder) {
      const row = builder.row(INSERT);
      let column = 0;
      for (const value of sessions.keyOf(key)) builder.set(column++, row, value);
      for (let a = 0; a < calls.count; a++) builder.set(column++, row, calls.value(a, sessions, slot));
      for (const field of node.windowFields) {
        builder.set(column++, row, field === 'start' ? start : field === 'end' ? end : due);
      }
    },
  };
}
