import type { SettingType } from './setting-types.ts';

/**
 * A setting that does something here. The one list of them: what is not in it is refused, and
 * `sequitur config` and docs/configuration.md are made of it.
 */
export interface Setting {
  readonly key: string;
  readonly type: SettingType;
  /** Value as text; null: none, and what that means is in `meaning`. */
  readonly default: string | null;
  /** Where the service has another default. */
  readonly serviceDefault?: string | null;
  /**
   * `query`: may change answers, and is part of a plan. `job`: how a job is run. `process`: of the
   * whole process; not for SQL that comes over HTTP.
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
      'whose rules patterns match by: Flink, or the SQL standard',
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
      'each so-manieth checkpoint reads all its state files, compares them, and stores them anew; 0: none',
    ],
    [
      'checkpoint.scrub-interval',
      time,
      '1 h',
      'time from reading one stored checkpoint back, to find what was damaged, to the next; 0: none is',
    ],
    [
      'checkpoint.min-age',
      time,
      '0 ms',
      'checkpoints made less than this before the newest are kept too, however many there are',
    ],
    [
      'pattern.reload',
      choice('carry', 'fresh', 'refuse'),
      'carry',
      'a changed pattern: keep the partial matches that still mean something, start without, or refuse a version with which any would be lost',
    ],
  ]),
  ...rows('query', 'table.', [
    ['local-time-zone', { kind: 'zone' }, 'UTC', 'time zone of the session'],
    ['exec.state.ttl', { kind: 'off', what: 'state that expires by time' }, '0', 'not supported'],
    ['exec.source.idle-timeout', { kind: 'off', what: 'an idle time-out of sources' }, '0', 'not supported'],
    [
      'exec.emit.early-fire.enabled',
      bool,
      'false',
      'must be off above a window table function with GROUP BY, which fires once',
    ],
    ['exec.emit.early-fire.delay', time, null, 'without effect: windows fire once'],
    ['exec.emit.late-fire.enabled', bool, 'false', 'must be off there too'],
    ['exec.emit.late-fire.delay', time, null, 'without effect: windows fire once'],
    ['exec.emit.allow-lateness', time, null, 'without effect: windows fire once'],
  ]),
  ...rows('job', '', [['pipeline.name', text, null, "name and id of the job; none: the file's name and the sink's"]]),
  ...rows('job', 'execution.checkpointing.', [
    [
      'interval',
      time,
      null,
      'time between two checkpoints; none: 10 s where there is a directory, otherwise no checkpoints',
      '10 s',
    ],
    ['min-pause', time, '0 ms', 'time between the end of one and the start of the next'],
    ['timeout', time, '10 min', 'a checkpoint that takes longer has failed'],
    ['max-concurrent-checkpoints', choice('1'), '1', 'checkpoints under way'],
    ['tolerable-failed-checkpoints', count, '0', 'failures in a row before the job fails'],
    ['num-retained', count, '3', 'checkpoints that are kept; Flink: 1'],
    [
      'externalized-checkpoint-retention',
      choice('RETAIN_ON_CANCELLATION'),
      'RETAIN_ON_CANCELLATION',
      'checkpoints of a job that is cancelled stay',
    ],
  ]),
  ...rows('process', '', [
    [
      'execution.checkpointing.dir',
      text,
      null,
      'where checkpoints lie: `s3://bucket/prefix`, `hdfs://namenode/directory`, or for `run` a directory or `file:///directory`; none: `run` keeps them for its own life, `serve` below its data directory',
    ],
    ['s3.endpoint', { kind: 'address' }, null, "address of a server that speaks S3's API; none: AWS"],
    ['s3.region', text, null, 'none: as the SDK finds it'],
    ['s3.path-style-access', bool, 'false', '`endpoint/bucket/key` instead of `bucket.endpoint/key`'],
    ['hadoop.user.name', text, null, 'who asks HDFS; none: HADOOP_USER_NAME, or the user of the process'],
    [
      'state.memory',
      size,
      '256 mb',
      'for state of all jobs of the process together; each gets an equal share, at least 24 MB',
    ],
  ]),
  ...rows('job', 'state.', [
    ['backend.type', choice('rocksdb', 'memory', 'hashmap'), 'rocksdb', 'where state lives; `hashmap` is `memory`'],
    [
      'disk.low-water-mark',
      size,
      '256 mb',
      'with less free on the disk of its state a job stops reading; 0: not looked at',
    ],
  ]),
  ...rows('job', 'restart-strategy.', [
    [
      'type',
      choice('none', 'fixed-delay', 'failure-rate', 'exponential-delay'),
      'none',
      'when a job that failed is started again',
      'exponential-delay',
    ],
    ['fixed-delay.attempts', count, '1', 'starts after failures, in all'],
    ['fixed-delay.delay', time, '1 s', 'wait before each'],
    ['failure-rate.max-failures-per-interval', count, '1', 'failures that are borne in one interval'],
    ['failure-rate.failure-rate-interval', time, '1 min', 'the interval'],
    ['failure-rate.delay', time, '1 s', 'wait before each start'],
    ['exponential-delay.initial-backoff', time, '1 s', 'wait before the first start'],
    ['exponential-delay.max-backoff', time, '1 min', 'longest wait'],
    [
      'exponential-delay.backoff-multiplier',
      { kind: 'factor' },
      '1.5',
      'how much longer each wait is than the one before',
    ],
    ['exponential-delay.reset-backoff-threshold', time, '1 h', 'after so long without a failure waits begin anew'],
    ['exponential-delay.jitter-factor', { kind: 'fraction' }, '0.1', 'part of the wait that chance adds or takes off'],
    [
      'exponential-delay.attempts-before-reset-backoff',
      { kind: 'count-or-infinite' },
      'infinite',
      'starts after failures before the job has failed for good; counted anew when waits begin anew',
    ],
  ]),
];

const byKey = new Map(SETTINGS.map((setting) => [setting.key, setting]));

export const settingOf = (key: string): Setting | undefined => byKey.get(key);
