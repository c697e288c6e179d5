/** Throws on a state that must never occur: a programmer's mistake, never a user's. */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Proves to the compiler that every kind of a union was handled. */
export function unreachable(value: never): never {
  throw new InvariantError(`unhandled: ${JSON.stringify(value)}`);
}
