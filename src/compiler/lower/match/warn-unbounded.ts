import { durationText } from '../../../core/quantity.ts';
import { matchBound } from '../../../plan/match-bound.ts';
import type { MatchOperation } from '../../../plan/match-node.ts';
import { walkPattern } from '../../../plan/walk-pattern.ts';
import type { MatchClause } from '../../ast/match.ts';
import type { Session } from '../../session.ts';

/** Warns if nothing bounds the state of a pattern for a key, in time or in number. */
export function warnUnbounded(node: MatchOperation, clause: MatchClause, session: Session): void {
  const warn = (message: string, hint: string): void =>
    session.diagnostics.warn('SQL_UNBOUNDED_STATE', clause.pattern.span, message, hint);
  const loop = openLoop(node.pattern);
  if (node.semantics === 'standard') {
    if (node.within === null && loop !== null) warn(forEver(loop), ADD_WITHIN);
    return;
  }
  const { growth, retention } = matchBound(node);
  if (retention.kind === 'unbounded') {
    warn(
      loop === null
        ? 'a partial match waits for its next row without an end, since there is no WITHIN, and holds back later ones'
        : forEver(loop),
      ADD_WITHIN,
    );
  }
  if (retention.kind === 'steps') {
    warn(
      `a match stays open as long as rows keep coming less than ${durationText(retention.ms)} apart`,
      'leave PER STEP out to bound the whole match',
    );
  }
  if (growth.kind === 'exponential') {
    warn(
      'partial matches can multiply with each row, so their number is not bounded by anything practical',
      "use RELAXED or CONSECUTIVE instead of COMBINATIONS, FOLLOWED BY instead of FOLLOWED BY ANY inside a loop, or stricter conditions; SET 'sequitur.match.max-partial-matches-per-key' fails the job in time",
    );
  }
}

const ADD_WITHIN = "add a bound after the pattern, for example WITHIN INTERVAL '1' HOUR";

const forEver = (loop: string): string =>
  `${loop} may match any number of rows and there is no WITHIN, so a match can stay open for ever and hold back later ones`;

/** Describes the first loop without an upper bound. */
function openLoop(pattern: MatchOperation['pattern']): string | null {
  let found: string | null = null;
  walkPattern(pattern, (element) => {
    if (element.quantifier.max === null) found ??= element.kind === 'variable' ? `\`${element.variable}\`` : 'a group';
  });
  return found;
}
