import { EngineError } from './engine-error.ts';

/**
 * The length of the longest text or bytes that an expression may make, in UTF-16 units or bytes.
 * One value must not fill the memory. V8's own bound for a text is 536,870,888 units.
 */
export const VALUE_LENGTH_MAX = 100_000_000;

/** Throws EXPRESSION_TOO_LARGE if a value of this length may not be made. `maker`: the function. */
export function checkValueLength(maker: string, length: number): void {
  if (length > VALUE_LENGTH_MAX) throw tooLong(maker, length);
}

function tooLong(maker: string, length: number): EngineError {
  return new EngineError(
    'EXPRESSION_TOO_LARGE',
    `${maker}: a value of ${length} characters or bytes is too long; at most ${VALUE_LENGTH_MAX} are possible`,
    { length },
  );
}

/**
 * Messages of the errors that V8 and Node throw when a text, an array or a map would exceed what
 * they can hold. Other range errors, such as an exhausted stack, have other causes.
 */
const EXCEEDED =
  /^Invalid (string|array|typed array) length|^Invalid count value|^Array buffer allocation failed|^(Map|Set) maximum size exceeded|^Maximum BigInt size exceeded/;
const EXCEEDED_CODES: readonly unknown[] = ['ERR_STRING_TOO_LONG', 'ERR_BUFFER_TOO_LARGE'];

/**
 * Returns EXPRESSION_TOO_LARGE for an error that says that a value exceeds what can be held in
 * memory, and any other error unchanged.
 */
export function explainTooLarge(error: unknown, maker: string): unknown {
  if (!(error instanceof Error) || error instanceof EngineError) return error;
  const exceeded =
    (error instanceof RangeError && EXCEEDED.test(error.message)) ||
    EXCEEDED_CODES.includes((error as NodeJS.ErrnoException).code);
  if (!exceeded) return error;
  const message = `${maker}: a value is too large to be held in memory (${error.message})`;
  return new EngineError('EXPRESSION_TOO_LARGE', message, {}, error);
}
