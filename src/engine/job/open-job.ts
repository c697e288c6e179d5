import { EngineError } from '../../core/engine-error.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Manifest, OperatorIdentity } from '../checkpoint/manifest.ts';
import { type RestoredFiles, restoreCheckpoint } from '../checkpoint/restore.ts';
import { savepointAt } from '../checkpoint/retention.ts';
import { cacheBytesOf, openBackend } from '../state/open-backend.ts';
import type { StateBackend } from '../state/state-backend.ts';
import type { JobOptions } from './job-options.ts';
import { type OperatorChange, operatorChanges } from './operator-changes.ts';
import { identifyOperators, planDiffers, plansDiffer } from './operator-identities.ts';

/**
 * Returns the checkpoint that the job continues from, with its state in a fresh directory; null:
 * the job starts fresh.
 */
export async function restoreJob(options: JobOptions): Promise<RestoredFiles | null> {
  const { storage, restore: from } = options.checkpoints!;
  if (from === 'fresh') {
    // The old checkpoints are deleted only now, after the job has been taken over.
    for (const epoch of await storage.listManifests()) {
      if ((await savepointAt(storage, epoch)) === null) await storage.deleteManifest(epoch);
    }
    return null;
  }
  return restoreCheckpoint(
    storage,
    from === 'latest' ? null : from.epoch,
    (subtask) => storage.workDirectory(subtask === 0 ? 'live' : `live-${subtask}`),
    (error, epoch) => options.onEvent?.({ kind: 'checkpoint-skipped', epoch, error }),
  );
}

/**
 * Returns the back end of a job's subtask 0, with its state in the checkpoint that the job
 * continues from, if there is one.
 */
export function openJobBackend({ id, state, disk }: JobOptions, restored: RestoredFiles | null): Promise<StateBackend> {
  if (restored === null) return openBackend(state, null, disk);
  const { manifest } = restored;
  const directory = restored.directories[0]!;
  if (manifest.finished) return openBackend(state, { directory, files: null }, disk);
  const { backend } = manifest.state;
  if (backend !== state.backend) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `checkpoint ${manifest.epoch} of job ${id} was made with --state ${backend}; run with the same, or start over with --fresh`,
      { backend },
    );
  }
  return openBackend(
    state,
    { directory, files: { backend, names: manifest.state.subtasks[0]!.files.map(({ name }) => name) } },
    disk,
  );
}

/**
 * A checkpoint that a job continues from, and the resulting identities of the operators of its
 * plan.
 */
export interface Restored {
  readonly manifest: Manifest;
  readonly operators: readonly OperatorIdentity[];
  /** By position in the plan. */
  readonly changes: readonly OperatorChange[];
  /** The plan differs from the checkpoint's. */
  readonly changed: boolean;
}

/** Refuses a changed plan with CHECKPOINT_INCOMPATIBLE unless the job's options allow it. */
export function compareWithCheckpoint(options: JobOptions, manifest: Manifest): Restored {
  const { plan } = options;
  const { onChangedPlan, patternReload = 'carry' } = options.checkpoints!;
  const changes = operatorChanges(plan, manifest.plan, patternReload, options.endpoints.identity);
  const operators = identifyOperators(plan, manifest.operators, changes);
  const changed = plansDiffer(operators, manifest.operators);
  if (!changed) return { manifest, operators, changes, changed };
  if (onChangedPlan === 'refuse') throw planDiffers(options.id, plan, manifest.plan, changes);
  if (manifest.finished) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `the query of job ${options.id} has changed, and checkpoint ${manifest.epoch} is the end of the job: nothing can go on from there. Restore an older one, or start over with --fresh`,
      { epoch: manifest.epoch },
    );
  }
  return { manifest, operators, changes, changed };
}

/** Returns the cache's share of the job's memory. RocksDB gets the rest. */
export function cacheShare({ state }: JobOptions): number {
  return cacheBytesOf(state.backend, state.memoryBytes);
}

/** Returns the largest cache that the job can get while it runs. */
export function mostCache({ state }: JobOptions): number {
  return cacheBytesOf(state.backend, state.mostMemoryBytes ?? state.memoryBytes);
}

export function environmentOf(options: JobOptions): FunctionEnvironment {
  return {
    zone: options.plan.settings['table.local-time-zone'] ?? 'UTC',
    now: () => options.clock.now(),
    random: options.random,
  };
}

/**
 * Returns a name with a time and a random part. So two instances of a job do not write to the same
 * files, even if they start in the same millisecond.
 */
export function newInstance({ clock, random }: JobOptions): string {
  return `${clock.now().toString(36)}${Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
}
