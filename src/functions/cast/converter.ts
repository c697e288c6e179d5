/**
 * Converts a value that is not NULL; `undefined` says that it cannot be converted, null that the
 * result is NULL.
 */
export type Converter = (value: unknown) => unknown;
