import type { Diagnostic } from '../core/diagnostic.ts';
import { positionOf } from '../core/diagnostic.ts';
import { EngineError } from '../core/engine-error.ts';
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import type { LocatedDiagnostic } from './service-api.ts';

/** Diagnostics with line and column, as the API gives them. */
export function locate(diagnostics: readonly Diagnostic[], text: string, file: string): readonly LocatedDiagnostic[] {
  return diagnostics.map(({ code, severity, message, span, hint }) => {
    const start = positionOf(text, span.start);
    const end = positionOf(text, span.end);
    return {
      code,
      severity,
      message,
      file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...(hint === undefined ? {} : { hint }),
    };
  });
}

/**
 * A text with mistakes as a failure: the code and message of the first, all of them in
 * `details.diagnostics`.
 */
export function refusal(diagnostics: readonly LocatedDiagnostic[]): EngineError {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const { code, message, line, column } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const known: ErrorCode = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'SQL_INVALID_STATEMENT';
  return new EngineError(known, `${line}:${column}: ${message}${more}`, { diagnostics });
}
