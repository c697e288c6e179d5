import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import { operatorRange } from '../../state/entry-key.ts';
import type { StateBackend } from '../../state/state-backend.ts';
import type { MatchSnapshot } from '../match-snapshot.ts';
import { carryKeyStates } from './carry-key-states.ts';
import { carryPartitions } from './carry-partitions.ts';
import { DropCount, type OperatorReload } from './carry-report.ts';
import { carryRowsBefore, carryWaitingRows } from './carry-waiting-rows.ts';
import type { PatternVersion } from './pattern-version.ts';

/**
 * Converts the state of a pattern in a checkpoint for a newer version of the pattern. Writes the
 * new state with the number of the new operator and removes the state with the old number. Returns
 * the snapshot to restore the new operator.
 */
export async function carryPattern(
  backend: StateBackend,
  before: PatternVersion,
  after: PatternVersion,
  snapshot: MatchSnapshot,
  environment: FunctionEnvironment,
): Promise<{ readonly snapshot: MatchSnapshot; readonly reload: OperatorReload }> {
  const drops = new DropCount();
  const watermark = Number(snapshot.watermark);
  const { matching, timers } =
    after.node.semantics === 'standard'
      ? { matching: await carryPartitions(backend, before, after, snapshot.matching, environment), timers: null }
      : await carryKeyStates(backend, before, after, snapshot.matching, watermark, drops);
  const waitingRows = await carryWaitingRows(backend, before, after, drops);
  await carryRowsBefore(backend, before, after, drops);
  // One range deletion is cheaper than the removal of single entries, which would cost as much as
  // the copy.
  const { from, to } = operatorRange(before.operator);
  await backend.deleteRange(from, to);
  return {
    snapshot: { ...snapshot, matching, timers: timers ?? snapshot.timers },
    reload: {
      operator: after.node.name,
      outcome: 'carried',
      reason: null,
      kept: {
        partialMatches: matching.partialMatches,
        heldBackMatches: matching.open?.held ?? 0,
        waitingRows,
      },
      dropped: drops.list(),
    },
  };
}

/** Returns the dropped state of a pattern that starts without state. */
export function droppedWith(snapshot: MatchSnapshot | undefined, reason: string): OperatorReload['dropped'] {
  const drops = new DropCount();
  const { partialMatches = 0, open } = snapshot?.matching ?? {};
  if (open === undefined) drops.add('partial matches', null, reason, partialMatches);
  else for (const [state, count] of Object.entries(open.byState)) drops.add('partial matches', state, reason, count);
  drops.add('held-back matches', null, reason, open?.held ?? 0);
  return drops.list();
}
