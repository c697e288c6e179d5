import path from 'node:path';
import { jobSettings } from '../config/job-settings.ts';
import type { StoragePlace } from '../storage/open-storage.ts';
import type { JobDefinition } from './job-definition.ts';
import type { JobSpec } from './worker/messages.ts';

const CHECKPOINT_INTERVAL_MS = 10_000;

/** What the specification of a job needs from the service, in addition to the job's definition. */
export interface SpecSurroundings {
  /** `<data directory>/jobs/<id>` and a directory for temporary data. */
  readonly directory: string;
  readonly temporary: string;
  /** Where its checkpoints are stored: in `directory`, or in a remote store. */
  readonly checkpoints: StoragePlace;
  readonly batchRows: number;
  /** Returns the memory in bytes with which the job is opened. */
  openingMemory(): number;
  /** `state.memory` of the service. */
  readonly mostMemoryBytes: number;
}

/**
 * Returns the specification that the thread of a job receives. `alone`: the job has a separate
 * thread. `restoreEpoch`: the checkpoint from which the job continues; null: the newest.
 */
export function jobSpec(
  definition: JobDefinition,
  around: SpecSurroundings,
  alone: boolean,
  restoreEpoch: number | null,
): JobSpec {
  const { id, plan, settings, preview, baseDirectory, roots, demo } = definition;
  const read = jobSettings(settings, { intervalMs: CHECKPOINT_INTERVAL_MS, batchRows: around.batchRows });
  return {
    id,
    directory: around.directory,
    plan,
    backend: preview ? 'memory' : read.backend,
    memoryBytes: around.openingMemory(),
    mostMemoryBytes: around.mostMemoryBytes,
    diskLowWaterBytes: read.diskLowWaterBytes,
    stateDirectory: preview ? path.join(around.temporary, id) : path.join(around.directory, 'work', 'new'),
    batchRows: read.batchRows,
    alone: alone || read.isolation === 'thread',
    checkpoints: preview
      ? null
      : {
          place: around.checkpoints,
          intervalMs: read.checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS,
          minPauseMs: read.minPauseMs,
          timeoutMs: read.timeoutMs,
          retained: read.retained,
          upkeep: read.upkeep,
          tolerableFailures: read.tolerableFailures,
          patternReload: read.patternReload,
          restoreEpoch,
        },
    baseDirectory,
    roots,
    preview,
    demo,
  };
}
