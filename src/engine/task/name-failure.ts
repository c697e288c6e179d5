import { EngineError } from '../../core/engine-error.ts';
import type { ErrorCode } from '../../core/error-codes.ts';

/**
 * Converts an error of the operating system in `action` to an error with a code. The message names
 * the action, because a bare `EIO` does not explain the failure.
 */
export async function namingFailure<T>(code: ErrorCode, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof EngineError || (cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw new EngineError(code, `${what}: ${(cause as Error).message}`, {}, cause);
  }
}
