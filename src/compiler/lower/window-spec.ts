import { type DataType, isTimestamp } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { WindowSpec, WindowTime } from '../../plan/window-spec.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { Session } from '../session.ts';

/**
 * Returns the milliseconds of a constant interval. Returns null after reporting a mistake. `what`
 * names the argument.
 */
export function constantInterval(
  ast: ExpressionAst,
  what: string,
  session: Session,
  allowNegative = false,
): number | null {
  const { diagnostics } = session;
  if (ast.kind !== 'literal' || (ast.type.kind !== 'interval-day-time' && ast.type.kind !== 'interval-year-month')) {
    const hint =
      ast.kind === 'call' && ast.name === 'NEGATE'
        ? "write the sign inside: INTERVAL '-4' SECOND"
        : "for example INTERVAL '10' SECOND";
    return diagnostics.error('SQL_INVALID_WINDOW', ast.span, `${what} must be a constant interval`, hint);
  }
  if (ast.type.kind === 'interval-year-month') {
    return diagnostics.error(
      'SQL_INVALID_WINDOW',
      ast.span,
      `${what} cannot be in months or years, they differ in length`,
      'use days, hours, minutes or seconds',
    );
  }
  if (ast.value === null) return null;
  const value = ast.value as number;
  if (!allowNegative && value <= 0)
    return diagnostics.error('SQL_INVALID_WINDOW', ast.span, `${what} must be longer than 0`);
  return value;
}

/** Converts the time column to the form of the plan. */
export function windowTime(column: number, type: DataType, session: Session): WindowTime | null {
  if (!isTimestamp(type) || type.attribute === undefined) return null;
  return { column, time: type.attribute, zone: type.kind === 'timestamp-ltz' ? session.zone : null };
}

/**
 * Checks the sizes of windows. A HOP window must consist of whole slides, a CUMULATE window of
 * whole steps (flink-measured, window).
 */
export function checkSlices(spec: WindowSpec, span: SourceSpan, session: Session): boolean {
  if (spec.kind === 'hop' && spec.sizeMs % spec.slideMs !== 0) {
    session.diagnostics.error(
      'SQL_INVALID_WINDOW',
      span,
      `HOP with GROUP BY needs a size that is a multiple of the slide, got size ${spec.sizeMs} ms and slide ${spec.slideMs} ms`,
      'change the slide or the size, or use HOP without GROUP BY on its windows',
    );
    return false;
  }
  return true;
}
