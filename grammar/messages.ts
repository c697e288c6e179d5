import type { IParserErrorMessageProvider, IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../src/core/diagnostic.ts';
import { EOF } from './chevrotain.ts';
import { meantBy } from './slips.ts';
import { Identifier, isReserved, QuotedIdentifier, RightParen } from './tokens.ts';

/** The wording of every syntax message: "expected …, found …". */
export const syntaxMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual, ruleName }) => {
    const more = expected === RightParen && LISTS.has(ruleName) ? '`,` or ' : '';
    return `expected ${more}${expected.LABEL ?? expected.name}, found ${found(actual)}`;
  },
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual, ruleName }) =>
    `expected ${WHAT[ruleName] ?? list(firstTokens(expectedPathsPerAlt.flat()))}, found ${found(actual[0]!)}`,
  buildEarlyExitMessage: ({ expectedIterationPaths, actual, ruleName }) =>
    `expected ${WHAT[ruleName] ?? list(firstTokens(expectedIterationPaths))}, found ${found(actual[0]!)}`,
};

/** Rules whose closing bracket ends a list. */
const LISTS = new Set([
  'createTable',
  'columnList',
  'withOptions',
  'tableFunction',
  'functionCall',
  'inPredicate',
  'matchRecognize',
]);

/**
 * The names of rules in messages. A message uses this name if the list of possible tokens is long
 * or unclear.
 */
const WHAT: Readonly<Record<string, string>> = {
  statement: 'a statement',
  primary: 'an expression',
  literal: 'a value',
  queryTerm: '`SELECT`, `VALUES` or a query in brackets',
  tablePrimary: 'a table, a view or a query in brackets',
  dataType: 'a data type',
  plainType: 'a data type',
  predicate: 'a comparison',
  selectItem: 'an expression or `*`',
  groupItem: 'an expression to group by',
  patternElement: 'a pattern variable',
  specialFunction: 'a function',
  createStatement: '`TABLE` or `VIEW`',
  showStatement: '`TABLES`, `VIEWS`, `FUNCTIONS`, `JOBS` or `CREATE TABLE`',
  tableElement: 'a column, `WATERMARK` or `PRIMARY KEY`',
};

function firstTokens(paths: readonly (readonly TokenType[])[]): string[] {
  return [
    ...new Set(
      paths
        .map((path) => path[0])
        .filter((type) => type !== undefined)
        .map((type) => type.LABEL ?? type.name),
    ),
  ];
}

function list(labels: readonly string[]): string {
  if (labels.includes('`LATERAL`')) return 'a table, a view or a query in brackets';
  if (labels.includes('`WATERMARK`')) return 'a column, `WATERMARK` or `PRIMARY KEY`';
  if (labels.includes('a whole number')) return labels.includes('`*`') ? 'an expression or `*`' : 'an expression';
  if (labels.length === 1) return labels[0]!;
  const shown = labels.slice(0, 6);
  return labels.length > 6 ? `one of ${shown.join(', ')} …` : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

function found(token: IToken): string {
  if (token.tokenType === EOF || token.image === '') return 'the end of the statement';
  const image = token.image.length > 40 ? `${token.image.slice(0, 37)}…` : token.image;
  return token.tokenType === QuotedIdentifier ? `the name ${image}` : `\`${image.replaceAll('\n', ' ')}\``;
}

/**
 * Converts a parser error to a diagnostic. `end` is the end of the statement's text. A mistake at
 * the end is reported there.
 */
export function describeSyntaxError(error: IRecognitionException, tokens: readonly IToken[], end: number): Diagnostic {
  const token = error.token;
  const atEnd = token.tokenType === EOF || Number.isNaN(token.startOffset);
  const last = tokens.at(-1);
  const span = atEnd
    ? {
        start: last === undefined ? end : last.endOffset! + 1,
        end: Math.max(end, last === undefined ? end : last.endOffset! + 2),
      }
    : { start: token.startOffset, end: token.endOffset! + 1 };
  const hint = atEnd ? undefined : hintFor(error, token, tokens);
  return {
    code: 'SQL_SYNTAX',
    severity: 'error',
    message: error.message,
    span,
    ...(hint === undefined ? {} : { hint }),
  };
}

const CLAUSES =
  /^(FROM|WHERE|GROUP|HAVING|ORDER|LIMIT|UNION|SELECT|INSERT|CREATE|JOIN|ON|AS|AND|OR|THEN|WHEN|ELSE|END|BY|WITH|PATTERN|DEFINE|MEASURES)$/i;

/** Returns whether a clause can begin neither after `before` nor before `next`. */
const isUsedAsName = (before: IToken | undefined, next: IToken | undefined): boolean =>
  /^(AS|\()$/i.test(before?.image ?? '') || /^(,|\)|FROM)$/i.test(next?.image ?? '');

/** Returns a correction of a common mistake. */
function hintFor(error: IRecognitionException, token: IToken, tokens: readonly IToken[]): string | undefined {
  const at = tokens.indexOf(token);
  const before = tokens[at - 1];
  if (before?.image === ',' && (/^(FROM|WHERE|GROUP|HAVING|ORDER)$/i.test(token.image) || token.image === ')')) {
    return 'there is a comma too many before it';
  }
  const meant = meantBy({ message: error.message, token, at, tokens });
  if (meant !== undefined) return meant;
  if (
    isReserved(token.image) &&
    (!CLAUSES.test(token.image) || isUsedAsName(before, tokens[at + 1])) &&
    /expected (a name|a column|an expression|a table)/.test(error.message)
  ) {
    return `\`${token.image}\` is a keyword; in back quotes it is a name`;
  }
  if (error.message.includes('expected a statement')) {
    return 'a statement begins with SELECT, INSERT INTO, CREATE, DROP, EXPLAIN, DESCRIBE, SHOW, SET, RESET or STOP';
  }
  if (
    token.tokenType === Identifier &&
    before !== undefined &&
    isReserved(before.image) &&
    /unexpected/.test(error.message)
  ) {
    return `\`${before.image}\` is a keyword; to use it as a name, put it in back quotes`;
  }
  return undefined;
}
