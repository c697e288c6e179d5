import { ALL_CODE_POINTS, CodePointSet } from './code-point-set.ts';
import { unicodeBlock } from './unicode-blocks.ts';
import { binaryProperty, categories, noncharacters, script } from './unicode-properties.ts';

/** The families of characters that Java's `\p{…}` names, and the predefined classes. */

const ascii = (pattern: RegExp): CodePointSet =>
  CodePointSet.ofCodePoints(
    Array.from({ length: 128 }, (_, c) => c).filter((c) => pattern.test(String.fromCharCode(c))),
  );

export const ASCII_DIGIT: CodePointSet = ascii(/[0-9]/);
export const ASCII_WORD: CodePointSet = ascii(/\w/);
export const ASCII_SPACE: CodePointSet = ascii(/\s/);
export const HORIZONTAL_SPACE: CodePointSet = CodePointSet.ofCodePoints(
  [0x09, 0x20, 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000].concat(Array.from({ length: 11 }, (_, i) => 0x2000 + i)),
);
export const VERTICAL_SPACE: CodePointSet = CodePointSet.of([0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]);

const LETTERS = ['Lu', 'Ll', 'Lt', 'Lm', 'Lo'] as const;
const CASES = ['Lu', 'Ll', 'Lt'] as const;

export const letterOrDigit = (): CodePointSet => categories(...LETTERS, 'Nd');
export const unicodeDigit = (): CodePointSet => categories('Nd');
export const unicodeSpace = (): CodePointSet => binaryProperty('White_Space');
export const unicodeWord = (): CodePointSet =>
  binaryProperty('Alphabetic')
    .union(categories('Mn', 'Me', 'Mc', 'Nd', 'Pc'))
    .union(binaryProperty('Join_Control'));

const control = (): CodePointSet => categories('Cc');
const blank = (): CodePointSet => categories('Zs').union(CodePointSet.of([9, 9]));
const graph = (): CodePointSet => categories('Zs', 'Zl', 'Zp', 'Cc', 'Cs', 'Cn').negate();
const hexDigit = (): CodePointSet =>
  unicodeDigit().union(
    CodePointSet.of([0x30, 0x39], [0x41, 0x46], [0x61, 0x66], [0xff10, 0xff19], [0xff21, 0xff26], [0xff41, 0xff46]),
  );
const lowercase = (): CodePointSet => binaryProperty('Lowercase');
const uppercase = (): CodePointSet => binaryProperty('Uppercase');
const anyCase = (): CodePointSet => lowercase().union(uppercase()).union(categories('Lt'));
const isoControl = (): CodePointSet => CodePointSet.of([0, 0x1f], [0x7f, 0x9f]);
const ignorable = (): CodePointSet => CodePointSet.of([0, 8], [0x0e, 0x1b], [0x7f, 0x9f]).union(categories('Cf'));
const javaWhitespace = (): CodePointSet =>
  categories('Zs', 'Zl', 'Zp')
    .minus(CodePointSet.ofCodePoints([0xa0, 0x2007, 0x202f]))
    .union(CodePointSet.of([9, 0x0d], [0x1c, 0x1f]));
const javaStart = (): CodePointSet => categories(...LETTERS, 'Nl', 'Sc', 'Pc');
const unicodeStart = (): CodePointSet =>
  categories(...LETTERS, 'Nl').union(CodePointSet.ofCodePoints([0x2118, 0x212e, 0x309b, 0x309c, 0x1885, 0x1886]));

/** Further characters of identifiers. */
const OTHER_PARTS: CodePointSet = CodePointSet.of([0xb7, 0xb7], [0x387, 0x387], [0x1369, 0x1371], [0x19da, 0x19da]);

type Family = (ignoreCase: boolean) => CodePointSet;

/** Families of POSIX with the meaning of Unicode, for the flag U and after `Is`. In capitals. */
const POSIX_IN_UNICODE: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['ALPHA', () => binaryProperty('Alphabetic')],
  ['LOWER', (ignoreCase) => (ignoreCase ? anyCase() : lowercase())],
  ['UPPER', (ignoreCase) => (ignoreCase ? anyCase() : uppercase())],
  ['SPACE', unicodeSpace],
  ['PUNCT', () => categories('P')],
  ['XDIGIT', hexDigit],
  ['ALNUM', () => binaryProperty('Alphabetic').union(unicodeDigit())],
  ['CNTRL', control],
  ['DIGIT', unicodeDigit],
  ['BLANK', blank],
  ['GRAPH', graph],
  ['PRINT', () => graph().union(blank()).minus(control())],
]);

/** Properties of Unicode after `Is`. Names in capitals. */
const UNICODE: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['ALPHABETIC', () => binaryProperty('Alphabetic')],
  ['ASSIGNED', () => categories('Cn').negate()],
  ['CONTROL', control],
  ['HEXDIGIT', hexDigit],
  ['HEX_DIGIT', hexDigit],
  ['IDEOGRAPHIC', () => binaryProperty('Ideographic')],
  ['JOINCONTROL', () => binaryProperty('Join_Control')],
  ['JOIN_CONTROL', () => binaryProperty('Join_Control')],
  ['LETTER', () => categories(...LETTERS)],
  ['LOWERCASE', (ignoreCase) => (ignoreCase ? anyCase() : lowercase())],
  ['NONCHARACTERCODEPOINT', noncharacters],
  ['NONCHARACTER_CODE_POINT', noncharacters],
  ['TITLECASE', (ignoreCase) => (ignoreCase ? anyCase() : categories('Lt'))],
  ['PUNCTUATION', () => categories('P')],
  ['UPPERCASE', (ignoreCase) => (ignoreCase ? anyCase() : uppercase())],
  ['WHITESPACE', unicodeSpace],
  ['WHITE_SPACE', unicodeSpace],
  ['WORD', unicodeWord],
]);

