/**
 * A user's mistake in a text: its place, what is wrong, and how to correct it. Compilers collect
 * diagnostics; they do not throw at the first.
 */
export interface Diagnostic {
  /** Stable code, e.g. `SQL_UNKNOWN_COLUMN`; the closed list is in `error-codes.ts`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: SourceSpan;
  /** What to do about it, e.g. "did you mean `user_id`?". */
  readonly hint?: string;
}

/**
 * Half-open range of UTF-16 offsets in the text. Line and column are computed when the diagnostic
 * is shown.
 */
export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in code points. */
  readonly column: number;
}

/** Returns the position of a UTF-16 offset. Lines end at \n, \r\n or \r. */
export function positionOf(text: string, offset: number): Position {
  const clipped = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < clipped; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: [...text.slice(lineStart, clipped)].length + 1 };
}
