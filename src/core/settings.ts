import type { SettingType } from './setting-types.ts';

/**
 * A setting that has an effect here. A setting that is not in this list is refused.
 * `sequitur config` and docs/configuration.md print the list.
 */
export interface Setting {
  readonly key: string;
  readonly type: SettingType;
  /** Value as text; null: no value; then `meaning` describes the effect. */
  readonly default: string | null;
  /** The default of the service, if it differs. */
  readonly serviceDefault?: string | null;
  /**
   * `query`: may change results, and is part of a plan. `job`: how a job runs. `process`: applies
   * to the whole process; SQL over HTTP cannot set it.
   */
  readonly scope: 'query' | 'job' | 'process';
  readonly meaning: string;
}

const choice = (...of: readonly string[]): SettingType => ({ kind: 'choice', of });
const bool: SettingType = { kind: 'boolean' };
const time: SettingType = { kind: 'duration' };
const count: SettingType = { kind: 'count' };
const size: SettingType = { kind: 'size' };
const text: SettingType = { kind: 'text' };

type Row = readonly [key: string, type: SettingType, normal: string | null, meaning: string, service?: string | null];

const rows = (scope: Setting['scope'], prefix: string, list: readonly Row[]): readonly Setting[] =>
  list.map(([key, type, normal, meaning, service]) => ({
    key: `${prefix}${key}`,
    type,
    default: normal,
    ...(service === undefined ? {} : { serviceDefault: service }),
    scope,
    meaning,
  }));

