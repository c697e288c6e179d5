import { lineOf } from '../checkpoint/ancestor-line.ts';
import type { Manifest, OperatorIdentity } from '../checkpoint/manifest.ts';
import { loadOperators } from '../operators/operator-registry.ts';
import type { StateBackend } from '../state/state-backend.ts';
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
  /** The checkpoint that the job continues from. */
  readonly manifest: Manifest | null;
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
  const backend = await openJobBackend(options, restored);
  try {
    const snapshots = compared === null ? null : await restoredSnapshots(options, backend, compared);
    const line = checkpoints === null ? { epoch: 0, ancestors: [] } : await lineOf(manifest, checkpoints.storage);
    return { operators, backend, instance: manifest?.instance ?? newInstance(options), manifest, snapshots, line };
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
