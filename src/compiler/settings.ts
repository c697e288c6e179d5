import type { SourceSpan } from '../core/diagnostic.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { parseDuration } from '../core/quantity.ts';
import { problemWith } from '../core/setting-types.ts';
import { SETTINGS, settingOf } from '../core/settings.ts';
import { isWithoutEffect, problemWithFixed } from './flink-settings.ts';
import type { Session } from './session.ts';

/** Options of tables that users often write as settings. */
const OF_TABLES = /^(scan\.|source\.|sequitur\.idle-advance$)/;

export interface SettingProblem {
  readonly code: 'CONFIG_UNKNOWN_OPTION' | 'CONFIG_INVALID_OPTION';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

/** Returns the mistake in a setting of any origin. Null: there is no mistake. */
export function checkSetting(key: string, value: string): SettingProblem | null {
  const setting = settingOf(key);
  if (setting !== undefined) {
    const problem = problemWith(setting.type, value);
    return problem === null
      ? null
      : { code: 'CONFIG_INVALID_OPTION', severity: 'error', message: `'${key}' ${problem}, got '${value}'` };
  }
  const fixed = problemWithFixed(key, value);
  if (fixed === null) return null;
  if (fixed !== undefined) return { code: 'CONFIG_INVALID_OPTION', severity: 'error', ...fixed };
  if (isWithoutEffect(key)) {
    return { code: 'CONFIG_UNKNOWN_OPTION', severity: 'warning', message: `the setting '${key}' has no effect here` };
  }
  const hint = OF_TABLES.test(key)
    ? `it is an option of a table: WITH (…, '${key}' = '${value}')`
    : didYouMean(
        key,
        SETTINGS.map((each) => each.key),
      );
  return {
    code: 'CONFIG_UNKNOWN_OPTION',
    severity: 'error',
    message: `unknown setting '${key}'`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Checks one SET and applies it. A key that a flag has fixed keeps its value. */
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

/** Returns the milliseconds of a duration setting. Returns null if the setting is not set. */
export function millisecondsSetting(session: Session, key: string): number | null {
  const value = session.settings.get(key);
  return value === undefined ? null : parseDuration(value);
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
