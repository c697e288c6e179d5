import { EngineError } from '../core/engine-error.ts';
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import type { LocatedDiagnostic } from '../core/located-diagnostic.ts';

/**
 * Returns the failure for a text with mistakes. It has the code and message of the first mistake,
 * and all mistakes in `details.diagnostics`.
 */
export function refusal(diagnostics: readonly LocatedDiagnostic[]): EngineError {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const { code, message, line, column } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const known: ErrorCode = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'SQL_INVALID_STATEMENT';
  return new EngineError(known, `${line}:${column}: ${message}${more}`, { diagnostics });
}
