import type { SourceSpan } from '../../../core/diagnostic.ts';
import type { Session } from '../../session.ts';

/** Refuses what Flink's automaton cannot express. */
export function needsStandard(span: SourceSpan, what: string, session: Session, hint = ''): null {
  return session.diagnostics.error(
    'SQL_NOT_SUPPORTED',
    span,
    `${what} is not part of Flink's way of matching`,
    `${hint}use that of the SQL standard: SET 'sequitur.match.semantics' = 'standard'`,
  );
}
