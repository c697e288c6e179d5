import type { TokenType } from 'chevrotain';
import { createToken, Lexer } from './chevrotain.ts';

/**
 * Every token of the language. The scanner (`scanner.ts`) makes them. Chevrotain's lexer is not
 * used, because this scanner starts faster and finds a keyword with one look-up.
 */
const token = (name: string, label: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, pattern: Lexer.NA, categories });

export const Identifier = token('Identifier', 'a name');
export const QuotedIdentifier = token('QuotedIdentifier', 'a name', [Identifier]);
export const IntegerLiteral = token('IntegerLiteral', 'a whole number');
export const DecimalLiteral = token('DecimalLiteral', 'a decimal number');
export const ApproximateLiteral = token('ApproximateLiteral', 'a number');
export const StringLiteral = token('StringLiteral', 'a text in single quotes');
export const BinaryLiteral = token('BinaryLiteral', "a binary literal such as x'CAFE'");
/** Text that the scanner could not read. The mistake has been reported. */
export const Unreadable = token('Unreadable', 'something unreadable');
/** A comment that begins with a plus sign: `+ OPTIONS(…)` inside. */
export const Hint = token('Hint', 'a hint comment');

export const LeftParen = token('LeftParen', '`(`');
export const RightParen = token('RightParen', '`)`');
export const LeftBracket = token('LeftBracket', '`[`');
export const RightBracket = token('RightBracket', '`]`');
export const LeftBrace = token('LeftBrace', '`{`');
export const RightBrace = token('RightBrace', '`}`');
export const Comma = token('Comma', '`,`');
export const Semicolon = token('Semicolon', '`;`');
export const Dot = token('Dot', '`.`');
export const QuestionMark = token('QuestionMark', '`?`');
export const Caret = token('Caret', '`^`');
export const Dollar = token('Dollar', '`$`');
export const Bar = token('Bar', '`|`');
export const Arrow = token('Arrow', '`=>`');
export const Colon = token('Colon', '`:`');

export const AdditiveOperator = token('AdditiveOperator', 'an operator');
export const MultiplicativeOperator = token('MultiplicativeOperator', 'an operator');
export const Plus = token('Plus', '`+`', [AdditiveOperator]);
export const Minus = token('Minus', '`-`', [AdditiveOperator]);
export const Star = token('Star', '`*`', [MultiplicativeOperator]);
export const Slash = token('Slash', '`/`', [MultiplicativeOperator]);
export const Percent = token('Percent', '`%`', [MultiplicativeOperator]);
export const Concat = token('Concat', '`||`');
export const ComparisonOperator = token('ComparisonOperator', 'a comparison');
export const Equal = token('Equal', '`=`', [ComparisonOperator]);
export const NotEqual = token('NotEqual', '`<>`', [ComparisonOperator]);
export const BangEqual = token('BangEqual', '`!=`', [ComparisonOperator]);
export const Less = token('Less', '`<`', [ComparisonOperator]);
export const LessEqual = token('LessEqual', '`<=`', [ComparisonOperator]);
export const Greater = token('Greater', '`>`', [ComparisonOperator]);
export const GreaterEqual = token('GreaterEqual', '`>=`', [ComparisonOperator]);

/** Words that are names only in back quotes. */
const RESERVED = [
  'ALL', 'AND', 'ANY', 'ARRAY', 'AS', 'BETWEEN', 'BY', 'CASE', 'CAST', 'CREATE', 'CROSS', 'CUBE', 'DATE', 'DEFAULT', 'DEFINE', 'DESCRIBE', 'DISTINCT',
  'DROP', 'ELSE', 'END', 'EXCEPT', 'EXISTS', 'EXPLAIN', 'EXTRACT', 'FALSE', 'FETCH', 'FILTER', 'FOR', 'FROM', 'FULL', 'GROUP',
  'GROUPING', 'HAVING', 'IN', 'INNER', 'INSERT', 'INTERSECT', 'INTERVAL', 'INTO', 'IS', 'JOIN', 'LATERAL', 'LEFT', 'LIKE',
  'LIMIT', 'MAP', 'MATCH_RECOGNIZE', 'MEASURES', 'MINUS', 'MULTISET', 'NATURAL', 'NOT', 'NULL', 'OFFSET', 'ON', 'OR', 'ORDER',
  'OUTER', 'OVER', 'OVERLAY', 'PARTITION', 'PERMUTE', 'POSITION', 'PRIMARY', 'RIGHT', 'ROLLUP', 'ROW', 'ROWS', 'SELECT', 'SET',
  'SIMILAR', 'SUBSET', 'SUBSTRING', 'TABLE', 'THEN', 'TIME', 'TIMESTAMP', 'TO', 'TRIM', 'TRUE', 'TRY_CAST', 'UNION', 'UNIQUE', 'UNKNOWN',
  'UNNEST', 'USING', 'VALUES', 'WHEN', 'WHERE', 'WINDOW', 'WITH', 'WITHIN', 'WITHOUT', 'JSON_VALUE', 'JSON_QUERY', 'JSON_EXISTS',
  'JSON_OBJECT', 'JSON_ARRAY',
] as const; // biome-ignore format: a table of words

