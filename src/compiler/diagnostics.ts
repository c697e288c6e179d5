import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import type { ErrorCode } from '../core/error-codes.ts';

/** At most this many errors, and as many warnings, are listed. The others are counted. */
const LISTED_MAX = 100;

/** A hint, or a function that finds it. It is called only for a mistake that is listed. */
export type Hint = string | undefined | (() => string | undefined);

interface Counted {
  listed: number;
  more: number;
  firstOther: SourceSpan;
}

/** Collects the mistakes of a text. */
export class Diagnostics {
  readonly #listed: Diagnostic[] = [];
  readonly #known = new Set<string>();
  readonly #counts: Readonly<Record<Diagnostic['severity'], Counted>> = {
    error: { listed: 0, more: 0, firstOther: NOWHERE },
    warning: { listed: 0, more: 0, firstOther: NOWHERE },
  };

  error(code: ErrorCode, span: SourceSpan, message: string, hint?: Hint): null {
    this.#add('error', code, span, message, hint);
    return null;
  }

  warn(code: ErrorCode, span: SourceSpan, message: string, hint?: Hint): void {
    this.#add('warning', code, span, message, hint);
  }

  notSupported(span: SourceSpan, construct: string, hint?: string): null {
    return this.error('SQL_NOT_SUPPORTED', span, `${construct} is not supported`, hint);
  }

  /** Adds the mistakes that a part of the compiler has collected itself. */
  addAll(diagnostics: readonly Diagnostic[]): void {
    for (const { severity, code, span, message, hint } of diagnostics) this.#add(severity, code, span, message, hint);
  }

  /** The number of errors, including those that are not listed. */
  get errors(): number {
    return this.#counts.error.listed + this.#counts.error.more;
  }

  /** The mistakes in the order of the text. The last ones say how many are not listed. */
  list(): readonly Diagnostic[] {
    const sorted = this.#listed.toSorted((a, b) => a.span.start - b.span.start);
    const { error, warning } = this.#counts;
    return [...sorted, ...summary('error', error), ...summary('warning', warning)];
  }

  /**
   * Adds a diagnostic unless an equal one is present. A view that is used twice reports its
   * mistakes once.
   */
  #add(severity: Diagnostic['severity'], code: string, span: SourceSpan, message: string, hint: Hint): void {
    const counts = this.#counts[severity];
    if (counts.listed === LISTED_MAX) {
      if (counts.more++ === 0) counts.firstOther = span;
      return;
    }
    const key = `${code} ${span.start} ${span.end} ${message}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    counts.listed++;
    const found = typeof hint === 'function' ? hint() : hint;
    this.#listed.push({ code, severity, message, span, ...(found === undefined ? {} : { hint: found }) });
  }
}

const NOWHERE: SourceSpan = { start: 0, end: 0 };

/** The diagnostic that counts the mistakes that are not listed. */
function summary(severity: Diagnostic['severity'], { more, firstOther }: Counted): readonly Diagnostic[] {
  if (more === 0) return [];
  const what = severity === 'error' ? 'errors' : 'warnings';
  const message = `from here on, ${more} more ${what} are not listed`;
  return [{ code: 'SQL_LIMIT', severity, message, span: firstOther, hint: 'correct the listed ones first' }];
}