const CATEGORIES = /^(C[cfnos]?|L[ulmot]?|M[nec]?|N[dlo]?|Z[slp]?|P[dsecoif]?|S[mcko]?)$/;

/** Families with ASCII meaning, and the methods of Java's Character class. */
const PLAIN: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['LC', () => categories(...CASES)],
  ['LD', letterOrDigit],
  ['L1', () => CodePointSet.of([0, 0xff])],
  ['all', () => ALL_CODE_POINTS],
  ['ASCII', () => CodePointSet.of([0, 0x7f])],
  ['Alnum', () => ascii(/[A-Za-z0-9]/)],
  ['Alpha', () => ascii(/[A-Za-z]/)],
  ['Blank', () => ascii(/[ \t]/)],
  ['Cntrl', () => CodePointSet.of([0, 0x1f], [0x7f, 0x7f])],
  ['Digit', () => ASCII_DIGIT],
  ['Graph', () => CodePointSet.of([0x21, 0x7e])],
  ['Lower', (ignoreCase) => (ignoreCase ? ascii(/[A-Za-z]/) : ascii(/[a-z]/))],
  ['Print', () => CodePointSet.of([0x20, 0x7e])],
  ['Punct', () => ascii(/[!-/:-@[-`{-~]/)],
  ['Space', () => ASCII_SPACE],
  ['Upper', (ignoreCase) => (ignoreCase ? ascii(/[A-Za-z]/) : ascii(/[A-Z]/))],
  ['XDigit', () => ascii(/[0-9A-Fa-f]/)],
  ['javaLowerCase', (ignoreCase) => (ignoreCase ? anyCase() : lowercase())],
  ['javaUpperCase', (ignoreCase) => (ignoreCase ? anyCase() : uppercase())],
  ['javaAlphabetic', () => binaryProperty('Alphabetic')],
  ['javaIdeographic', () => binaryProperty('Ideographic')],
  ['javaTitleCase', (ignoreCase) => (ignoreCase ? anyCase() : categories('Lt'))],
  ['javaDigit', unicodeDigit],
  ['javaDefined', () => categories('Cn').negate()],
  ['javaLetter', () => categories(...LETTERS)],
  ['javaLetterOrDigit', letterOrDigit],
  ['javaJavaIdentifierStart', javaStart],
  [
    'javaJavaIdentifierPart',
    () =>
      javaStart()
        .union(categories('Nd', 'Mc', 'Mn'))
        .union(ignorable()),
  ],
  ['javaUnicodeIdentifierStart', unicodeStart],
  [
    'javaUnicodeIdentifierPart',
    () =>
      unicodeStart()
        .union(categories('Pc', 'Nd', 'Mc', 'Mn'))
        .union(ignorable())
        .union(OTHER_PARTS),
  ],
  ['javaIdentifierIgnorable', ignorable],
  ['javaSpaceChar', () => categories('Zs', 'Zl', 'Zp')],
  ['javaWhitespace', javaWhitespace],
  ['javaISOControl', isoControl],
  ['javaMirrored', () => binaryProperty('Bidi_Mirrored')],
]);

function categoryOrPlain(name: string, ignoreCase: boolean): CodePointSet | null {
  if (CATEGORIES.test(name)) return ignoreCase && /^L[ult]$/.test(name) ? categories(...CASES) : categories(name);
  return PLAIN.get(name)?.(ignoreCase) ?? null;
}

/**
 * Returns the family of the name between the braces of `\p{…}`; null if Java has none. The flags
 * are those of the place in the pattern.
 */
export function characterFamily(
  text: string,
  flags: { readonly ignoreCase: boolean; readonly unicodeClasses: boolean },
): CodePointSet | null {
  const { ignoreCase } = flags;
  const equals = text.indexOf('=');
  if (equals >= 0) {
    const value = text.slice(equals + 1);
    switch (text.slice(0, equals).toLowerCase()) {
      case 'sc':
      case 'script':
        return script(value);
      case 'blk':
      case 'block':
        return unicodeBlock(value.toUpperCase());
      case 'gc':
      case 'general_category':
        return categoryOrPlain(value, ignoreCase);
      default:
        return null;
    }
  }
  if (text.startsWith('In')) return unicodeBlock(text.slice(2).toUpperCase());
  if (text.startsWith('Is')) {
    const name = text.slice(2);
    const family = UNICODE.get(name.toUpperCase()) ?? POSIX_IN_UNICODE.get(name.toUpperCase());
    return family?.(ignoreCase) ?? categoryOrPlain(name, ignoreCase) ?? script(name);
  }
  const posix = flags.unicodeClasses ? POSIX_IN_UNICODE.get(text.toUpperCase()) : undefined;
  return posix?.(ignoreCase) ?? categoryOrPlain(text, ignoreCase);
}
