import type { DataType } from '../../core/data-type.ts';
import { BOOLEAN, INT, isInteger, STRING, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Regex, RegexMatcher } from '../../core/regex/regex.ts';
import { compileRegex, similarToRegex } from '../../core/regular-expression.ts';
import { checkValueLength, VALUE_LENGTH_MAX } from '../../core/value-size.ts';
import { define, literalText, rememberLast } from '../define.ts';
import type { ArgumentInfo, FunctionEnvironment, Mismatch, Resolution, ScalarFunction } from '../scalar-function.ts';
import {
  anyIntParameter,
  intParameter,
  type Parameter,
  type SignatureOptions,
  signature,
  textParameter,
} from '../signature.ts';
import { codePointIndex, isPlain, unitIndex } from './code-points.ts';
import { likeMatcher } from './like.ts';
import { withPattern } from './pattern-argument.ts';
import { splitIndex, splitIndexVector } from './split-index.ts';

/**
 * Defines the functions that search in a text. Positions count code points from 1; 0 means not
 * found.
 */

/** Code point position (from 1) of the first occurrence at or after a code point (0-based). */
function positionFrom(text: string, needle: string, from: number): number {
  if (isPlain(text)) return text.indexOf(needle, from) + 1;
  const unit = text.indexOf(needle, unitIndex(text, from));
  return unit < 0 ? 0 : codePointIndex(text, unit) + 1;
}

/**
 * Searches forwards from a position, or backwards from one counted from the end, for the n-th
 * occurrence.
 */
function instr(text: string, needle: string, start = 1, nth = 1): number {
  if (nth <= 0)
    throw new EngineError('EXPRESSION_FAILED', `INSTR: the occurrence must be positive, got ${nth}`, { nth });
  if (start === 0) return 0;
  let at = start > 0 ? unitIndex(text, start - 1) - 1 : text.length + start + 1;
  for (let n = 0; n < nth; n++) {
    if (start < 0 && at <= 0) return 0;
    at = start > 0 ? text.indexOf(needle, at + 1) : text.lastIndexOf(needle, at - 1);
    if (at < 0) return 0;
  }
  return codePointIndex(text, at) + 1;
}

/** The result is NULL only if the text is NULL. */
function translateTypes(infos: readonly ArgumentInfo[], environment: FunctionEnvironment): Resolution | Mismatch {
  const resolved = signature([textParameter, textParameter, textParameter], STRING)(infos, environment);
  return 'mismatch' in resolved ? resolved : { ...resolved, result: withNullable(STRING, resolved.args[0]!.nullable) };
}

function translate(text: string | null, from: string | null, to: string | null): string | null {
  if (text === null || from === null) return text;
  const targets = [...(to ?? '')];
  const map = new Map<string, string>();
  for (const [i, char] of [...from].entries()) if (!map.has(char)) map.set(char, targets[i] ?? '');
  let result = '';
  for (const char of text) result += map.get(char) ?? char;
  return result;
}

/** The separator may be given as a character code. */
const separatorParameter: Parameter = {
  expects: 'a text or a character code',
  accept: (info) => textParameter.accept(info) ?? (isInteger(info.type) ? info.type : null),
  isExtension: (type) => type.kind === 'bigint',
};

/**
 * Returns the error in a literal pattern and its escape; null if there is none, or if they are not
 * literals.
 */
