import { didYouMean } from '../../../core/did-you-mean.ts';
import type { MatchNode, MatchRows, PatternSequence, SkipStrategy } from '../../../plan/match-node.ts';
import { physicalReach, readsMatchNumber } from '../../../plan/match-reach.ts';
import { walkPattern } from '../../../plan/walk-pattern.ts';
import type { MatchClause } from '../../ast/match.ts';
import type { Session } from '../../session.ts';

/**
 * Lowers ONE ROW or ALL ROWS PER MATCH in the semantics of the SQL standard. Returns null after
 * reporting a mistake.
 */
export function standardRowsOf(
  clause: MatchClause,
  pattern: PatternSequence | null,
  session: Session,
): MatchRows | null {
  const { diagnostics } = session;
  const { rowsPerMatch: rows } = clause;
  if (rows === null) return { kind: 'one', timeouts: false };
  if (rows.option === 'show-timeout')
    return diagnostics.error(
      'SQL_NOT_SUPPORTED',
      rows.span,
      "SHOW TIMEOUT MATCHES is not part of the SQL standard's patterns",
      "use Flink's way of matching: SET 'sequitur.match.semantics' = 'flink'",
    );
  if (!rows.all) {
    if (rows.option === null) return { kind: 'one', timeouts: false };
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      rows.span,
      'ONE ROW PER MATCH shows empty matches and takes no option',
      'write ALL ROWS PER MATCH',
    );
  }
  const unmatched = rows.option === 'with-unmatched';
  if (unmatched && pattern !== null && hasExclusion(pattern))
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      rows.span,
      'WITH UNMATCHED ROWS cannot stand with an exclusion (`{- -}`): rows left out would look like rows of no match',
      'leave one of them out',
    );
  return { kind: 'all', empty: rows.option === 'omit-empty' ? 'omit' : 'show', unmatched };
}

function hasExclusion(pattern: PatternSequence): boolean {
  let found = false;
  walkPattern(pattern, ({ kind }) => {
    found ||= kind === 'exclusion';
  });
  return found;
}

/**
 * Lowers AFTER MATCH. The text must have this clause, because the standard's default differs from
 * Flink's. Returns null after reporting a mistake.
 */
export function standardSkipOf(
  clause: MatchClause,
  variables: readonly string[],
  subsets: MatchNode['subsets'],
  session: Session,
): SkipStrategy | null {
  const { diagnostics } = session;
  const { skip } = clause;
  if (skip === null)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      clause.headSpan,
      "AFTER MATCH SKIP must be written with 'sequitur.match.semantics' = 'standard'",
      "the standard's default is AFTER MATCH SKIP PAST LAST ROW, Flink's is AFTER MATCH SKIP TO NEXT ROW",
    );
  if (skip.kind === 'no-skip')
    return diagnostics.error(
      'SQL_NOT_SUPPORTED',
      skip.span,
      "AFTER MATCH NO SKIP is not part of the SQL standard's patterns",
      'the nearest is AFTER MATCH SKIP TO NEXT ROW',
    );
  if (skip.kind !== 'to-first' && skip.kind !== 'to-last') return { kind: skip.kind };
  const { text, span } = skip.variable;
  const names = [...variables, ...subsets.map(({ name }) => name)];
  if (!names.includes(text))
    return diagnostics.error('SQL_UNKNOWN_VARIABLE', span, `no pattern variable \`${text}\``, didYouMean(text, names));
  return { kind: skip.kind, variable: text, failOnMiss: true };
}

/** Lowers SUBSET. A subset names the rows of several variables of the pattern. */
export function subsetsOf(clause: MatchClause, variables: readonly string[], session: Session): MatchNode['subsets'] {
  const { diagnostics } = session;
  const subsets = new Map<string, readonly string[]>();
  for (const { name, members } of clause.subsets) {
    if (variables.includes(name.text))
      diagnostics.error('SQL_DUPLICATE_NAME', name.span, `\`${name.text}\` is a variable of the pattern already`);
    else if (subsets.has(name.text))
      diagnostics.error('SQL_DUPLICATE_NAME', name.span, `the subset \`${name.text}\` is named twice`);
    for (const member of members) {
      if (!variables.includes(member.text))
        diagnostics.error(
          'SQL_UNKNOWN_VARIABLE',
          member.span,
          `no pattern variable \`${member.text}\``,
          didYouMean(member.text, variables),
        );
    }
    subsets.set(
      name.text,
      members.map(({ text }) => text),
    );
  }
  return [...subsets].map(([name, members]) => ({ name, members }));
}

/**
 * Warns about state that is kept for every key for ever, even with WITHIN. Also warns about `$` on
 * an unbounded input, because only the end of the input decides `$`.
 */
export function warnHistory(
  clause: MatchClause,
  pattern: PatternSequence,
  define: MatchNode['define'],
  measures: MatchNode['measures'],
  session: Session,
): void {
  const { diagnostics } = session;
  const expressions = [...define.map(({ condition }) => condition), ...measures];
  const { before } = physicalReach(expressions);
  const kept: string[] = [];
  if (before > 0) kept.push(before === 1 ? 'the last row (for PREV)' : `the last ${before} rows (for PREV)`);
  if (readsMatchNumber(expressions)) kept.push('a count of matches (for MATCH_NUMBER)');
  let [atStart, atEnd] = [false, false];
  walkPattern(pattern, (element) => {
    atStart ||= element.kind === 'anchor' && element.at === 'start';
    atEnd ||= element.kind === 'anchor' && element.at === 'end';
  });
  if (atStart) kept.push('that it has begun (for `^`)');
  if (kept.length > 0) {
    diagnostics.warn(
      'SQL_UNBOUNDED_STATE',
      clause.headSpan,
      `for every key of PARTITION BY ${kept.join(' and ')} ${kept.length === 1 ? 'is' : 'are'} kept for ever, also with WITHIN`,
      'this is little, but grows with the number of keys',
    );
  }
  if (atEnd) {
    diagnostics.warn(
      'SQL_UNBOUNDED_STATE',
      clause.pattern.span,
      '`$` is decided by the next row of the partition or at the end of the input: on input without an end such a match never comes',
    );
  }
}