/** Words that are keywords in some places and names elsewhere. */
const NON_RESERVED = [
  'ABSENT', 'AFTER', 'ARRAYS', 'ASC', 'ASYMMETRIC', 'BEGIN', 'BOTH', 'CEIL', 'CEILING', 'COMMENT', 'CONDITIONAL', 'CONSTRAINT',
  'CURRENT', 'DATA', 'DESC', 'DESCRIPTOR', 'EMPTY', 'ENFORCED', 'ERROR', 'ESCAPE', 'EXECUTE', 'FIRST', 'FLOOR', 'FOLLOWED',
  'FOLLOWING', 'FORMAT', 'FUNCTIONS', 'IF', 'JOB', 'JOBS', 'JSON', 'KEY', 'LAST', 'LEADING', 'LOCAL', 'MATCH', 'METADATA', 'NEXT', 'NO',
  'NULLS', 'OBJECT', 'OF', 'ONE', 'ONLY', 'OPTIONS', 'PAST', 'PATTERN', 'PER', 'PLACING', 'PLAN', 'PRECEDING', 'RANGE', 'RECURSIVE',
  'RESET', 'RETURNING', 'SAVEPOINT', 'DRAIN', 'SCALAR', 'SEMI', 'ANTI', 'SETS', 'SHOW', 'SKIP', 'STATEMENT', 'STOP', 'SYMMETRIC',
  'SYSTEM_TIME', 'TABLES', 'TEMPORARY', 'TRAILING', 'UNBOUNDED', 'UNCONDITIONAL', 'VALUE', 'VIEW', 'VIEWS', 'VIRTUAL', 'WATERMARK',
  'WRAPPER', 'ZONE', 'TIMEOUT', 'MATCHES', 'OMIT', 'UNMATCHED', 'CONSECUTIVE', 'RELAXED', 'COMBINATIONS', 'UNTIL', 'STEP', 'RUNNING', 'FINAL', 'BEFORE',
  'LATE', 'IGNORE', 'RESPECT',
] as const; // biome-ignore format: a table of words

export type Keyword = (typeof RESERVED)[number] | (typeof NON_RESERVED)[number];

const keywordTypes = new Map<string, TokenType>();
for (const word of RESERVED) keywordTypes.set(word, token(word, `\`${word}\``));
for (const word of NON_RESERVED) keywordTypes.set(word, token(word, `\`${word}\``, [Identifier]));

/** Returns the token type of a keyword. */
export const kw = (word: Keyword): TokenType => keywordTypes.get(word)!;
/** Returns the token type of a word in upper case, if the word is a keyword. */
export const keywordType = (word: string): TokenType | undefined => keywordTypes.get(word);
const reserved: ReadonlySet<string> = new Set(RESERVED);
export const isReserved = (word: string): boolean => reserved.has(word.toUpperCase());

export const ALL_TOKENS: TokenType[] = [
  Unreadable, Identifier, QuotedIdentifier, IntegerLiteral, DecimalLiteral, ApproximateLiteral, StringLiteral, BinaryLiteral, Hint,
  LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Comma, Semicolon, Dot, QuestionMark, Caret, Dollar, Bar,
  Arrow, Colon, AdditiveOperator, MultiplicativeOperator, Plus, Minus, Star, Slash, Percent, Concat, ComparisonOperator, Equal, NotEqual,
  BangEqual, Less, LessEqual, Greater, GreaterEqual, ...keywordTypes.values(),
]; // biome-ignore format: a table of tokens