function invalidEscape(pattern: string | null, escapeCharacter: string | null): string | null {
  if (escapeCharacter !== null && escapeCharacter.length !== 1)
    return `'${escapeCharacter}' is not one escape character`;
  if (pattern === null) return null;
  try {
    likeMatcher(pattern, escapeCharacter);
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

const like: ScalarFunction = define({
  name: 'LIKE',
  summary: 'Whether the whole text matches the pattern. `%` stands for any characters, `_` for one character.',
  resolve(infos, environment) {
    const wrong = invalidEscape(literalText(infos[1]), literalText(infos[2]));
    if (wrong !== null) return { mismatch: wrong };
    return signature([textParameter, textParameter, textParameter], BOOLEAN, { optional: 1 })(infos, environment);
  },
  kernelFor: () => {
    let lastEscape: string | undefined;
    const plain = rememberLast((pattern: string) => likeMatcher(pattern, null));
    let escaped = rememberLast((pattern: string) => likeMatcher(pattern, null));
    return (text: string, pattern: string, escapeCharacter?: string) => {
      if (escapeCharacter === undefined) return plain(pattern)(text);
      if (escapeCharacter !== lastEscape) {
        lastEscape = escapeCharacter;
        escaped = rememberLast((p: string) => likeMatcher(p, escapeCharacter));
      }
      return escaped(pattern)(text);
    };
  },
});

const similar: ScalarFunction = define({
  name: 'SIMILAR TO',
  summary:
    'Whether the whole text matches the pattern: `%` and `_` as in LIKE, and `| * + ? {} () []` as in regular expressions.',
  resolve: signature([textParameter, textParameter, textParameter], BOOLEAN, { optional: 1 }),
  kernelFor: () => {
    const compiled = rememberLast((key: string) => {
      const [pattern, escapeCharacter] = JSON.parse(key) as [string, string | null];
      const regex = compileRegex('SIMILAR TO', similarToRegex(pattern, escapeCharacter));
      if (regex === null)
        throw new EngineError('EXPRESSION_FAILED', `invalid SIMILAR TO pattern '${pattern}'`, { pattern });
      return regex;
    });
    return (text: string, pattern: string, escapeCharacter?: string) =>
      compiled(JSON.stringify([pattern, escapeCharacter ?? null])).matches(text);
  },
});

function regexFunction(
  name: string,
  summary: string,
  parameters: readonly Parameter[],
  result: DataType,
  options: SignatureOptions,
  compute: (regex: Regex | null, text: string, ...rest: never[]) => unknown,
): ScalarFunction {
  return define({
    name,
    summary,
    resolve: withPattern(signature(parameters, result, { mayBeNull: true, ...options }), 'NULL'),
    kernelFor: () => {
      const compiled = rememberLast((pattern: string) => compileRegex(name, pattern));
      return (text: string, pattern: string, ...rest: never[]) => compute(compiled(pattern), text, ...rest);
    },
  });
}

/** Checks the length of the result first, because V8 collects all parts of it in memory. */
function replaceAll(text: string, needle: string, replacement: string): string {
  const growth = replacement.length - needle.length;
  if (growth > 0 && text.length + (text.length + 1) * growth > VALUE_LENGTH_MAX) {
    const found = occurrences(text, needle);
    checkValueLength('REPLACE', text.length + found * growth);
  }
  return text.replaceAll(needle, () => replacement);
}

function occurrences(text: string, needle: string): number {
  if (needle === '') return text.length + 1;
  let n = 0;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) n++;
  return n;
}

/** Returns the text of a group; null if the group is not in the match. */
const textOf = (matcher: RegexMatcher, group: number): string | null => matcher.group(group) ?? null;

const REGEX_FUNCTIONS: readonly ScalarFunction[] = [
  define({
    name: 'REGEXP',
    summary: 'Whether the text contains a match. FALSE for an empty or invalid expression.',
    resolve: withPattern(signature([textParameter, textParameter], BOOLEAN), 'FALSE'),
    kernelFor: () => {
      const compiled = rememberLast((pattern: string) => compileRegex('REGEXP', pattern));
      return (text: string, pattern: string) => pattern !== '' && (compiled(pattern)?.matcher(text).find() ?? false);
    },
  }),
  regexFunction(
    'REGEXP_REPLACE',
    'The text with every match replaced. `$1` in the replacement has no special meaning. NULL for an invalid expression.',
    [textParameter, textParameter, textParameter],
    STRING,
    { mayBeNull: false },
    (regex, text, replacement: string) => {
      if (regex === null) return null;
      const matcher = regex.matcher(text);
      let result = '';
      let at = 0;
      while (matcher.find()) {
        result += text.slice(at, matcher.start()) + replacement;
        checkValueLength('REGEXP_REPLACE', result.length);
        at = matcher.end();
      }
      return result + text.slice(at);
    },
  ),
  regexFunction(
    'REGEXP_EXTRACT',
    'A group of the first match, group 0 by default. NULL if there is no match or the expression is invalid.',
    [textParameter, textParameter, anyIntParameter],
    STRING,
    { optional: 1 },
    (regex, text, group: number = 0 as never) => {
      if (regex === null || group < 0 || group > regex.groups) return null;
      const matcher = regex.matcher(text, group > 0);
      return matcher.find() ? textOf(matcher, group) : null;
    },
  ),
  regexFunction(
    'REGEXP_EXTRACT_ALL',
    'A group of every match, group 1 by default. NULL for an invalid expression or a group that it does not have.',
    [textParameter, textParameter, anyIntParameter],
    { kind: 'array', element: STRING, nullable: true },
    { optional: 1 },
    (regex, text, group: number = 1 as never) => {
      if (regex === null || group < 0 || group > regex.groups) return null;
      const matcher = regex.matcher(text, group > 0);
      const found: (string | null)[] = [];
      while (matcher.find()) found.push(textOf(matcher, group));
      return found;
    },
  ),
  regexFunction(
    'REGEXP_COUNT',
    'The number of matches. NULL for an invalid expression.',
    [textParameter, textParameter],
    INT,
    { optional: 0 },
    (regex, text) => {
      if (regex === null) return null;
      const matcher = regex.matcher(text);
      let n = 0;
      while (matcher.find()) n++;
      return n;
    },
  ),
  regexFunction(
    'REGEXP_INSTR',
    'The position of the first match, 0 if there is none. NULL for an invalid expression.',
    [textParameter, textParameter],
    INT,
    { optional: 0 },
    (regex, text) => {
      if (regex === null) return null;
      const matcher = regex.matcher(text);
      return matcher.find() ? matcher.start() + 1 : 0;
    },
  ),
  regexFunction(
    'REGEXP_SUBSTR',
    'The first match. NULL if there is none or the expression is invalid.',
    [textParameter, textParameter],
    STRING,
    { optional: 0 },
    (regex, text) => {
      const matcher = regex?.matcher(text);
      return matcher?.find() ? matcher.group() : null;
    },
  ),
];

export const TEXT_SEARCH: readonly ScalarFunction[] = [
  like,
  similar,
  ...REGEX_FUNCTIONS,
  define({
    name: 'POSITION',
    summary: 'The position of the first occurrence, 0 if there is none.',
    resolve: signature([textParameter, textParameter], INT),
    kernel: (needle: string, text: string) => positionFrom(text, needle, 0),
  }),
  define({
    name: 'LOCATE',
    summary: 'The position of the first occurrence at `start` or after it, 0 if there is none.',
    resolve: signature([textParameter, textParameter, intParameter], INT, { optional: 1 }),
    kernel: (needle: string, text: string, from = 1) => positionFrom(text, needle, Math.max(0, from - 1)),
  }),
  define({
    name: 'INSTR',
    summary:
      'The position of the `n`-th occurrence at `start` or after it, 0 if there is none. A negative start counts from the end and searches backwards.',
    resolve: signature([textParameter, textParameter, intParameter, intParameter], INT, { optional: 2 }),
    kernel: instr,
  }),
  define({
    name: 'REPLACE',
    summary: 'The text with every occurrence replaced.',
    resolve: signature([textParameter, textParameter, textParameter], STRING),
    kernel: replaceAll,
  }),
  define({
    name: 'TRANSLATE',
    summary:
      'The text with each character of `from` replaced by the character at the same place in `to`, or removed if `to` is shorter. A NULL in `from` changes nothing.',
    nulls: 'handled',
    resolve: translateTypes,
    kernel: translate,
  }),
  define({
    name: 'SPLIT_INDEX',
    summary: 'The `n`-th part of the text between separators, counted from 0. NULL if there is none.',
    resolve: signature([textParameter, separatorParameter, intParameter], STRING, { mayBeNull: true }),
    kernel: splitIndex,
    vector: () => splitIndexVector,
  }),
  define({
    name: 'SPLIT',
    summary: 'The parts of the text between separators. An empty separator gives the characters.',
    resolve: signature([textParameter, textParameter], { kind: 'array', element: STRING, nullable: true }),
    kernel: (text: string, separator: string) =>
      text === '' ? [] : separator === '' ? [...text] : text.split(separator),
  }),
  define({
    name: 'STARTSWITH',
    summary: 'Whether the text begins with `start`.',
    resolve: signature([textParameter, textParameter], BOOLEAN),
    kernel: (text: string, start: string) => text.startsWith(start),
  }),
  define({
    name: 'ENDSWITH',
    summary: 'Whether the text ends with `end`.',
    resolve: signature([textParameter, textParameter], BOOLEAN),
    kernel: (text: string, end: string) => text.endsWith(end),
  }),
];
