import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic, SourceSpan } from '../src/core/diagnostic.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/** The tokens of one statement, without its semicolon. */
export interface StatementTokens {
  readonly tokens: readonly IToken[];
  readonly span: SourceSpan;
}

/**
 * A text is a list of statements and of statement sets: `EXECUTE STATEMENT SET BEGIN … END;` or
 * `BEGIN STATEMENT SET; … END;`.
 */
export type StatementUnit =
  | { readonly kind: 'single'; readonly statement: StatementTokens }
  | {
      readonly kind: 'set';
      readonly statements: readonly StatementTokens[];
      readonly explain: boolean;
      readonly span: SourceSpan;
    };

export interface Split {
  readonly units: readonly StatementUnit[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Splits a text at the semicolons outside brackets, so that each statement is parsed separately. A
 * semicolon also ends a bracket that is not closed. The parser then reports the mistake in that
 * statement.
 */
export function splitStatements(tokens: readonly IToken[], length: number): Split {
  const units: StatementUnit[] = [];
  const diagnostics: Diagnostic[] = [];
  let at = 0;

  const is = (offset: number, type: TokenType): boolean => tokens[at + offset]?.tokenType === type;
  const spanOf = (list: readonly IToken[], end: number): SourceSpan => ({ start: list[0]?.startOffset ?? end, end });
  /** Reads up to the next semicolon, or up to an `END` that no CASE opened. */
  const readStatement = (inSet: boolean): StatementTokens => {
    const from = at;
    let cases = 0;
    while (at < tokens.length && tokens[at]!.tokenType !== t.Semicolon) {
      const type = tokens[at]!.tokenType;
      if (type === kw('CASE')) cases++;
      else if (type === kw('END')) {
        if (inSet && cases <= 0) break;
        cases--;
      }
      at++;
    }
    const list = tokens.slice(from, at);
    const end = at > from ? tokens[at - 1]!.endOffset! + 1 : (tokens[at]?.startOffset ?? length);
    return { tokens: list, span: spanOf(list, end) };
  };

  while (at < tokens.length) {
    if (is(0, t.Semicolon)) {
      at++;
      continue;
    }
    const start = at;
    const explain = is(0, kw('EXPLAIN'));
    const skip = explain ? (is(1, kw('PLAN')) ? 3 : 1) : 0;
    const executeForm =
      is(skip, kw('EXECUTE')) && is(skip + 1, kw('STATEMENT')) && is(skip + 2, kw('SET')) && is(skip + 3, kw('BEGIN'));
    const explainForm = explain && is(skip, kw('STATEMENT')) && is(skip + 1, kw('SET')) && is(skip + 2, kw('BEGIN'));
    const beginForm = is(0, kw('BEGIN')) && is(1, kw('STATEMENT')) && is(2, kw('SET'));
    if (!executeForm && !explainForm && !beginForm) {
      const statement = readStatement(false);
      if (statement.tokens.length > 0) units.push({ kind: 'single', statement });
      continue;
    }
    at += executeForm ? skip + 4 : explainForm ? skip + 3 : 3;
    const statements: StatementTokens[] = [];
    while (at < tokens.length && !is(0, kw('END'))) {
      if (is(0, t.Semicolon)) {
        at++;
        continue;
      }
      const statement = readStatement(true);
      if (statement.tokens.length > 0) statements.push(statement);
    }
    const open = {
      start: tokens[start]!.startOffset,
      end: tokens[Math.min(start + 3, tokens.length - 1)]!.endOffset! + 1,
    };
    if (at >= tokens.length) {
      diagnostics.push({
        code: 'SQL_SYNTAX',
        severity: 'error',
        message: 'this statement set has no `END`',
        span: open,
      });
    } else at++;
    const last = tokens[Math.max(start, at - 1)]!;
    if (at < tokens.length && !is(0, t.Semicolon)) {
      const token = tokens[at]!;
      diagnostics.push({
        code: 'SQL_SYNTAX',
        severity: 'error',
        message: `expected \`;\` after the \`END\` of a statement set, found \`${token.image}\``,
        span: { start: token.startOffset, end: token.endOffset! + 1 },
      });
      readStatement(false);
    }
    units.push({
      kind: 'set',
      statements,
      explain,
      span: { start: tokens[start]!.startOffset, end: last.endOffset! + 1 },
    });
  }
  return { units, diagnostics };
}
