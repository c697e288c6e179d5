import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import { positionOf } from '../core/diagnostic.ts';

const WIDTH = 120;
const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';
const BOLD = '\u001b[1m';
const RESET = '\u001b[0m';

export interface DiagnosticFormat {
  readonly file: string;
  readonly color?: boolean;
}

/**
 * Formats a diagnostic for a user:
 *
 *     query.sql:3:8: error[SQL_UNKNOWN_COLUMN]: no column `usr_id` in `logins`
 *       3 | SELECT usr_id FROM logins
 *         |        ^^^^^^
 *     hint: did you mean `user_id`?
 *
 * Columns count code points from 1. A line too long for a terminal is cut around the caret. Tabs
 * are kept, so that the caret is aligned.
 */
export function formatDiagnostic(diagnostic: Diagnostic, text: string, format: DiagnosticFormat): string {
  const { span, severity } = diagnostic;
  const { line, column } = positionOf(text, span.start);
  const paint = (code: string, part: string): string => (format.color ? `${code}${part}${RESET}` : part);
  const head = `${severity}[${diagnostic.code}]`;
  const lines = [
    `${paint(BOLD, `${format.file}:${line}:${column}:`)} ${paint(severity === 'error' ? RED : YELLOW, head)}: ${diagnostic.message}`,
  ];
  const { source, before, length } = sourceLine(text, span.start, span.end);
  if (source.trim() !== '') {
    const number = String(line).padStart(4);
    lines.push(`${number} | ${source}`);
    lines.push(
      `     | ${before.replace(/[^\t]/gu, ' ')}${paint(severity === 'error' ? RED : YELLOW, '^'.repeat(length))}`,
    );
  }
  if (diagnostic.hint !== undefined) lines.push(`hint: ${diagnostic.hint}`);
  return lines.join('\n');
}

/**
 * Formats all diagnostics of a text in the order of their places, with one empty line between them.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], text: string, format: DiagnosticFormat): string {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text, format)).join('\n\n');
}

interface SourceLine {
  readonly source: string;
  /** The text before the caret in the shown line. */
  readonly before: string;
  /** Carets: code points of the span on this line, at least one. */
  readonly length: number;
}

function sourceLine(text: string, start: number, end: number): SourceLine {
  const from = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const rest = text.slice(start).search(/[\r\n]/);
  const to = rest < 0 ? text.length : start + rest;
  const points = [...text.slice(from, to)];
  const at = [...text.slice(from, Math.min(start, to))].length;
  const width = Math.max(1, [...text.slice(start, Math.min(end, to))].length);
  if (points.length <= WIDTH) return { source: points.join(''), before: points.slice(0, at).join(''), length: width };
  const left = Math.max(0, Math.min(at - 40, points.length - WIDTH));
  const right = Math.min(points.length, left + WIDTH);
  const prefix = left > 0 ? '…' : '';
  const suffix = right < points.length ? '…' : '';
  return {
    source: `${prefix}${points.slice(left, right).join('')}${suffix}`,
    before: `${prefix}${points.slice(left, at).join('')}`,
    length: Math.max(1, Math.min(width, right - at)),
  };
}

/**
 * Replaces each secret in the text by stars. The length does not change, so positions stay valid.
 */
export function maskSecrets(text: string, secrets: readonly SourceSpan[]): string {
  let masked = text;
  for (const { start, end } of secrets)
    masked = masked.slice(0, start) + masked.slice(start, end).replace(/[^\n\r]/g, '*') + masked.slice(end);
  return masked;
}
