import type { CstNode, IToken } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import { describeSyntaxError, syntaxMessages } from './messages.ts';
import { StatementRules } from './statement-rules.ts';

/** The whole language. Rules live in the classes below it, one topic each; only this one performs the self-analysis. */
export class SequiturParser extends StatementRules {
  constructor(skipValidations: boolean) {
    super({
      skipValidations,
      maxLookahead: 1,
      recoveryEnabled: false,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: syntaxMessages,
    });
    this.performSelfAnalysis();
  }
}

export interface ParsedStatement {
  /** Absent when the text has mistakes. */
  readonly cst: CstNode | null;
  readonly diagnostics: readonly Diagnostic[];
}

let instance: SequiturParser | null = null;

/** Parses the tokens of one statement, without its semicolon. The parser is made at the first call; Chevrotain's checks run in tests only. */
export function parseStatement(tokens: readonly IToken[], end: number): ParsedStatement {
  instance ??= new SequiturParser(true);
  instance.input = tokens as IToken[];
  const cst = instance.statement();
  const error = instance.errors[0];
  return error === undefined
    ? { cst, diagnostics: [] }
    : { cst: null, diagnostics: [describeSyntaxError(error, tokens, end)] };
}

/** Parses the tokens of a query: the text of a view. */
export function parseQuery(tokens: readonly IToken[], end: number): ParsedStatement {
  instance ??= new SequiturParser(true);
  instance.input = tokens as IToken[];
  const cst = instance.query();
  const error = instance.errors[0];
  return error === undefined
    ? { cst, diagnostics: [] }
    : { cst: null, diagnostics: [describeSyntaxError(error, tokens, end)] };
}
