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

/**
 * The lines of a text. Lines end at \n, \r\n or \r. One pass over the text finds all of them, so
 * many positions cost little.
 */
export class TextLines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  /** Returns the position of a UTF-16 offset. */
  positionOf(offset: number): Position {
    const clipped = Math.min(offset, this.#text.length);
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= clipped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: codePoints(this.#text, starts[low]!, clipped) + 1 };
  }
}

function codePoints(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && i + 1 < to && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) i++;
    count++;
  }
  return count;
}

/** Returns the position of a UTF-16 offset. */
export const positionOf = (text: string, offset: number): Position => new TextLines(text).positionOf(offset);
