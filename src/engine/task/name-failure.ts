import { EngineError } from '../../core/engine-error.ts';
import type { ErrorCode } from '../../core/error-codes.ts';

/**
 * Gives what the operating system refuses in `action` a code and says what was to be done: a bare
 * `EIO` helps nobody at night.
 */
export async function namingFailure<T>(code: ErrorCode, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof EngineError || (cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw new EngineError(code, `${what}: ${(cause as Error).message}`, {}, cause);
  }
}
