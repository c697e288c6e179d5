import type { IToken } from 'chevrotain';
import { nearest } from '../src/core/did-you-mean.ts';
import { Identifier } from './tokens.ts';

/** A syntax mistake: its message, the token where it shows, and the tokens of the statement. */
export interface Slip {
  readonly message: string;
  readonly token: IToken;
  readonly at: number;
  readonly tokens: readonly IToken[];
}

const MATCH_WORDS = [
  'PARTITION',
  'ORDER',
  'MEASURES',
  'ONE',
  'ALL',
  'AFTER',
  'PATTERN',
  'WITHIN',
  'SUBSET',
  'DEFINE',
] as const;
const QUERY_WORDS = ['FROM', 'WHERE', 'GROUP', 'HAVING', 'LIMIT', 'UNION', 'MATCH_RECOGNIZE', 'ORDER'] as const;
const STATEMENT_WORDS = [
  'SELECT',
  'INSERT',
  'CREATE',
  'DROP',
  'EXPLAIN',
  'DESCRIBE',
  'SHOW',
  'SET',
  'RESET',
  'STOP',
  'WITH',
] as const;

/** Returns what was probably meant. Undefined: the mistake is not a common one. */
export function meantBy(slip: Slip): string | undefined {
  return inPattern(slip) ?? inMatch(slip) ?? inTable(slip) ?? inQuery(slip) ?? misspelled(slip);
}

const wordAt = (slip: Slip, offset: number): string => slip.tokens[slip.at + offset]?.image.toUpperCase() ?? '';

const expects = (slip: Slip, what: string): boolean => slip.message.startsWith(`expected ${what}`);

/** Returns the last of these words before the mistake. */
function lastWord(slip: Slip, words: readonly string[]): string | undefined {
  for (let i = slip.at - 1; i >= 0; i--) {
    const word = slip.tokens[i]!.image.toUpperCase();
    if (words.includes(word)) return word;
  }
  return undefined;
}

/** Returns whether the mistake is inside the brackets of MATCH_RECOGNIZE. */
function isInMatch(slip: Slip): boolean {
  const from = slip.tokens.findLastIndex((token, i) => i < slip.at && token.image.toUpperCase() === 'MATCH_RECOGNIZE');
  if (from < 0) return false;
  let depth = 0;
  for (const { image } of slip.tokens.slice(from, slip.at)) {
    if (image === '(') depth++;
    else if (image === ')' && --depth === 0) return false;
  }
  return true;
}

const SEQUENCE = 'write PATTERN (A B) for rows that follow each other, or PATTERN (A FOLLOWED BY B)';

const IN_PATTERN: Readonly<Record<string, string>> = {
  ',': 'the variables of a pattern have no commas between them: PATTERN (A B)',
  '-': SEQUENCE,
  '->': SEQUENCE,
  THEN: SEQUENCE,
  AND: SEQUENCE,
  OR: 'alternatives are written PATTERN (A | B)',
  '[': 'the pattern stands in round brackets: PATTERN (A B)',
  '=': 'the pattern follows without `=`: PATTERN (A B)',
  NOT: 'NOT FOLLOWED BY stands after a variable: PATTERN (A NOT FOLLOWED BY B C)',
};

function inPattern(slip: Slip): string | undefined {
  if (!isInMatch(slip) || lastWord(slip, MATCH_WORDS) !== 'PATTERN') return undefined;
  const word = wordAt(slip, 0);
  if (word === 'BY' && wordAt(slip, -1) === 'FOLLOWED') return 'FOLLOWED BY stands between two variables';
  if (expects(slip, '`BY`')) return `write ${wordAt(slip, -2) === 'NOT' ? 'NOT ' : ''}FOLLOWED BY`;
  if (expects(slip, '`}`')) return 'a number of repetitions is written {2}, {2,5}, {2,} or {,5}';
  if (/^[*+?{]$/.test(word) && /[*+?}]/.test(wordAt(slip, -1)))
    return 'a variable has one quantifier: A+, A*, A? or A{2,5}';
  const hint = IN_PATTERN[word];
  if (hint !== undefined) return hint;
  return expects(slip, '`(`') ? 'the pattern stands in brackets: PATTERN (A B)' : undefined;
}

const INSTEAD_OF_PATTERN: Readonly<Record<string, string>> = {
  DEFINE: 'DEFINE stands after PATTERN (…)',
  WITHIN: "WITHIN stands after PATTERN (…): PATTERN (A B) WITHIN INTERVAL '10' MINUTE",
  PARTITION: 'PARTITION BY stands before ORDER BY',
  GROUP: 'the rows of MATCH_RECOGNIZE are divided with PARTITION BY',
  WHERE: 'conditions stand in DEFINE; to drop rows before the pattern, read a query with WHERE',
};