export const SETTINGS: readonly Setting[] = [
  ...rows('query', 'sequitur.', [
    ['sql.level', choice('portable', 'extended'), 'extended', '`portable` refuses what Flink SQL does not have'],
    [
      'match.semantics',
      choice('flink', 'standard'),
      'flink',
      'matching rules of patterns: those of Flink or of the SQL standard',
    ],
    ['match.max-partial-matches-per-key', count, '0', 'limit of partial matches of one key; 0: none'],
    ['match.max-matches-per-row', count, '0', 'limit of matches that one row completes; 0: none'],
    ['match.max-state', size, '0', 'limit of the bytes of all partial matches of one pattern; 0: none'],
    ['match.on-limit', choice('fail', 'drop-new', 'drop-oldest'), 'fail', 'what happens at a limit'],
  ]),
  ...rows('job', 'sequitur.', [
    [
      'checkpoint.full-every',
      count,
      '1000',
      'every Nth checkpoint reads all its state files, compares them, and stores them again; 0: never',
    ],
    [
      'checkpoint.scrub-interval',
      time,
      '1 h',
      'time between two read-backs of stored checkpoints, which find damage; 0: never',
    ],
    ['checkpoint.min-age', time, '0 ms', 'a checkpoint is kept at least until the newest one is this much younger'],
    [
      'pattern.reload',
      choice('carry', 'fresh', 'refuse'),
      'carry',
      'a changed pattern: keep the partial matches that are still valid, start empty, or refuse a version that would lose any',
    ],
    [
      'job.isolation',
      choice('shared', 'thread'),
      'shared',
      'a job of the service shares one of a few threads with other jobs, or has a thread of its own, so that no other job can delay or end it',
    ],
  ]),
  ...rows('query', 'table.', [
    ['local-time-zone', { kind: 'zone' }, 'UTC', 'time zone of the session'],
    ['exec.state.ttl', { kind: 'off', what: 'state that expires by time' }, '0', 'not supported'],
    [
      'exec.source.idle-timeout',
      time,
      '0 ms',
      'the watermark does not wait for a split without rows for this long; 0: it waits for every split. A table may set its own with `scan.watermark.idle-timeout`',
    ],
  ]),
  ...rows('job', '', [['pipeline.name', text, null, "name and id of the job; none: the file's name and the sink's"]]),
  ...rows('job', 'parallelism.', [
    [
      'default',
      { kind: 'range', from: 1, to: 64 },
      null,
      'threads of `run` for SESSION windows with keys; `serve` and the library use one. None: two for files of 64 MB or more whose rows go to a table, if there are two cores; otherwise one. The order of the rows among keys depends on it. A job that continues from a checkpoint keeps its number',
    ],
  ]),
  ...rows('job', 'execution.checkpointing.', [
    [
      'interval',
      time,
      null,
      'time between two checkpoints; none: 10 s if there is a directory, otherwise no checkpoints',
      '10 s',
    ],
    ['min-pause', time, '0 ms', 'time between the end of one and the start of the next'],
    ['timeout', time, '10 min', 'a checkpoint that takes longer has failed'],
    ['max-concurrent-checkpoints', choice('1'), '1', 'checkpoints that run at the same time'],
    ['tolerable-failed-checkpoints', count, '0', 'failures in a row before the job fails'],
    ['num-retained', count, '3', 'checkpoints that are kept; Flink: 1'],
    [
      'externalized-checkpoint-retention',
      choice('RETAIN_ON_CANCELLATION'),
      'RETAIN_ON_CANCELLATION',
      'checkpoints of a cancelled job are kept',
    ],
  ]),
  ...rows('process', '', [
    [
      'execution.checkpointing.dir',
      text,
      null,
      'where checkpoints are stored: `s3://bucket/prefix`, `hdfs://namenode/directory`, or for `run` a directory or `file:///directory`; none: `run` removes them at its end, `serve` stores them below its data directory',
    ],
    ['s3.endpoint', { kind: 'address' }, null, "address of a server that speaks S3's API; none: AWS"],
    ['s3.region', text, null, 'region of the bucket; none: the SDK finds it'],
    ['s3.path-style-access', bool, 'false', '`endpoint/bucket/key` instead of `bucket.endpoint/key`'],
    ['hadoop.user.name', text, null, 'user of HDFS; none: HADOOP_USER_NAME, otherwise the user of the process'],
    [
      'state.memory',
      size,
      '256 mb',
      'memory for the state of all jobs of the process. `run`: each job gets an equal share of at least 24 MB. The service: an idle job keeps what it uses, and busy jobs, which need at least 8 MB each, share the rest',
    ],
  ]),
  ...rows('job', 'state.', [
    [
      'backend.type',
      choice('rocksdb', 'memory', 'hashmap'),
      'rocksdb',
      'state back end; `hashmap` is a synonym of `memory`',
    ],
    [
      'disk.low-water-mark',
      size,
      '256 mb',
      'a job stops reading when the disk of its state has less free space; 0: no check',
    ],
  ]),
  ...rows('job', 'restart-strategy.', [
    [
      'type',
      choice('none', 'fixed-delay', 'failure-rate', 'exponential-delay'),
      'none',
      'when a failed job is restarted',
      'exponential-delay',
    ],
    ['fixed-delay.attempts', count, '1', 'largest number of restarts'],
    ['fixed-delay.delay', time, '1 s', 'delay before each restart'],
    [
      'failure-rate.max-failures-per-interval',
      count,
      '1',
      'failures in one interval after which the job is not restarted',
    ],
    ['failure-rate.failure-rate-interval', time, '1 min', 'the interval'],
    ['failure-rate.delay', time, '1 s', 'delay before each restart'],
    ['exponential-delay.initial-backoff', time, '1 s', 'delay before the first restart'],
    ['exponential-delay.max-backoff', time, '1 min', 'largest delay'],
    [
      'exponential-delay.backoff-multiplier',
      { kind: 'factor' },
      '1.5',
      'factor by which the delay grows with each restart',
    ],
    ['exponential-delay.reset-backoff-threshold', time, '1 h', 'the delay is reset after this time without a failure'],
    [
      'exponential-delay.jitter-factor',
      { kind: 'fraction' },
      '0.1',
      'fraction of the delay that is added or subtracted at random',
    ],
    [
      'exponential-delay.attempts-before-reset-backoff',
      { kind: 'count-or-infinite' },
      'infinite',
      'restarts before the job fails for good; counted again after a reset of the delay',
    ],
  ]),
];

const byKey = new Map(SETTINGS.map((setting) => [setting.key, setting]));

export const settingOf = (key: string): Setting | undefined => byKey.get(key);
