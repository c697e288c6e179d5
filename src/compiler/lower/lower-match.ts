import type { MatchClause } from '../ast/match.ts';
import type { FromTable, QueryPlace } from './lower-query.ts';
import type { Relation } from './relation.ts';

export function lowerMatch(clause: MatchClause, _input: FromTable, place: QueryPlace): Relation | null {
  return place.job.session.diagnostics.notSupported(clause.headSpan, 'MATCH_RECOGNIZE');
}