function inMatch(slip: Slip): string | undefined {
  if (!isInMatch(slip)) return undefined;
  const word = wordAt(slip, 0);
  const clause = lastWord(slip, MATCH_WORDS);
  if (expects(slip, '`PATTERN`') && INSTEAD_OF_PATTERN[word] !== undefined) return INSTEAD_OF_PATTERN[word];
  if (expects(slip, '`PER`')) return 'write ONE ROW PER MATCH';
  if (expects(slip, '`PAST` or `TO`')) return 'write AFTER MATCH SKIP PAST LAST ROW, or SKIP TO NEXT ROW';
  if (expects(slip, '`DEFINE`') && /^\d/.test(wordAt(slip, -1))) return "write WITHIN INTERVAL '10' MINUTE";
  if (expects(slip, '`AS`') && wordAt(slip, -1) === 'ONE' && wordAt(slip, -2) === ',')
    return 'there is a comma too many before `ONE`';
  if (expects(slip, '`AS`') && (clause === 'MEASURES' || (clause === 'ONE' && wordAt(slip, 0) === 'ONE')))
    return 'a measure is written A.price AS name';
  if (clause === 'DEFINE' && expects(slip, '`AS`')) return 'a condition is written A AS A.price > 10';
  if (clause === 'DEFINE' && word === 'AS') return 'the conditions have commas between them: A AS …, B AS …';
  return undefined;
}

function inTable(slip: Slip): string | undefined {
  if (wordAt(slip, -slip.at) !== 'CREATE') return undefined;
  const word = wordAt(slip, 0);
  const inOptions = lastWord(slip, ['WITH']) !== undefined;
  if (inOptions && (word === ':' || expects(slip, '`=`'))) return "an option is written 'key' = 'value'";
  if (inOptions && /^[A-Z_]/.test(word)) return 'the keys and values of options stand in single quotes';
  if (word === '(' && wordAt(slip, -1) === ')') return "the options stand after WITH: WITH ('connector' = '…')";
  if (expects(slip, '`AS`') && wordAt(slip, -3) === 'WATERMARK')
    return "write WATERMARK FOR ts AS ts - INTERVAL '5' SECOND";
  if (word === 'AS' && wordAt(slip, -2) === 'WATERMARK') return 'write WATERMARK FOR ts AS …';
  if (word === ':') return 'a column is written name TYPE, without a colon';
  if (word === ',' && slip.message.includes('`ARRAY`')) return 'each column has a type: v INT';
  return undefined;
}

function inQuery(slip: Slip): string | undefined {
  const word = wordAt(slip, 0);
  const before = wordAt(slip, -1);
  const earlier = wordAt(slip, -2);
  if (expects(slip, '`BY`')) return `write ${before} BY`;
  if (expects(slip, '`INTO`')) return 'write INSERT INTO';
  if (expects(slip, '`(`') && before === 'IN') return 'the values stand in brackets: IN (1, 2)';
  if (expects(slip, '`END`'))
    return before === 'IF' ? 'write WHEN … THEN … in place of ELSE IF' : 'CASE … ends with END';
  if (expects(slip, 'a text in single quotes') && before === 'INTERVAL') return `write INTERVAL '${word}' MINUTE`;
  if (expects(slip, 'a name') && earlier === 'INTERVAL') return "an interval has a unit: INTERVAL '5' MINUTE";
  if (word === '=' && before === '=') return 'equality is written with one `=`';
  if (word === '>' && before === '=') return 'write `>=`';
  if (expects(slip, '`,` or `)`') && (QUERY_WORDS as readonly string[]).includes(word))
    return 'a closing bracket is missing before it';
  if (!slip.message.startsWith('unexpected')) return undefined;
  if (word === 'LATE' && wordAt(slip, 1) === 'ROWS')
    return 'LATE ROWS INTO stands at the end of INSERT INTO … SELECT …';
  if (word === ')') return 'there is a closing bracket too many';
  if (word === ',' && earlier === 'LIMIT') return 'write LIMIT 2 OFFSET 1';
  if (before === 'TOP') return 'write LIMIT at the end of the query';
  if (word === 'RECOGNIZE' && before === 'MATCH') return 'write MATCH_RECOGNIZE';
  if (word === 'WHERE' && lastWord(slip, ['GROUP', 'SELECT']) === 'GROUP') return 'WHERE stands before GROUP BY';
  if (word === 'GROUP' && lastWord(slip, ['HAVING', 'SELECT']) === 'HAVING') return 'HAVING stands after GROUP BY';
  if ((STATEMENT_WORDS as readonly string[]).includes(word)) return 'a `;` is missing before it';
  return undefined;
}

/** Returns the keyword that a misspelled word resembles. */
function misspelled(slip: Slip): string | undefined {
  const { token, message, tokens, at } = slip;
  const meant = (word: string, known: readonly string[]): string | undefined => {
    const near = word.length < 3 ? undefined : nearest(word, known);
    return near === undefined || near === word.toUpperCase()
      ? undefined
      : `did you mean \`${near}\` instead of \`${word}\`?`;
  };
  if (message.startsWith('expected a statement')) return meant(token.image, STATEMENT_WORDS);
  const clauses = isInMatch(slip) ? MATCH_WORDS : [];
  const expected = [...message.split(', found')[0]!.matchAll(/`([A-Z_]+)`/g)].map(([, word]) => word!);
  if (expected.length > 0) {
    const hint = meant(token.image, [...expected, ...clauses]);
    if (hint !== undefined) return hint;
  }
  // A misspelled keyword was read as an alias or a function before.
  const open = tokens[at - 1]?.image === '(' ? tokens[at - 2] : undefined;
  if (open !== undefined) return meant(open.image, ['MATCH_RECOGNIZE']);
  const before = tokens[at - 1];
  if (before === undefined || !message.startsWith('unexpected')) return undefined;
  const near = meant(before.image, QUERY_WORDS);
  if (near !== undefined || token.tokenType !== Identifier || before.tokenType !== Identifier) return near;
  return lastWord(slip, ['SELECT', 'FROM']) === 'SELECT' ? 'there may be a comma missing before it' : undefined;
}
