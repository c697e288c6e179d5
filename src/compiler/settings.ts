import type { SourceSpan } from '../core/diagnostic.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { parseDuration, parseSize } from '../core/quantity.ts';
import type { Session } from './session.ts';

type Check = (value: string) => string | null;

const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value) ? null : `must be one of ${allowed.join(', ')}`;
const bool = oneOf('true', 'false');
const duration: Check = (value) =>
  parseDuration(value) === null ? 'must be a time such as `10 s`, `500 ms`, `5 min`' : null;
const count: Check = (value) => (/^\d{1,9}$/.test(value) ? null : 'must be a whole number');
const size: Check = (value) => (parseSize(value) === null ? 'must be a size such as `256 mb`' : null);
const fraction: Check = (value) => (/^(0?\.\d+|0|1)$/.test(value) ? null : 'must be a fraction between 0 and 1');
const text: Check = (value) => (value === '' ? 'must not be empty' : null);
const httpAddress: Check = (value) =>
  /^https?:\/\/[^/]+\/?$/.test(value) ? null : 'must be an address such as `http://host:port`';
const zone: Check = (value) => (isZone(value) ? null : 'is not a known time zone');

/** A duration of Flink's that is off by default and cannot be switched on here yet. */
function notYet(what: string): Check {
  return (value) => {
    const wrong = duration(value);
    return wrong ?? (parseDuration(value) === 0 ? null : `must be 0: ${what} is not supported`);
  };
}

/** Settings that do something here. */
const SETTINGS: Readonly<Record<string, Check>> = {
  'sequitur.sql.level': oneOf('portable', 'extended'),
  'sequitur.match.semantics': oneOf('flink', 'standard'),
  'sequitur.match.max-partial-matches-per-key': count,
  'sequitur.match.max-matches-per-row': count,
  'sequitur.match.max-state': size,
  'sequitur.match.on-limit': oneOf('fail', 'drop-new', 'drop-oldest'),
  'sequitur.pattern.reload': oneOf('carry', 'fresh', 'refuse'),
  'table.local-time-zone': zone,
  'table.exec.state.ttl': notYet('state that expires by time'),
  'table.exec.source.idle-timeout': notYet('an idle time-out of sources'),
  'table.exec.emit.early-fire.enabled': bool,
  'table.exec.emit.early-fire.delay': duration,
  'table.exec.emit.late-fire.enabled': bool,
  'table.exec.emit.late-fire.delay': duration,
  'table.exec.emit.allow-lateness': duration,
  'pipeline.name': text,
  'execution.checkpointing.interval': duration,
  'execution.checkpointing.min-pause': duration,
  'execution.checkpointing.timeout': duration,
  'execution.checkpointing.max-concurrent-checkpoints': oneOf('1'),
  'execution.checkpointing.tolerable-failed-checkpoints': count,
  'execution.checkpointing.num-retained': count,
  'execution.checkpointing.externalized-checkpoint-retention': oneOf('RETAIN_ON_CANCELLATION'),
  'execution.checkpointing.dir': text,
  's3.endpoint': httpAddress,
  's3.region': text,
  's3.path-style-access': bool,
  'state.backend.type': oneOf('rocksdb', 'memory', 'hashmap'),
  'state.memory': size,
  'state.disk.low-water-mark': size,
  'restart-strategy.type': oneOf('none', 'fixed-delay', 'failure-rate', 'exponential-delay'),
  'restart-strategy.fixed-delay.attempts': count,
  'restart-strategy.fixed-delay.delay': duration,
  'restart-strategy.failure-rate.max-failures-per-interval': count,
  'restart-strategy.failure-rate.failure-rate-interval': duration,
  'restart-strategy.failure-rate.delay': duration,
  'restart-strategy.exponential-delay.initial-backoff': duration,
  'restart-strategy.exponential-delay.max-backoff': duration,
  'restart-strategy.exponential-delay.backoff-multiplier': (value) =>
    Number(value) >= 1 ? null : 'must be a number of at least 1',
  'restart-strategy.exponential-delay.reset-backoff-threshold': duration,
  'restart-strategy.exponential-delay.jitter-factor': fraction,
  'restart-strategy.exponential-delay.attempts-before-reset-backoff': text,
};

