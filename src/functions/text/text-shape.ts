import {
  BOOLEAN,
  type DataType,
  INT,
  isNumeric,
  isText,
  MAX_TEXT_LENGTH,
  STRING,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import { checkValueLength } from '../../core/value-size.ts';
import { parseExact } from '../decimal.ts';
import { aliases, define, literalText } from '../define.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { anyIntParameter, intParameter, type Parameter, signature, textParameter } from '../signature.ts';
import { codePointLength, isPlain, sliceCodePoints } from './code-points.ts';

/**
 * Functions that cut, join, fill and change texts. Positions count code points from 1, except in
 * LPAD and RPAD (UTF-16 units, measured).
 */

/** CHAR(n) becomes VARCHAR(n): the result may be shorter. */
const varying = ([type]: readonly DataType[]): DataType =>
  isText(type!) ? { kind: 'varchar', length: type!.length, nullable: true } : STRING;

/** Defines `||` of two texts or CONCAT of any number of texts. */
function concatenation(name: string): ScalarFunction {
  return {
    name,
    summary: 'The texts one after the other. NULL if one of them is NULL.',
    resolve(infos) {
      if (infos.length === 0) return { mismatch: 'expects at least 1 argument, got 0' };
      const args: DataType[] = [];
      for (const { type } of infos) {
        if (!isText(type) && type.kind !== 'null' && !(name === '||' && isBytes(type))) {
          return {
            mismatch: `expects texts, got ${infos.map((info) => typeName(info.type)).join(', ')}`,
            hint: `CAST the ${typeName(withNullable(type, true))} to STRING`,
          };
        }
        args.push(type.kind === 'null' ? STRING : type);
      }
      if (args.some(isBytes) && !args.every(isBytes)) return { mismatch: 'cannot join a text and BYTES' };
      const nullable = args.some((arg) => arg.nullable);
      const extension = { what: `${name} of BYTES` };
      return {
        args,
        ...(args.some(isBytes) ? { extension } : {}),
        result: name === '||' ? joined(args, nullable) : withNullable(STRING, nullable),
      };
    },
    scalar: (args) =>
      args.some(isBytes)
        ? (...values: Uint8Array[]) => {
            checkTotal(name, values, 0);
            return Buffer.concat(values);
          }
        : (...values: string[]) => {
            checkTotal(name, values, 0);
            return values.join('');
          },
  };
}

/** The type of `a || b`. Two CHAR give a CHAR, other texts a VARCHAR; the same holds for BYTES. */
function joined(args: readonly DataType[], nullable: boolean): DataType {
  const length = args.reduce((sum, arg) => sum + ('length' in arg ? arg.length : MAX_TEXT_LENGTH), 0);
  const fixed = args.every((arg) => arg.kind === 'char' || arg.kind === 'binary');
  const kind = args.some(isBytes) ? (fixed ? 'binary' : 'varbinary') : fixed ? 'char' : 'varchar';
  return { kind, length: Math.min(MAX_TEXT_LENGTH, length), nullable };
}

const isBytes = (type: DataType): boolean => type.kind === 'binary' || type.kind === 'varbinary';

const concatWithSeparator: ScalarFunction = define({
  name: 'CONCAT_WS',
  summary: 'The texts with the separator between them. NULLs are left out. NULL if the separator is NULL.',
  nulls: 'handled',
  resolve: signature([textParameter, textParameter], STRING, { variadic: true, optional: 1 }),
  kernel: (separator: string | null, ...values: (string | null)[]) => {
    if (separator === null) return null;
    const present = values.filter((value) => value !== null);
    checkTotal('CONCAT_WS', present, separator.length);
    return present.join(separator);
  },
});

/** Checks the length of the joined values before they are joined. */
function checkTotal(name: string, values: readonly { readonly length: number }[], separatorLength: number): void {
  let total = (values.length - 1) * separatorLength;
  for (const { length } of values) total += length;
  checkValueLength(name, total);
}

/** Trims the start. Removes only blanks by default, otherwise any of the given characters. */
function trimStart(text: string, characters: string): string {
  const points = [...text];
  let n = 0;
  while (n < points.length && characters.includes(points[n]!)) n++;
  return n === 0 ? text : points.slice(n).join('');
}
function trimEnd(text: string, characters: string): string {
  const points = [...text];
  let n = points.length;
  while (n > 0 && characters.includes(points[n - 1]!)) n--;
  return n === points.length ? text : points.slice(0, n).join('');
}
const trimBoth = (text: string, characters: string): string => trimEnd(trimStart(text, characters), characters);

const trim: ScalarFunction = {
  name: 'TRIM',
  summary: 'The text without blanks, or without the given characters, at both ends or at one end.',
  resolve(infos, environment) {
    const mode = literalText(infos[0]);
    if (infos.length === 3 && mode !== 'BOTH' && mode !== 'LEADING' && mode !== 'TRAILING') {
      return { mismatch: 'expects BOTH, LEADING or TRAILING' };
    }
    return signature([textParameter, textParameter, textParameter], (args) => varying(args.slice(2)))(
      infos,
      environment,
    );
  },
  scalar: () => (mode: string, characters: string, text: string) =>
    mode === 'LEADING'
      ? trimStart(text, characters)
      : mode === 'TRAILING'
        ? trimEnd(text, characters)
        : trimBoth(text, characters),
};

function trimmer(
  name: string,
  summary: string,
  result: DataType | ((args: readonly DataType[]) => DataType),
  cut: (text: string, characters: string) => string,
): ScalarFunction {
  return define({
    name,
    summary,
    resolve: signature([textParameter, textParameter], result, { optional: 1 }),
    kernel: (text: string, characters = ' ') => cut(text, characters),
  });
}

/**
 * Returns part of a text. Position 0 acts as 1. A negative position counts from the end. If it is
 * before the start, the result is empty (recorded: `substring-before-the-start`).
 */
function substring(text: string, position: number, length = MAX_TEXT_LENGTH): string | null {
  if (length < 0) return null;
  const size = isPlain(text) ? text.length : codePointLength(text);
  const start = position > 0 ? position - 1 : position < 0 ? size + position : 0;
  if (start < 0 || start >= size) return '';
  return sliceCodePoints(text, start, Math.min(size, start + length));
}

/** Fills to `length` UTF-16 units, or cuts; NULL for a negative length or an empty filler. */
function padding(name: string, length: number, text: string, pad: string): string | null {
  if (length < 0 || pad === '') return null;
  const missing = length - text.length;
  checkValueLength(name, length);
  return missing <= 0 ? '' : pad.repeat(Math.ceil(missing / pad.length)).slice(0, missing);
}

function overlay(text: string, replacement: string, start: number, length = codePointLength(replacement)): string {
  const size = codePointLength(text);
  if (start <= 0 || start > size) return text;
  // If no character is replaced, the rest is dropped (measured: `FOR 0` drops the rest).
  const rest = start + length > size || length <= 0 ? size : start - 1 + length;
  return sliceCodePoints(text, 0, start - 1) + replacement + sliceCodePoints(text, rest, size);
}

/** Makes the first letter of each run of letters and digits a capital, and the others small. */
function capitalize(text: string): string {
  let inWord = false;
  let result = '';
  for (const char of text) {
    const letterOrDigit = /[a-zA-Z0-9]/.test(char);
    result += letterOrDigit && !inWord ? char.toUpperCase() : char.toLowerCase();
    inWord = letterOrDigit;
  }
  return result;
}

const mapped = (name: string, summary: string, compute: (text: string) => string): ScalarFunction =>
  define({ name, summary, resolve: signature([textParameter], ([type]) => type!), kernel: compute });

const textOrNumber: Parameter = {
  expects: 'a text or a number',
  accept: ({ type }) => (isText(type) || isNumeric(type) || type.kind === 'null' ? type : null),
};

const isDecimal: ScalarFunction = define({
  name: 'IS_DECIMAL',
  summary: 'Whether the text is a decimal number such as `-1.5`. FALSE for NULL.',
  nulls: 'handled',
  resolve: signature([textOrNumber], BOOLEAN, { neverNull: true }),
  kernelFor:
    ([type]) =>
    (value: unknown) =>
      value !== null && (isNumeric(type!) || (typeof value === 'string' && parseExact(value) !== null)),
});

/** A number is read as its text; NULL is FALSE. */
const madeOf = (name: string, summary: string, characters: RegExp): ScalarFunction =>
  define({
    name,
    summary,
    nulls: 'handled',
    resolve(infos, environment) {
      const resolved = signature([textOrNumber], BOOLEAN, { neverNull: true })(infos, environment);
      return 'mismatch' in resolved
        ? resolved
        : { ...resolved, args: [withNullable(STRING, resolved.args[0]!.nullable)] };
    },
    kernel: (text: string | null) => text !== null && characters.test(text),
  });

const typeOf: ScalarFunction = {
  name: 'TYPEOF',
  summary: 'The name of the type of the value, also for NULL.',
  nulls: 'handled',
  resolve: (infos) =>
    infos.length === 1
      ? { args: [infos[0]!.type], result: STRING }
      : { mismatch: `expects 1 argument, got ${infos.length}` },
  scalar([type]) {
    const name = typeName(type!);
    return () => name;
  },
};

export const TEXT_SHAPE: readonly ScalarFunction[] = [
  concatenation('||'),
  concatenation('CONCAT'),
  concatWithSeparator,
  ...aliases(
    define({
      name: 'CHAR_LENGTH',
      summary: 'The number of characters (code points).',
      resolve: signature([textParameter], INT),
      kernel: codePointLength,
    }),
    'CHARACTER_LENGTH',
  ),
  mapped('UPPER', 'The text in capital letters.', (text) => text.toUpperCase()),
  mapped('LOWER', 'The text in small letters.', (text) => text.toLowerCase()),
  mapped('INITCAP', 'The text with a capital first letter in each word.', capitalize),
  define({
    name: 'REVERSE',
    summary: 'The characters in reverse order. Its type allows NULL.',
    resolve: signature([textParameter], STRING, { mayBeNull: true }),
    kernel: (text: string) => [...text].reverse().join(''),
  }),
  trim,
  trimmer('LTRIM', 'The text without blanks, or without the given characters, at the start.', varying, trimStart),
  trimmer('RTRIM', 'The text without blanks, or without the given characters, at the end.', varying, trimEnd),
  trimmer('BTRIM', 'The text without blanks, or without the given characters, at both ends.', STRING, trimBoth),
  ...aliases(
    define({
      name: 'SUBSTRING',
      summary:
        'The part of the text that begins at `start`. A negative start counts from the end. NULL for a negative length.',
      resolve: signature([textParameter, intParameter, intParameter], varying, { optional: 1, mayBeNull: true }),
      kernel: substring,
    }),
    'SUBSTR',
  ),
  define({
    name: 'LEFT',
    summary: 'The first `n` characters. Its type allows NULL.',
    resolve: signature([textParameter, intParameter], varying, { mayBeNull: true }),
    kernel: (text: string, n: number) => (n <= 0 ? '' : sliceCodePoints(text, 0, n)),
  }),
  define({
    name: 'RIGHT',
    summary: 'The last `n` characters. Its type allows NULL.',
    resolve: signature([textParameter, intParameter], varying, { mayBeNull: true }),
    kernel: (text: string, n: number) => {
      const size = codePointLength(text);
      return n <= 0 ? '' : sliceCodePoints(text, Math.max(0, size - n), size);
    },
  }),
  define({
    name: 'LPAD',
    summary:
      'The text filled on the left, or cut, to a length in UTF-16 units. NULL for a negative length or an empty filler.',
    resolve: signature([textParameter, intParameter, textParameter], STRING),
    kernel: (text: string, length: number, pad: string) => {
      const fill = padding('LPAD', length, text, pad);
      return fill === null ? null : fill + text.slice(0, length);
    },
  }),
  define({
    name: 'RPAD',
    summary:
      'The text filled on the right, or cut, to a length in UTF-16 units. NULL for a negative length or an empty filler.',
    resolve: signature([textParameter, intParameter, textParameter], STRING),
    kernel: (text: string, length: number, pad: string) => {
      const fill = padding('RPAD', length, text, pad);
      return fill === null ? null : text.slice(0, length) + fill;
    },
  }),
  define({
    name: 'REPEAT',
    summary: 'The text `n` times in a row.',
    resolve: signature([textParameter, intParameter], STRING),
    kernel: (text: string, n: number) => {
      if (n <= 0) return '';
      checkValueLength('REPEAT', text.length * n);
      return text.repeat(n);
    },
  }),
  define({
    name: 'OVERLAY',
    summary:
      'The text with `length` characters from `start` on replaced. The length is that of the replacement by default.',
    resolve: signature([textParameter, textParameter, anyIntParameter, anyIntParameter], STRING, { optional: 1 }),
    kernel: overlay,
  }),
  define({
    name: 'ELT',
    summary: 'The `n`-th of the texts. NULL if there is none or it is NULL.',
    nulls: 'handled',
    resolve: signature([anyIntParameter, textParameter], STRING, { variadic: true, mayBeNull: true }),
    kernel: (n: number | null, ...texts: (string | null)[]) => (n === null ? null : (texts[n - 1] ?? null)),
  }),
  isDecimal,
  typeOf,
  madeOf('IS_ALPHA', 'Whether the value is a text of letters only, and at least one. FALSE for NULL.', /^\p{L}+$/u),
  madeOf('IS_DIGIT', 'Whether the value has only digits, and at least one. FALSE for NULL.', /^\p{Nd}+$/u),
];
