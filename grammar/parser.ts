import type { CstNode, IToken } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import { FirstTokenLookahead } from './first-token-lookahead.ts';
import { tooDeep } from './limits.ts';
import { describeSyntaxError, syntaxMessages } from './messages.ts';
import { StatementRules } from './statement-rules.ts';
import { useDecisions } from './stored-decisions.ts';

const CONFIG = {
  recoveryEnabled: false,
  nodeLocationTracking: 'onlyOffset',
  errorMessageProvider: syntaxMessages,
} as const;

/**
 * The parser of the whole language after Chevrotain's self-analysis, which records all rules and
 * computes the decisions. The analysis takes 60 ms, so it runs in tests, for generated files, and
 * for the messages of mistakes. The base classes contain the rules, each for one topic.
 */
export class AnalysedParser extends StatementRules {
  readonly lookahead: FirstTokenLookahead;

  constructor(skipValidations: boolean) {
    const lookahead = new FirstTokenLookahead();
    super({ ...CONFIG, skipValidations, lookaheadStrategy: lookahead });
    this.lookahead = lookahead;
    this.performSelfAnalysis();
  }
}

/** The parser of the whole language. It takes its decisions from a generated table. */
export class SequiturParser extends StatementRules {
  #analysed: AnalysedParser | null = null;

  constructor() {
    super(CONFIG);
    useDecisions(this);
  }

  /** Chevrotain reads the rules when it describes a mistake. */
  override getGAstProductions(): ReturnType<AnalysedParser['getGAstProductions']> {
    this.#analysed ??= new AnalysedParser(true);
    return this.#analysed.getGAstProductions();
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
 */
export function parseStatement(tokens: readonly IToken[], end: number): ParsedStatement {
  return parse(tokens, end, (parser) => parser.statement());
}

/** Parses the tokens of a query: the text of a view. */
export function parseQuery(tokens: readonly IToken[], end: number): ParsedStatement {
  return parse(tokens, end, (parser) => parser.query());
}

function parse(tokens: readonly IToken[], end: number, rule: (parser: SequiturParser) => CstNode): ParsedStatement {
  instance ??= new SequiturParser();
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
