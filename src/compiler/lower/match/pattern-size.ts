import type { SourceSpan } from '../../../core/diagnostic.ts';
import type { PatternSequence } from '../../../plan/match-node.ts';
import { placesOf } from '../../../plan/standard-bound.ts';
import type { Session } from '../../session.ts';

/** The largest number of positions of a pattern after bounded quantifiers are expanded. */
const MAX_STEPS = 10_000;

/** Returns whether the automaton of the pattern is small enough. Otherwise reports a mistake. */
export function checkPatternSize(pattern: PatternSequence, span: SourceSpan, { diagnostics }: Session): boolean {
  const steps = placesOf(pattern);
  if (steps <= MAX_STEPS) return true;
  diagnostics.error(
    'SQL_INVALID_PATTERN',
    span,
    `the pattern has ${steps} steps when its repeats are written out, and at most ${MAX_STEPS} are possible`,
    'use smaller bounds, a loop without an upper bound, or fewer members of PERMUTE',
  );
  return false;
}
