import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ScanOperation } from '../../plan/nodes/scan.ts';
import { topological } from '../rewrite/prune-columns.ts';
import type { Session } from '../session.ts';
import type { Relation } from './relation.ts';

/**
 * Warns if `what` needs the watermark to advance, and all tables below `input` may have no rows for
 * a time. The watermark then stands still, and `what` waits for the next row (ADR 0058).
 */
export function warnStandingTime(input: Relation, what: string, span: SourceSpan, session: Session): void {
  const scans = topological([input]).flatMap(({ operation }) => (operation.kind === 'scan' ? [operation] : []));
  const standing = scans.filter(
    ({ options }) => options['sequitur.idle-advance'] === undefined && session.connectors.mayFallSilent(options),
  );
  if (standing.length === 0) return;
  const idle = (options: ScanOperation['options']): boolean =>
    (options['scan.watermark.idle-timeout'] ?? session.settings.get('table.exec.source.idle-timeout')) !== undefined;
  // An idle table does not hold the watermark of the others.
  if (standing.length < scans.length && standing.every(({ options }) => idle(options))) return;
  session.diagnostics.warn(
    'SQL_STANDING_TIME',
    span,
    `event time stands still while \`${standing[0]!.table}\` has no new rows, so ${what} waits for the next row`,
    "add 'sequitur.idle-advance' = '1 min' to the table: after a minute without rows its watermark follows the clock",
  );
}
