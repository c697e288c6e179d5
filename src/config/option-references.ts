import type { ReferenceSource } from '../core/option-reference.ts';

/** Prefix of the variables that SQL over HTTP may refer to. */
export const SECRET_PREFIX = 'SEQUITUR_SECRET_';

/**
 * Returns the variables of this process for references in option values. SQL over HTTP
 * (`restricted`) may refer only to variables with the prefix.
 */
export function environmentVariables(restricted: boolean): ReferenceSource['env'] {
  return (name) => (restricted && !name.startsWith(SECRET_PREFIX) ? undefined : process.env[name]);
}
