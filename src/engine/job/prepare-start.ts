import { lineOf } from '../checkpoint/ancestor-line.ts';
import type { Manifest, OperatorIdentity } from '../checkpoint/manifest.ts';
import { migrateState } from '../migration/migrate-state.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { type CarriedSnapshots, snapshotsOf } from './carry-state.ts';
import type { JobOptions } from './job-options.ts';
import { compareWithCheckpoint, newInstance, openJobBackend, restoreJob } from './open-job.ts';
import { identifyOperators } from './operator-identities.ts';

/** The initial values of a job that starts fresh or from a checkpoint. */
export interface JobStart {
  readonly operators: readonly OperatorIdentity[];
  readonly backend: StateBackend;
  /** The name of this life of the job, from its fresh start over all restores. */
  readonly instance: string;
  /** The checkpoint that the job continues from. */
  readonly manifest: Manifest | null;
  /** By operator; null: the operator starts fresh. */
  readonly snapshots: CarriedSnapshots | null;
  /** The number of the last checkpoint, and the checkpoints that the job continues from. */
  readonly line: { readonly epoch: number; readonly ancestors: readonly number[] };
}

/** The job's storage must be locked by this process. */
export async function prepareStart(options: JobOptions): Promise<JobStart> {
  const { checkpoints } = options;
  const restored = checkpoints === null ? null : await restoreJob(options);
  const manifest = restored?.manifest ?? null;
  const compared = manifest === null ? null : compareWithCheckpoint(options, manifest);
  const operators = compared?.operators ?? identifyOperators(options.plan, [], null);
  const backend = await openJobBackend(options, restored);
  try {
    const current =
      compared === null ? null : { ...compared, manifest: await migrateState(compared.manifest, backend) };
    const snapshots = current === null ? null : await snapshotsOf(options, backend, current);
    const line = checkpoints === null ? { epoch: 0, ancestors: [] } : await lineOf(manifest, checkpoints.storage);
    return { operators, backend, instance: manifest?.instance ?? newInstance(options), manifest, snapshots, line };
  } catch (error) {
    await backend.close().catch(() => {});
    throw error;
  }
}
