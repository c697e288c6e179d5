import { Batch } from '../../batch/batch.ts';
import { causedBy, causedByMarks, inPlaceOf, markOrigin, rowOrigin } from '../../batch/origins.ts';
import type { Operator, Output } from '../operator.ts';
import { runSteps, type Steps, waitFor } from '../operator-kit/steps.ts';

type OnBatch = Operator['onBatch'];

/**
 * Wraps `onBatch` of an operator on a branch to a merge. The output records the source event that
 * caused each row. The method depends on the operator's guarantee about its results.
 */
export function trackOrigins(operator: Operator): OnBatch {
  const { results } = operator;
  if (results === undefined) return (batch, input, out) => runSteps(eventByEvent(operator, batch, input, out));
  if (results === 'at-marks') return (batch, input, out) => stampByMarks(operator, batch, input, out);
  return (batch, input, out) =>
    operator.onBatch(batch, input, { emit: (made) => out.emit(inPlaceOf(batch, made)), emitLate: out.emitLate });
}

function stampByMarks(operator: Operator, batch: Batch, input: number, out: Output): void | Promise<void> {
  const made: Batch[] = [];
  const send = (): void => {
    for (const stamped of causedByMarks(batch, made)) out.emit(stamped);
  };
  const wait = operator.onBatch(batch, input, { emit: (each) => made.push(each), emitLate: out.emitLate });
  return wait ? wait.then(send) : send();
}

/** Sends one row or mark at a time, so the results of each are known. */
function* eventByEvent(operator: Operator, batch: Batch, input: number, out: Output): Steps {
  const { size, columns, kinds, selection, selected, marks } = batch;
  const marked = marks?.count ?? 0;
  let mark = 0;
  for (let i = 0; i < selected || mark < marked; ) {
    const row = i === selected ? size : selection === null ? i : selection[i]!;
    const isMark = mark < marked && marks!.positions[mark]! <= row;
    const event = isMark ? markOrigin(batch, mark) : rowOrigin(batch, row);
    const one = isMark
      ? new Batch(size, columns, kinds, new Int32Array(0), 0, {
          count: 1,
          positions: marks!.positions.subarray(mark, mark + 1),
          values: marks!.values.subarray(mark, mark + 1),
        })
      : new Batch(size, columns, kinds, Int32Array.of(row), 1, null);
    yield* waitFor(
      operator.onBatch(one, input, { emit: (made) => out.emit(causedBy(event, made)), emitLate: out.emitLate }),
    );
    if (isMark) mark++;
    else i++;
  }
}
