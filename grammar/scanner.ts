import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import * as t from './tokens.ts';

/**
 * The tokens of a text. The scanner drops comments and white space and keeps hint comments.
 * Mistakes do not stop the scan.
 */
export interface Scan {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

const SINGLE: Readonly<Record<string, TokenType>> = {
  '(': t.LeftParen,
  ')': t.RightParen,
  '[': t.LeftBracket,
  ']': t.RightBracket,
  '{': t.LeftBrace,
  '}': t.RightBrace,
  ',': t.Comma,
  ';': t.Semicolon,
  '.': t.Dot,
  '?': t.QuestionMark,
  '^': t.Caret,
  $: t.Dollar,
  '|': t.Bar,
  ':': t.Colon,
  '+': t.Plus,
  '-': t.Minus,
  '*': t.Star,
  '/': t.Slash,
  '%': t.Percent,
  '=': t.Equal,
  '<': t.Less,
  '>': t.Greater,
};
const DOUBLE: Readonly<Record<string, TokenType>> = {
  '||': t.Concat,
  '=>': t.Arrow,
  '<>': t.NotEqual,
  '!=': t.BangEqual,
  '<=': t.LessEqual,
  '>=': t.GreaterEqual,
};

const LINE_END = /[\r\n]/g;
const WHITE_SPACE = /[\s\uFEFF]+/y;
const WORD = /[\p{L}_][\p{L}\p{N}\p{M}_$]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const BINARY = /[xX]'[^'\n\r]*'/y;

export function scan(text: string): Scan {
  const tokens: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  const length = text.length;
  let at = 0;

  const push = (type: TokenType, end: number): void => {
    tokens.push(makeToken(type, text.slice(at, end), at));
    at = end;
  };
  const fail = (end: number, message: string, hint?: string): void => {
    diagnostics.push({
      code: 'SQL_SYNTAX',
      severity: 'error',
      message,
      span: { start: at, end },
      ...(hint === undefined ? {} : { hint }),
    });
    tokens.push(makeToken(t.Unreadable, text.slice(at, end), at));
    at = end;
  };
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  /**
   * Returns the end of a quoted text in which a quote is written twice. Returns -1 if the quote is
   * not closed.
   */
  const quoted = (quote: string): number => {
    let from = at + 1;
    for (;;) {
      const end = text.indexOf(quote, from);
      if (end < 0) return -1;
      if (text[end + 1] !== quote) return end + 1;
      from = end + 2;
    }
  };
  const lineEnd = (): number => {
    LINE_END.lastIndex = at;
    return LINE_END.test(text) ? LINE_END.lastIndex - 1 : length;
  };

  const scanComment = (): void => {
    const end = text.indexOf('*/', at + 2);
    if (end < 0) fail(length, 'this comment does not end', 'close it with `*/`');
    else if (text[at + 2] === '+') push(t.Hint, end + 2);
    else at = end + 2;
  };
  const scanText = (): void => {
    const end = quoted("'");
    if (end < 0) fail(length, 'this text does not end', "close it with `'`; a quote inside a text is written twice");
    else push(t.StringLiteral, end);
  };
  const scanQuotedName = (): void => {
    const end = quoted('`');
    if (end < 0) fail(length, 'this quoted name does not end', 'close it with a back quote');
    else if (end === at + 2) fail(end, 'a name cannot be empty');
    else push(t.QuotedIdentifier, end);
  };
  const scanDoubleQuotes = (): void => {
    const end = quoted('"');
    fail(
      end < 0 ? lineEnd() : end,
      'double quotes are not used in Flink SQL',
      "write texts in single quotes ('…') and names in back quotes (`…`)",
    );
  };
  const scanNumber = (end: number): void => {
    WORD.lastIndex = end;
    if (WORD.test(text)) {
      const written = text.slice(at, WORD.lastIndex);
      fail(
        WORD.lastIndex,
        `\`${written}\` is neither a number nor a name`,
        'names that begin with a digit need back quotes',
      );
      return;
    }
    const image = text.slice(at, end);
    const exact = image.includes('.') ? t.DecimalLiteral : t.IntegerLiteral;
    push(/[eE]/.test(image) ? t.ApproximateLiteral : exact, end);
  };
  const scanSymbol = (): void => {
    const two = DOUBLE[text.slice(at, at + 2)];
    const one = SINGLE[text[at]!];
    if (two !== undefined) push(two, at + 2);
    else if (one !== undefined) push(one, at + 1);
    else {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      fail(at + character.length, `the character \`${character}\` has no meaning here`);
    }
  };

  while (at < length) {
    const c = text[at]!;
    const blank = match(WHITE_SPACE);
    if (blank > 0) at = blank;
    else if (c === '-' && text[at + 1] === '-') at = lineEnd();
    else if (c === '/' && text[at + 1] === '*') scanComment();
    else if (c === "'") scanText();
    else if (c === '`') scanQuotedName();
    else if (c === '"') scanDoubleQuotes();
    else {
      const binary = match(BINARY);
      const word = binary > 0 ? -1 : match(WORD);
      const number = binary > 0 || word > 0 ? -1 : match(NUMBER);
      if (binary > 0) push(t.BinaryLiteral, binary);
      else if (word > 0) push(t.keywordType(text.slice(at, word).toUpperCase()) ?? t.Identifier, word);
      else if (number > 0) scanNumber(number);
      else scanSymbol();
    }
  }
  return { tokens, diagnostics };
}

function makeToken(type: TokenType, image: string, start: number): IToken {
  return {
    image,
    startOffset: start,
    endOffset: start + image.length - 1,
    startLine: Number.NaN,
    endLine: Number.NaN,
    startColumn: Number.NaN,
    endColumn: Number.NaN,
    tokenTypeIdx: type.tokenTypeIdx!,
    tokenType: type,
  };
}
