import { createHash } from 'node:crypto';
import { BYTES, type DataType, INT, STRING } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { define } from '../define.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import {
  anyIntParameter,
  bytesParameter,
  longParameter,
  signature,
  textOrBytesParameter,
  textParameter,
} from '../signature.ts';
import { parseUrl } from './parse-url.ts';

/**
 * Base64, hash, URL and character code functions. The functions work on the UTF-8 bytes of texts.
 */
const digest = (algorithm: string, text: string | Uint8Array): string =>
  createHash(algorithm).update(text).digest('hex');

/** A hash has a fixed number of hexadecimal digits. */
const hash = (name: string, algorithm: string): ScalarFunction =>
  define({
    name,
    summary: `The ${name} hash of the text or the bytes in hexadecimal digits.`,
    resolve: signature([textOrBytesParameter], { kind: 'char', length: digest(algorithm, '').length, nullable: true }),
    kernel: (value: string | Uint8Array) => digest(algorithm, value),
  });

/** The digits of the longest form. */
const SHA2_TEXT: DataType = { kind: 'varchar', length: 128, nullable: true };
const SHA2_BITS: ReadonlySet<number> = new Set([224, 256, 384, 512]);

function fromBase64(text: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}=*)?$/.test(text)) {
    throw new EngineError('EXPRESSION_FAILED', `FROM_BASE64: '${text.slice(0, 60)}' is not base64`);
  }
  return Buffer.from(text, 'base64').toString('utf8');
}

/** Encodes a text like an HTML form: a blank becomes `+`, and `*-._` are not changed. */
const urlEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

function urlDecode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return null;
  }
}

/** Java's names of the character sets that Flink accepts. */
interface Charset {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

const native = (encoding: BufferEncoding): Charset => ({
  encode: (text) => Buffer.from(text, encoding),
  decode: (bytes) => Buffer.from(bytes).toString(encoding),
});
const bigEndian: Charset = {
  encode: (text) => Buffer.from(text, 'utf16le').swap16(),
  decode: (bytes) =>
    Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le'),
};
/** Written big-endian after a byte order mark. A reader uses the mark. */
const marked: Charset = {
  encode: (text) => Buffer.concat([Uint8Array.of(0xfe, 0xff), bigEndian.encode(text)]),
  decode: (bytes) => {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return native('utf16le').decode(bytes.subarray(2));
    return bigEndian.decode(bytes[0] === 0xfe && bytes[1] === 0xff ? bytes.subarray(2) : bytes);
  },
};
const CHARSETS: Readonly<Record<string, Charset>> = {
  'UTF-8': native('utf8'),
  'US-ASCII': native('ascii'),
  'ISO-8859-1': native('latin1'),
  'UTF-16LE': native('utf16le'),
  'UTF-16BE': bigEndian,
  'UTF-16': marked,
};

function charset(name: string): Charset {
  const found = CHARSETS[name.toUpperCase()];
  if (found !== undefined) return found;
  const known = Object.keys(CHARSETS).join(', ');
  throw new EngineError('EXPRESSION_FAILED', `unsupported character set '${name}'; one of ${known}`);
}

export const TEXT_ENCODING: readonly ScalarFunction[] = [
  hash('MD5', 'md5'),
  hash('SHA1', 'sha1'),
  hash('SHA224', 'sha224'),
  hash('SHA256', 'sha256'),
  hash('SHA384', 'sha384'),
  hash('SHA512', 'sha512'),
  {
    ...define({
      name: 'SHA2',
      summary: 'The SHA-2 hash of 224, 256, 384 or 512 bits in hexadecimal digits. NULL only for a NULL argument.',
      resolve: (infos, environment) => {
        const bits = infos[1]?.literal?.value;
        if (typeof bits === 'number' && !SHA2_BITS.has(bits)) {
          return { mismatch: `has no form of ${bits} bits; 224, 256, 384 or 512 exist` };
        }
        return signature([textOrBytesParameter, anyIntParameter], SHA2_TEXT)(infos, environment);
      },
      kernel: (value: string | Uint8Array, bits: number) => {
        if (!SHA2_BITS.has(bits))
          throw new EngineError('EXPRESSION_FAILED', `SHA2: ${bits} bits; 224, 256, 384 or 512 exist`);
        return digest(`sha${bits}`, value);
      },
    }),
  },
  define({
    name: 'TO_BASE64',
    summary: 'The text or the bytes in base64.',
    resolve: signature([textOrBytesParameter], STRING),
    kernel: (value: string | Uint8Array) => Buffer.from(value as string).toString('base64'),
  }),
  define({
    name: 'FROM_BASE64',
    summary: 'The text that the base64 encodes. A text that is not base64 fails the job.',
    resolve: signature([textParameter], STRING),
    kernel: fromBase64,
  }),
  define({
    name: 'UNHEX',
    summary: 'The bytes of hexadecimal digits. NULL if a character is no such digit.',
    resolve: signature([textParameter], BYTES, { mayBeNull: true }),
    kernel: (text: string) =>
      /^[0-9a-fA-F]*$/.test(text) ? Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex') : null,
  }),
  define({
    name: 'ENCODE',
    summary: 'The bytes of the text in a character set: UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16LE or UTF-16BE.',
    resolve: signature([textParameter, textParameter], BYTES),
    kernel: (text: string, name: string) => charset(name).encode(text),
  }),
  define({
    name: 'DECODE',
    summary: 'The text of the bytes in a character set, as in ENCODE.',
    resolve: signature([bytesParameter, textParameter], STRING),
    kernel: (bytes: Uint8Array, name: string) => charset(name).decode(bytes),
  }),
  define({
    name: 'ASCII',
    summary: 'The first byte of the text in UTF-8, from -128 to 127. 0 for an empty text.',
    resolve: signature([textParameter], INT),
    kernel: (text: string) => ((Buffer.from(text.slice(0, 2))[0] ?? 0) << 24) >> 24,
  }),
  define({
    name: 'CHR',
    summary: 'The character with the code modulo 256. An empty text for a negative code. Its type allows NULL.',
    resolve: signature([longParameter], STRING, { mayBeNull: true }),
    kernel: (code: number | bigint) => (code < 0 ? '' : String.fromCharCode(Number(BigInt(code) & 255n))),
  }),
  define({
    name: 'PARSE_URL',
    summary:
      'A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, AUTHORITY, FILE or USERINFO. With a key, a parameter of QUERY. NULL if there is none.',
    resolve: signature([textParameter, textParameter, textParameter], STRING, { optional: 1, mayBeNull: true }),
    kernel: parseUrl,
  }),
  define({
    name: 'URL_ENCODE',
    summary: 'The text as an HTML form encodes it in a URL. NULL only for a NULL argument.',
    resolve: signature([textParameter], STRING, { mayBeNull: true }),
    kernel: urlEncode,
  }),
  define({
    name: 'URL_DECODE',
    summary: 'The text that an HTML form encoded. NULL if it is malformed.',
    resolve: signature([textParameter], STRING, { mayBeNull: true }),
    kernel: urlDecode,
  }),
];
