import type { Diagnostic } from './diagnostic.ts';
import { TextLines } from './diagnostic.ts';

/** A mistake or a warning with its place in a text. Lines and columns count from 1. */
export interface LocatedDiagnostic {
  /** Stable code, listed in docs/errors.md: `SQL_UNKNOWN_COLUMN`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** How to mend it. */
  readonly hint?: string;
}

/** Adds line and column to each diagnostic of a text. */
export function locate(diagnostics: readonly Diagnostic[], text: string, file: string): readonly LocatedDiagnostic[] {
  const lines = new TextLines(text);
  return diagnostics.map(({ code, severity, message, span, hint }) => {
    const start = lines.positionOf(span.start);
    const end = lines.positionOf(span.end);
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