/** Settings of Flink that change nothing here: accepted with a warning. */
const WITHOUT_EFFECT = [
  /^execution\.(runtime-mode|checkpointing\.(mode|incremental|unaligned.*|storage|file-merging.*|local-backup.*|aligned.*))$/,
  /^execution\.checkpointing\.savepoint-dir$/,
  /^parallelism\.default$/,
  /^pipeline\.(auto-watermark-interval|max-parallelism|object-reuse|operator-chaining.*|cep\..*|jars|classpaths)$/,
  /^table\.(exec\.(mini-batch\..*|resource\..*|sink\..*|uid\..*|simplify-operator-name-enabled|rank\..*|deduplicate\..*|async-.*|window-agg\..*|interval-join\..*)|optimizer\..*|dml-sync|display\..*|plan\..*|sql-dialect|generated-code\..*)$/,
  /^sql-client\..*$/,
  /^scan\.watermark\..*$/,
  /^(jobmanager|taskmanager|rest|cluster|metrics|web|env)\..*$/,
  /^state\.(backend\.(incremental|local-recovery|rocksdb\..*)|checkpoints\..*|savepoints\..*)$/,
];

export interface SettingProblem {
  readonly code: 'CONFIG_UNKNOWN_OPTION' | 'CONFIG_INVALID_OPTION';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with a setting, wherever it comes from; null: nothing. */
export function checkSetting(key: string, value: string): SettingProblem | null {
  const check = SETTINGS[key];
  if (check !== undefined) {
    const problem = check(value);
    return problem === null
      ? null
      : { code: 'CONFIG_INVALID_OPTION', severity: 'error', message: `'${key}' ${problem}, got '${value}'` };
  }
  if (WITHOUT_EFFECT.some((pattern) => pattern.test(key))) {
    return { code: 'CONFIG_UNKNOWN_OPTION', severity: 'warning', message: `the setting '${key}' has no effect here` };
  }
  const hint = didYouMean(key, Object.keys(SETTINGS));
  return {
    code: 'CONFIG_UNKNOWN_OPTION',
    severity: 'error',
    message: `unknown setting '${key}'`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Checks one SET and takes it over. A key that a flag has fixed keeps its value. */
export function applySetting(
  key: string,
  value: string,
  keySpan: SourceSpan,
  valueSpan: SourceSpan,
  session: Session,
): void {
  const problem = checkSetting(key, value);
  if (problem !== null) {
    const span = problem.code === 'CONFIG_INVALID_OPTION' ? valueSpan : keySpan;
    if (problem.severity === 'warning') session.diagnostics.warn(problem.code, span, problem.message);
    else session.diagnostics.error(problem.code, span, problem.message, problem.hint);
    return;
  }
  if (session.fixed.has(key)) return;
  session.settings.set(key, value);
  contradiction(valueSpan, session);
}

function contradiction(span: SourceSpan, session: Session): void {
  const pause = millisecondsSetting(session, 'execution.checkpointing.min-pause');
  const timeout = millisecondsSetting(session, 'execution.checkpointing.timeout');
  if (pause !== null && timeout !== null && pause > timeout) {
    session.diagnostics.error(
      'CONFIG_CONTRADICTION',
      span,
      `the pause between checkpoints (${pause} ms) is longer than the time a checkpoint may take (${timeout} ms)`,
      "lower 'execution.checkpointing.min-pause' or raise 'execution.checkpointing.timeout'",
    );
  }
}

/** A setting that is a duration, in milliseconds; null when it is not set. */
export function millisecondsSetting(session: Session, key: string): number | null {
  const value = session.settings.get(key);
  return value === undefined ? null : parseDuration(value);
}

function isZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** Settings that are part of a plan because they change its results. */
export const RESULT_SETTINGS = [
  'table.local-time-zone',
  'sequitur.match.semantics',
  'sequitur.match.max-partial-matches-per-key',
  'sequitur.match.max-matches-per-row',
  'sequitur.match.max-state',
  'sequitur.match.on-limit',
  'table.exec.state.ttl',
  'table.exec.source.idle-timeout',
] as const;
