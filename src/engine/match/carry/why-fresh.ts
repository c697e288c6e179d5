import { canonicalJson } from '../../../plan/hash.ts';
import { physicalReach } from '../../../plan/match-reach.ts';
import { namesMissing, type PatternVersion, placesOfSame } from './pattern-version.ts';

/**
 * Returns why another version of a pattern cannot use its state; null: the state can be converted.
 * The caller checks that the input is the same.
 */
export function whyFresh(before: PatternVersion, after: PatternVersion): string | null {
  const holds = ({ holds: columns }: PatternVersion, of: readonly number[]): string =>
    canonicalJson(of.map((column) => columns[column]));
  if (before.node.semantics !== after.node.semantics) return "the semantics have changed ('sequitur.match.semantics')";
  if (holds(before, before.node.partition) !== holds(after, after.node.partition)) return 'PARTITION BY has changed';
  const times = [before, after].map((version) => [version.node.time.time, holds(version, [version.node.time.column])]);
  if (canonicalJson(times[0]) !== canonicalJson(times[1])) return 'the time column of ORDER BY has changed';
  return after.node.semantics === 'standard' ? whyFreshStandard(before, after) : null;
}

/**
 * Explains the same for the semantics of the SQL standard. There the current attempt stores
 * positions in the program of the pattern, and all rows since its start.
 */
function whyFreshStandard(before: PatternVersion, after: PatternVersion): string | null {
  const [old, now] = [before.node, after.node];
  if (canonicalJson(old.pattern) !== canonicalJson(now.pattern)) return 'PATTERN has changed';
  if (canonicalJson(old.within) !== canonicalJson(now.within)) return 'WITHIN has changed';
  if (showsUnmatched(before) !== showsUnmatched(after)) return 'WITH UNMATCHED ROWS has changed';
  const missing = namesMissing(after, after.kept, placesOfSame(after, after.kept, before, before.kept));
  if (missing.length > 0) return `rows that were read lack columns that are read now: ${missing.join(', ')}`;
  const [reachBefore, reachAfter] = [before, after].map(({ node }) =>
    physicalReach([...node.define.map(({ condition }) => condition), ...node.measures]),
  );
  if (reachAfter!.after !== reachBefore!.after) return 'NEXT reads another number of rows ahead';
  return reachAfter!.before > reachBefore!.before ? 'PREV reads further back than rows were kept' : null;
}

const showsUnmatched = ({ node: { rows } }: PatternVersion): boolean => rows.kind === 'all' && rows.unmatched;
