import { type Decoder, dictionary, text } from './decode/decoder.ts';

/**
 * `options` are the WITH options as written, the connector's and the format's; secrets are kept as
 * references.
 */
export interface TableOptions {
  readonly [key: string]: string;
}

export const tableOptions: Decoder<TableOptions> = dictionary(text);
