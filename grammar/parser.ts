import type { CstNode, IToken } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import { FirstTokenLookahead } from './first-token-lookahead.ts';
import { tooDeep } from './limits.ts';
import { describeSyntaxError, syntaxMessages } from './messages.ts';
import { StatementRules } from './statement-rules.ts';

/**
 * The parser of the whole language. The base classes contain the rules, each for one topic. Only
 * this class performs Chevrotain's self-analysis.
 */
export class SequiturParser extends StatementRules {
  constructor(skipValidations: boolean) {
    super({
      skipValidations,
      lookaheadStrategy: new FirstTokenLookahead(),
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

/**
 * Parses the tokens of one statement, without its semicolon. The first call creates the parser.
 * Chevrotain's checks run in tests only.
 */
export function parseStatement(tokens: readonly IToken[], end: number): ParsedStatement {
  return parse(tokens, end, (parser) => parser.statement());
}

/** Parses the tokens of a query: the text of a view. */
export function parseQuery(tokens: readonly IToken[], end: number): ParsedStatement {
  return parse(tokens, end, (parser) => parser.query());
}

function parse(tokens: readonly IToken[], end: number, rule: (parser: SequiturParser) => CstNode): ParsedStatement {
  instance ??= new SequiturParser(true);
  try {
    instance.input = tokens as IToken[];
    const cst = rule(instance);
    const error = instance.errors[0];
    return error === undefined
      ? { cst, diagnostics: [] }
      : { cst: null, diagnostics: [describeSyntaxError(error, tokens, end)] };
  } catch (error) {
    // a nested query uses more stack than a bracket
    if (!(error instanceof RangeError)) throw error;
    instance = null;
    return { cst: null, diagnostics: [tooDeep(tokens)] };
  }
}
