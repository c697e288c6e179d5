import { EngineError } from '../core/engine-error.ts';
import { megabytesText, parseDuration, parseSize } from '../core/quantity.ts';
import { refuseContradictions } from './contradictions.ts';

/** The settings of a job. Flags override SET, SET overrides defaults. */
export interface JobSettings {
  readonly backend: 'rocksdb' | 'memory';
  /** Bytes for all running jobs of the process together. */
  readonly memoryBytes: number;
  /** A job stops reading when the disk of its state has fewer free bytes; 0 = no check. */
  readonly diskLowWaterBytes: number;
  /** A directory, `file:///directory`, `s3://bucket/prefix` or `hdfs://namenode/directory`. */
  readonly checkpointDirectory: string | null;
  /** The connection to an S3 store. Credentials come from the environment. */
  readonly s3: { readonly endpoint: string | null; readonly region: string | null; readonly pathStyle: boolean };
  /** User of HDFS; null: the user of the process. */
  readonly hdfsUser: string | null;
  readonly checkpointIntervalMs: number | null;
  readonly minPauseMs: number;
  readonly timeoutMs: number;
  readonly retained: number;
  /** The upkeep of checkpoints. 0 turns off a part of it. */
  readonly upkeep: { readonly fullEvery: number; readonly scrubIntervalMs: number; readonly minAgeMs: number };
  readonly tolerableFailures: number;
  /** The treatment of the partial matches of a changed pattern. */
  readonly patternReload: 'carry' | 'fresh' | 'refuse';
  readonly batchRows: number;
  /** The number of subtasks; null: the command decides. */
  readonly parallelism: number | null;
  /** Whether a job of the service shares its thread with other jobs. */
  readonly isolation: 'shared' | 'thread';
}

/** The smallest share of memory with which a job can run. */
export const JOB_MEMORY_MIN = 24 * 1024 * 1024;

/**
 * Reads the settings of a job. `defaults` are the defaults of the command (`run` has no interval
 * without a checkpoint directory). Refuses contradictions with the reason.
 */
export function jobSettings(
  settings: Readonly<Record<string, string>>,
  defaults: { readonly intervalMs: number | null; readonly batchRows: number },
): JobSettings {
  refuseContradictions(settings);
  const backendName = settings['state.backend.type'] ?? 'rocksdb';
  const directory = settings['execution.checkpointing.dir'] ?? null;
  const interval = jobDuration(settings, 'execution.checkpointing.interval');
  const intervalMs = interval ?? (directory === null ? null : defaults.intervalMs);
  const minPauseMs = jobDuration(settings, 'execution.checkpointing.min-pause') ?? 0;
  const timeoutMs = jobDuration(settings, 'execution.checkpointing.timeout') ?? 600_000;
  const retained = Number(settings['execution.checkpointing.num-retained'] ?? 3);
  return {
    backend: backendName === 'rocksdb' ? 'rocksdb' : 'memory',
    memoryBytes: size(settings, 'state.memory') ?? 256 * 1024 * 1024,
    diskLowWaterBytes: size(settings, 'state.disk.low-water-mark') ?? 256 * 1024 * 1024,
    checkpointDirectory: directory,
    hdfsUser: settings['hadoop.user.name'] ?? process.env['HADOOP_USER_NAME'] ?? null,
    s3: {
      endpoint: settings['s3.endpoint'] ?? null,
      region: settings['s3.region'] ?? null,
      pathStyle: settings['s3.path-style-access'] === 'true',
    },
    checkpointIntervalMs: intervalMs,
    minPauseMs,
    timeoutMs,
    retained,
    upkeep: {
      fullEvery: Number(settings['sequitur.checkpoint.full-every'] ?? 1000),
      scrubIntervalMs: jobDuration(settings, 'sequitur.checkpoint.scrub-interval') ?? 3_600_000,
      minAgeMs: jobDuration(settings, 'sequitur.checkpoint.min-age') ?? 0,
    },
    tolerableFailures: Number(settings['execution.checkpointing.tolerable-failed-checkpoints'] ?? 0),
    patternReload: (settings['sequitur.pattern.reload'] ?? 'carry') as JobSettings['patternReload'],
    batchRows: defaults.batchRows,
    parallelism: Number(settings['parallelism.default'] ?? 0) || null,
    isolation: (settings['sequitur.job.isolation'] ?? 'shared') as JobSettings['isolation'],
  };
}

/**
 * Returns the memory of each of `jobs` jobs. Throws STATE_MEMORY with the figures if a share is too
 * small.
 */
export function memoryShare(settings: JobSettings, jobs: number): number {
  const share = Math.floor(settings.memoryBytes / Math.max(1, jobs));
  if (share < JOB_MEMORY_MIN) {
    throw new EngineError(
      'STATE_MEMORY',
      `state.memory is ${megabytesText(settings.memoryBytes)} for ${jobs} job${jobs === 1 ? '' : 's'}: ${megabytesText(share)} each, but a job needs ${megabytesText(JOB_MEMORY_MIN)}`,
      { memoryBytes: settings.memoryBytes, jobs },
    );
  }
  return share;
}

/**
 * Returns a duration setting in milliseconds. Returns null if the setting is not set. Values were
 * checked when they were set.
 */
export function jobDuration(settings: Readonly<Record<string, string>>, key: string): number | null {
  const text = settings[key];
  return text === undefined ? null : parseDuration(text);
}

function size(settings: Readonly<Record<string, string>>, key: string): number | null {
  const text = settings[key];
  return text === undefined ? null : parseSize(text);
}
