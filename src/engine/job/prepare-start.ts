import { lineOf } from '../checkpoint/ancestor-line.ts';
import type { Manifest, OperatorIdentity } from '../checkpoint/manifest.ts';
import { loadOperators } from '../operators/operator-registry.ts';
import type { StateOptions } from '../state/open-backend.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { type Division, divisionOf, stateOfSubtask } from '../subtask/division.ts';
import type { CarriedSnapshots } from './carry-state.ts';
import type { JobOptions } from './job-options.ts';
import { compareWithCheckpoint, newInstance, openJobBackend, type Restored, restoreJob } from './open-job.ts';
import { identifyOperators } from './operator-identities.ts';

/** The initial values of a job that starts fresh or from a checkpoint. */
export interface JobStart {
  readonly operators: readonly OperatorIdentity[];
  readonly backend: StateBackend;
  /** The name of the job's history since its last fresh start. Restores keep it. */
  readonly instance: string;
  /** The checkpoint that the job continues from, and the directories of its subtasks' state. */
  readonly manifest: Manifest | null;
  readonly directories: readonly string[];
  /** Null: no operator has subtasks. */
  readonly division: Division | null;
  /** The state of the job, or the share of each subtask. */
  readonly state: StateOptions;
  /** By operator; null: the operator starts fresh. */
  readonly snapshots: CarriedSnapshots | null;
  /** The number of the last checkpoint, and the checkpoints that the job continues from. */
  readonly line: { readonly epoch: number; readonly ancestors: readonly number[] };
}

/** Prepares the start of a job. This process must hold the lock of the job's storage. */
export async function prepareStart(options: JobOptions): Promise<JobStart> {
  const { checkpoints } = options;
  await loadOperators(options.plan);
  const restored = checkpoints === null ? null : await restoreJob(options);
  const manifest = restored?.manifest ?? null;
  const compared = manifest === null ? null : compareWithCheckpoint(options, manifest);
  const operators = compared?.operators ?? identifyOperators(options.plan, [], null);
  const division = divisionOf(options.plan, options.subtasks?.count ?? 1, manifest);
  const state = stateOfSubtask(options.state, division);
  const backend = await openJobBackend({ ...options, state }, restored);
  try {
    const snapshots = compared === null ? null : await restoredSnapshots(options, backend, compared);
    const line = checkpoints === null ? { epoch: 0, ancestors: [] } : await lineOf(manifest, checkpoints.storage);
    const { directories = [] } = restored ?? {};
    const instance = manifest?.instance ?? newInstance(options);
    return { operators, backend, instance, manifest, directories, division, state, snapshots, line };
  } catch (error) {
    await backend.close().catch(() => {});
    throw error;
  }
}

/** Loads the modules for older formats and changed plans only here: a fresh start needs neither. */
async function restoredSnapshots(
  options: JobOptions,
  backend: StateBackend,
  restored: Restored,
): Promise<CarriedSnapshots> {
  const { migrateState } = await import('../migration/migrate-state.ts');
  const { snapshotsOf } = await import('./carry-state.ts');
  return snapshotsOf(options, backend, { ...restored, manifest: await migrateState(restored.manifest, backend) });
}
