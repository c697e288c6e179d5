import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/** Limits on a text, checked before any recursive code runs over it. */
export const MAX_TEXT_BYTES = 256 * 1024;
export const MAX_DEPTH = 200;
export const MAX_CHAIN = 1000;
export const MAX_NODES = 20_000;

/** Refuses a text whose UTF-8 size exceeds the limit. Such a text is not scanned. */
export function checkTextSize(text: string): Diagnostic | null {
  if (text.length * 3 <= MAX_TEXT_BYTES) return null;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_TEXT_BYTES) return null;
  return limit(
    { start: 0, end: 0 },
    `the text has ${bytes} bytes, at most ${MAX_TEXT_BYTES} are accepted`,
    'split it into several files',
  );
}

/** Tokens that make an expression longer without a bracket. Each adds one level to the tree. */
const CHAINING: ReadonlySet<TokenType> = new Set([
  t.AdditiveOperator,
  t.MultiplicativeOperator,
  t.ComparisonOperator,
  t.Concat,
  t.Dot,
  kw('IS'),
  kw('LIKE'),
  kw('IN'),
]);

/**
 * Looks for nesting that is too deep in the tokens of a statement: brackets, CASE, nested types,
 * and rows of NOT or signs. Also looks for chains of operators that are too long. Returns a
 * diagnostic for the first place, or null.
 */
export function checkNesting(tokens: readonly IToken[]): Diagnostic | null {
  let depth = 0;
  let types = 0;
  let run = 0;
  const chains: number[] = [0];
  for (const token of tokens) {
    const type = token.tokenType;
    const opens = type === t.LeftParen || type === t.LeftBracket || type === t.LeftBrace || type === kw('CASE');
    const closes = type === t.RightParen || type === t.RightBracket || type === t.RightBrace || type === kw('END');
    if (opens) {
      if (type === t.LeftBracket) chains[chains.length - 1]!++;
      depth++;
      chains.push(0);
    } else if (closes && depth > 0) {
      depth--;
      chains.pop();
    }
    if (type === t.Less) types++;
    else if (type === t.Greater) types = Math.max(0, types - 1);
    else if (type === t.Semicolon || type === kw('AND') || type === kw('OR') || type === kw('WHERE')) types = 0;
    run = type === kw('NOT') || type === t.Minus || type === t.Plus ? run + 1 : 0;
    const isOperator = CHAINING.has(type) || (type.CATEGORIES?.some((category) => CHAINING.has(category)) ?? false);
    if (type === t.Comma || type === kw('AND') || type === kw('OR')) chains[chains.length - 1] = 0;
    else if (isOperator) chains[chains.length - 1]!++;
    const span = { start: token.startOffset, end: token.endOffset! + 1 };
    if (depth > MAX_DEPTH || types > MAX_DEPTH || run > MAX_DEPTH) {
      return limit(span, `nested deeper than ${MAX_DEPTH} levels`, 'split the expression, for example with views');
    }
    if (chains[chains.length - 1]! > MAX_CHAIN) {
      return limit(span, `more than ${MAX_CHAIN} operators in a row`, 'split the expression, for example with views');
    }
  }
  return null;
}

/**
 * Returns a diagnostic for a text that exhausted the stack without exceeding a limit. Its place is
 * the deepest bracket.
 */
export function tooDeep(tokens: readonly IToken[]): Diagnostic {
  let depth = 0;
  let deepest = 0;
  let at = tokens[0];
  for (const token of tokens) {
    if (token.tokenType === t.LeftParen) depth++;
    else if (token.tokenType === t.RightParen) depth--;
    if (depth > deepest) {
      deepest = depth;
      at = token;
    }
  }
  const span = at === undefined ? { start: 0, end: 0 } : { start: at.startOffset, end: at.endOffset! + 1 };
  return limit(span, 'the statement is nested too deeply', 'split it, for example with views');
}

export function limit(span: { start: number; end: number }, message: string, hint: string): Diagnostic {
  return { code: 'SQL_LIMIT', severity: 'error', message, span, hint };
}
