import { EngineError } from '../../core/engine-error.ts';
import { invariant } from '../../core/invariant.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Manifest, type OperatorIdentity, type SubtaskState, stateIsDivided } from '../checkpoint/manifest.ts';
import { carryPattern, droppedWith } from '../match/carry/carry-pattern.ts';
import { losesState, type OperatorReload, reloadLines } from '../match/carry/carry-report.ts';
import { patternVersion } from '../match/carry/pattern-version.ts';
import type { MatchSnapshot } from '../match/match-snapshot.ts';
import type { StateBackend } from '../state/state-backend.ts';
import type { JobOptions } from './job-options.ts';
import { environmentOf, type Restored } from './open-job.ts';
import { operatorsGone } from './operator-identities.ts';

/**
 * Snapshots for the operators that keep their state, by name. `undefined`: the operator has none.
 */
export type CarriedSnapshots = ReadonlyMap<string, unknown>;

/**
 * Returns the snapshots of a checkpoint for the operators of the current plan. If the plan has
 * changed, the state is converted.
 */
export async function snapshotsOf(
  options: JobOptions,
  backend: StateBackend,
  restored: Restored,
): Promise<CarriedSnapshots> {
  if (restored.changed) return carryState(options, backend, restored);
  const { snapshots } = restored.manifest.state.subtasks[0]!;
  return new Map(options.plan.nodes.map(({ name }) => [name, snapshots[name]]));
}

/**
 * Converts the state of a checkpoint for the current plan: unchanged operators keep their state,
 * changed patterns keep what is still valid. Works on the live copy of the state. If the process
 * dies here, the next one starts again from the checkpoint. Refuses with CHECKPOINT_INCOMPATIBLE if
 * state would be lost and the plan's reload setting forbids that.
 */
async function carryState(
  options: JobOptions,
  backend: StateBackend,
  { manifest, operators, changes }: Restored,
): Promise<CarriedSnapshots> {
  const { plan } = options;
  const before = manifest.plan;
  const [{ snapshots: stored }] = manifest.state.subtasks as [SubtaskState];
  refuseDivided(manifest, plan, changes);
  const snapshots = new Map<string, unknown>();
  const reloads: OperatorReload[] = [];
  const snapshotOf = (name: string): MatchSnapshot | undefined => stored[name] as MatchSnapshot | undefined;
  for (const [i, node] of plan.nodes.entries()) {
    const change = changes[i]!;
    const stateful = node.traits.stateful;
    if (change.kind === 'same') {
      snapshots.set(node.name, stored[node.name]);
      if (stateful) reloads.push(untouched(node.name));
    } else if (change.kind === 'pattern') {
      const snapshot = snapshotOf(change.before.name);
      invariant(snapshot !== undefined, 'a checkpoint has a snapshot of each pattern');
      const carried = await carryPattern(
        backend,
        versionOf(before, manifest.operators, change.before, change.columnsBefore),
        versionOf(plan, operators, node as MatchNode, change.columns),
        snapshot,
        environmentOf(options),
      );
      snapshots.set(node.name, carried.snapshot);
      reloads.push(carried.reload);
    } else if (change.kind === 'fresh' && stateful) {
      const dropped = node.kind === 'match' ? droppedWith(snapshotOf(node.name), change.reason) : [];
      reloads.push({ operator: node.name, outcome: 'fresh', reason: change.reason, kept: null, dropped });
    }
  }
  for (const name of operatorsGone(plan, before, changes)) {
    const node = before.nodes.find((each) => each.name === name)!;
    if (!node.traits.stateful) continue;
    const dropped = node.kind === 'match' ? droppedWith(snapshotOf(name), 'the pattern is gone') : [];
    reloads.push({ operator: name, outcome: 'gone', reason: null, kept: null, dropped });
  }
  refuseLoss(options, reloads);
  options.onEvent?.({ kind: 'reloaded', operators: reloads });
  return snapshots;
}

/** State that is divided among subtasks cannot be converted. */
function refuseDivided(manifest: Manifest, plan: Plan, changes: Restored['changes']): void {
  const divided = Object.keys(manifest.state.subtasks[1]?.snapshots ?? {});
  const kept = plan.nodes.filter((_, i) => changes[i]!.kind === 'same').map(({ name }) => name);
  if (divided.some((name) => !kept.includes(name))) throw stateIsDivided(manifest);
}

function versionOf(plan: Plan, operators: readonly OperatorIdentity[], node: MatchNode, columns: readonly string[]) {
  const { number } = operators.find(({ name }) => name === node.name)!;
  return patternVersion(number, node, plan.nodes[node.inputs[0]!]!.fields, columns, plan.settings);
}

const untouched = (operator: string): OperatorReload => ({
  operator,
  outcome: 'kept',
  reason: null,
  kept: null,
  dropped: [],
});

function refuseLoss({ id, checkpoints }: JobOptions, reloads: readonly OperatorReload[]): void {
  if (checkpoints?.patternReload !== 'refuse' || !reloads.some(losesState)) return;
  throw new EngineError(
    'CHECKPOINT_INCOMPATIBLE',
    `the job ${id} does not go on with the changed query, since 'sequitur.pattern.reload' is 'refuse': ${reloads.flatMap(reloadLines).join('; ')}`,
    { operators: reloads.filter(losesState).map(({ operator }) => operator) },
  );
}
