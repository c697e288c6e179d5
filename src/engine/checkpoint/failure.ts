import { EngineError } from '../../core/engine-error.ts';
import type { ErrorCode } from '../../core/error-codes.ts';

/** An error as plain data, for messages between a task and the coordinator. */
export interface Failure {
  /** Null: not an EngineError. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A value, or the reason why there is none. */
export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

export function failureOf(cause: unknown): Failure {
  if (cause instanceof EngineError) return { code: cause.code, message: cause.message, details: cause.details };
  return { code: null, message: cause instanceof Error ? cause.message : String(cause), details: {} };
}

export function errorOf({ code, message, details }: Failure): Error {
  return code === null ? new Error(message) : new EngineError(code, message, details);
}

export async function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (cause) {
    return { failure: failureOf(cause) };
  }
}
