import { didYouMean } from '../../../core/did-you-mean.ts';
import type { MatchNode, MatchRows, PatternSequence, SkipStrategy } from '../../../plan/match-node.ts';
import { walkPattern } from '../../../plan/walk-pattern.ts';
import type { MatchClause } from '../../ast/match.ts';
import type { Session } from '../../session.ts';
import { constantInterval } from '../window-spec.ts';
import { needsStandard } from './needs-standard.ts';

/**
 * Lowers WITHIN. Returns null if WITHIN bounds nothing, or after reporting a mistake. Flink ignores
 * a WITHIN of zero and of `INTERVAL '-5' SECOND`. It refuses `INTERVAL -'5' SECOND`. All of them
 * are mistakes with the standard's semantics and with PER STEP.
 */
export function withinOf(clause: MatchClause, session: Session): MatchNode['within'] {
  if (clause.within === null) return null;
  const { expression, perStep, span } = clause.within;
  const standard = session.settings.get('sequitur.match.semantics') === 'standard';
  if (perStep && standard) {
    return session.diagnostics.error(
      'SQL_NOT_SUPPORTED',
      span,
      "WITHIN … PER STEP is not part of the SQL standard's way of matching",
      "leave PER STEP out, or use Flink's: SET 'sequitur.match.semantics' = 'flink'",
    );
  }
  if (perStep) session.extension(span, 'WITHIN … PER STEP', 'WITHIN bounds the whole match there');
  const ms = constantInterval(expression, 'WITHIN', session, !perStep && !standard);
  if (ms === null || ms > 0) {
    return ms === null ? null : { ms, type: perStep ? 'previous-and-current' : 'first-and-last' };
  }
  if (expression.kind === 'literal' && expression.negated === true && ms < 0) {
    return session.diagnostics.error('SQL_INVALID_WINDOW', expression.span, 'WITHIN must not be negative');
  }
  session.diagnostics.warn(
    'SQL_INVALID_WINDOW',
    expression.span,
    'WITHIN bounds nothing here: Flink ignores a WITHIN that is not longer than 0',
    "write a longer interval, for example WITHIN INTERVAL '1' SECOND, or leave WITHIN out",
  );
  return null;
}

/**
 * Lowers ONE ROW PER MATCH with its options in Flink's semantics. Returns null after reporting a
 * mistake.
 */
export function flinkRowsOf(clause: MatchClause, session: Session): MatchRows | null {
  const { diagnostics } = session;
  const { rowsPerMatch: rows } = clause;
  if (rows?.all) {
    if (session.portable) return diagnostics.notSupported(rows.span, 'ALL ROWS PER MATCH', 'use ONE ROW PER MATCH');
    if (rows.option !== null) return needsStandard(rows.span, ALL_ROWS_OPTIONS[rows.option], session);
    session.extension(rows.span, 'ALL ROWS PER MATCH');
    return { kind: 'all', empty: 'omit', unmatched: false };
  }
  if (rows === null || rows.option === null) return { kind: 'one', timeouts: false };
  if (rows.option !== 'show-timeout')
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      rows.span,
      'ONE ROW PER MATCH takes only SHOW TIMEOUT MATCHES',
      "empty matches and unmatched rows are of ALL ROWS PER MATCH with SET 'sequitur.match.semantics' = 'standard'",
    );
  session.extension(rows.span, 'SHOW TIMEOUT MATCHES');
  return { kind: 'one', timeouts: true };
}

const ALL_ROWS_OPTIONS = {
  'show-timeout': 'SHOW TIMEOUT MATCHES after ALL ROWS PER MATCH',
  'show-empty': 'SHOW EMPTY MATCHES',
  'omit-empty': 'OMIT EMPTY MATCHES',
  'with-unmatched': 'WITH UNMATCHED ROWS',
} as const;

/** Checks SHOW TIMEOUT MATCHES. Time-out rows need a bound in time. */
export function checkTimeouts(
  clause: MatchClause,
  rows: MatchRows,
  pattern: PatternSequence,
  within: MatchNode['within'],
  session: Session,
): void {
  if (rows.kind !== 'one' || !rows.timeouts || within !== null) return;
  let gaps = false;
  walkPattern(pattern, ({ quantifier }) => {
    gaps ||= quantifier.gapMs !== undefined;
  });
  if (gaps) return;
  session.diagnostics.error(
    'SQL_INVALID_PATTERN',
    clause.rowsPerMatch!.span,
    'SHOW TIMEOUT MATCHES needs WITHIN: without it nothing times out',
    "write PATTERN (…) WITHIN INTERVAL '10' MINUTE",
  );
}

/**
 * Lowers AFTER MATCH. Flink's default is SKIP TO NEXT ROW. Returns null after reporting a mistake.
 */
export function skipOf(clause: MatchClause, variables: readonly string[], session: Session): SkipStrategy | null {
  const { skip } = clause;
  if (skip === null) return { kind: 'to-next-row' };
  if (skip.kind === 'to-first' || skip.kind === 'to-last') {
    const { text, span } = skip.variable;
    if (!variables.includes(text))
      return session.diagnostics.error(
        'SQL_UNKNOWN_VARIABLE',
        span,
        `no pattern variable \`${text}\``,
        didYouMean(text, variables),
      );
    return { kind: skip.kind, variable: text, failOnMiss: true };
  }
  if (skip.kind === 'no-skip') {
    session.extension(skip.span, 'AFTER MATCH NO SKIP', 'the nearest is AFTER MATCH SKIP TO NEXT ROW');
  }
  return { kind: skip.kind };
}

/**
 * Checks the settings for too many partial matches. The standard's semantics cannot drop single
 * partial matches, so it allows only `fail`.
 */
export function checkLimits(clause: MatchClause, session: Session): void {
  const policy = session.settings.get('sequitur.match.on-limit');
  if (policy !== 'drop-new' && policy !== 'drop-oldest') return;
  session.diagnostics.error(
    'SQL_INVALID_PATTERN',
    clause.headSpan,
    `'sequitur.match.on-limit' = '${policy}' does not go with the semantics of the SQL standard`,
    "SET 'sequitur.match.on-limit' = 'fail'",
  );
}
