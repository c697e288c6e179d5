import type { SourceSpan } from '../../../core/diagnostic.ts';
import type { PatternSequence } from '../../../plan/match-node.ts';
import { placesOf } from '../../../plan/standard-bound.ts';
import type { Session } from '../../session.ts';

/**
 * The largest number of positions of a pattern after bounded quantifiers are expanded. With Flink's
 * semantics the matcher counts in long loops, so positions cost less.
 */
const MAX_STEPS = { flink: 20_000, standard: 10_000 };

/** Returns whether the automaton of the pattern is small enough. Otherwise reports a mistake. */
export function checkPatternSize(
  pattern: PatternSequence,
  span: SourceSpan,
  semantics: 'flink' | 'standard',
  { diagnostics }: Session,
): boolean {
  const steps = placesOf(pattern);
  const most = MAX_STEPS[semantics];
  if (steps <= most) return true;
  diagnostics.error(
    'SQL_INVALID_PATTERN',
    span,
    `the pattern has ${steps} steps when its repeats are written out, and at most ${most} are possible`,
    'use smaller bounds, a loop without an upper bound, or fewer members of PERMUTE',
  );
  return false;
}
