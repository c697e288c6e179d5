import type { Plan, PlannedNode } from '../../plan/plan.ts';
import { type Manifest, stateIsDivided } from '../checkpoint/manifest.ts';
import type { StateOptions } from '../state/open-backend.ts';
import { type KeyGroups, keyGroupsOf } from './key-groups.ts';
import { partitionPoint } from './partition-point.ts';

/** An operator with subtasks, and the key groups of each. */
export interface Division {
  readonly node: PlannedNode;
  readonly keyGroups: readonly KeyGroups[];
}

/**
 * Returns the division of a job; null: none. A checkpoint determines the subtasks of a job that
 * continues from it. Otherwise the job has `count` subtasks. Throws CHECKPOINT_INCOMPATIBLE if the
 * operator of the checkpoint's subtasks cannot be divided in this plan.
 */
export function divisionOf(plan: Plan, count: number, manifest: Manifest | null): Division | null {
  const stored = manifest === null || manifest.finished ? [] : manifest.state.subtasks;
  if (stored.length > 1) {
    const node = partitionPoint(plan);
    if (node === null || !(node.name in stored[1]!.snapshots)) throw stateIsDivided(manifest!);
    return { node, keyGroups: stored.map(({ keyGroups }) => keyGroups) };
  }
  const node = count > 1 && manifest === null ? partitionPoint(plan) : null;
  return node === null ? null : { node, keyGroups: keyGroupsOf(count) };
}

/** Returns the options for the state of a subtask. All subtasks together have the job's memory. */
export function stateOfSubtask(state: StateOptions, division: Division | null): StateOptions {
  if (division === null) return state;
  const share = (bytes: number): number => Math.floor(bytes / division.keyGroups.length);
  const { memoryBytes, mostMemoryBytes } = state;
  return {
    ...state,
    memoryBytes: share(memoryBytes),
    ...(mostMemoryBytes === undefined ? {} : { mostMemoryBytes: share(mostMemoryBytes) }),
  };
}
