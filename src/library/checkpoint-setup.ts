import type { JobSettings } from '../config/job-settings.ts';
import { systemClock } from '../core/clock.ts';
import type { CheckpointSetup } from '../engine/job/job-setup.ts';
import { openStorage } from '../storage/open-storage.ts';

/**
 * Returns the setup of a job's checkpoints in `directory`, according to the job's settings. `work`
 * is a local directory for live state. Null: live state is beside local checkpoints.
 */
export function checkpointSetup(
  settings: JobSettings,
  place: { readonly directory: string; readonly job: string; readonly work: string | null },
): CheckpointSetup {
  return {
    storage: openStorage({ ...place, s3: settings.s3, hdfsUser: settings.hdfsUser }, systemClock),
    intervalMs: settings.checkpointIntervalMs,
    minPauseMs: settings.minPauseMs,
    timeoutMs: settings.timeoutMs,
    retained: settings.retained,
    upkeep: settings.upkeep,
    tolerableFailures: settings.tolerableFailures,
    patternReload: settings.patternReload,
  };
}
