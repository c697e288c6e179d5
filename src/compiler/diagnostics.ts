import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import type { ErrorCode } from '../core/error-codes.ts';

/** Collects the mistakes of a text. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  error(code: ErrorCode, span: SourceSpan, message: string, hint?: string): null {
    this.add('error', code, span, message, hint);
    return null;
  }

  warn(code: ErrorCode, span: SourceSpan, message: string, hint?: string): void {
    this.add('warning', code, span, message, hint);
  }

  notSupported(span: SourceSpan, construct: string, hint?: string): null {
    return this.error('SQL_NOT_SUPPORTED', span, `${construct} is not supported`, hint);
  }

  get errors(): number {
    return this.list.filter((d) => d.severity === 'error').length;
  }

  /**
   * Adds a diagnostic unless an equal one is present. A view that is used twice reports its
   * mistakes once.
   */
  private add(severity: 'error' | 'warning', code: ErrorCode, span: SourceSpan, message: string, hint?: string): void {
    const same = (d: Diagnostic) =>
      d.code === code && d.span.start === span.start && d.span.end === span.end && d.message === message;
    if (this.list.some(same)) return;
    this.list.push({ code, severity, message, span, ...(hint === undefined ? {} : { hint }) });
  }
}
