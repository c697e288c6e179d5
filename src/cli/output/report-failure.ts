import { EngineError } from '../../core/engine-error.ts';
import { ERROR_CODES } from '../../core/error-codes.ts';
import { say } from './standard-streams.ts';

/**
 * Reports a failure in one or two lines, with its code and its cause. Prints a stack trace only if
 * SEQUITUR_DEBUG is set.
 */
export function reportFailure(error: unknown, prefix = ''): void {
  say(`${prefix}${failureText(error)}\n`);
  if (process.env['SEQUITUR_DEBUG'] !== undefined && error instanceof Error) say(`${error.stack}\n`);
}

export function failureText(error: unknown): string {
  if (error instanceof EngineError) {
    const cause =
      error.cause instanceof Error && !error.message.includes(error.cause.message) ? ` (${error.cause.message})` : '';
    return `error[${error.code}]: ${error.message}${cause}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `error[JOB_FAILED]: internal error: ${message}; set SEQUITUR_DEBUG=1 to see where`;
}

export function failureExitCode(error: unknown): number {
  return error instanceof EngineError ? ERROR_CODES[error.code].exit : 1;
}
