import type { ReferenceSource } from '../core/option-reference.ts';

/** What variables that SQL over HTTP may refer to begin with. */
export const SECRET_PREFIX = 'SEQUITUR_SECRET_';

/**
 * The variables of this process, for references in option values. Whoever submits SQL over HTTP
 * (`restricted`) sees only those that are meant for that.
 */
export function environmentVariables(restricted: boolean): ReferenceSource['env'] {
  return (name) => (restricted && !name.startsWith(SECRET_PREFIX) ? undefined : process.env[name]);
}
