import { type Decoder, dictionary } from './decode/decoder.ts';

/**
 * `options` are the WITH options as written, the connector's and the format's; secrets are kept as
 * references.
 */
export interface TableOptions {
  readonly [key: string]: string;
}

/** The message does not show a wrong value: it may be a secret. */
export const tableOptions: Decoder<TableOptions> = dictionary((value, place) =>
  typeof value === 'string' ? value : place.fail('must be text'),
);
