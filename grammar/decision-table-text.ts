import type { Decision, First } from './lookahead-functions.ts';
import { AnalysedParser } from './parser.ts';
import type { Internals, StoredDecisions } from './stored-decisions.ts';
import { ALL_TOKENS } from './tokens.ts';

/** Generates the text of `decision-table.ts`. */
export function generateDecisionTable(): string {
  const { sets, decisions } = analysedDecisions(new AnalysedParser(true));
  return [
    '// Generated from the grammar by scripts/generate-decision-table.ts. Do not edit.',
    "import type { StoredDecisions } from './stored-decisions.ts';",
    '',
    '/** Names of token types. */',
    `export const TOKEN_SETS: readonly string[] = ${JSON.stringify(sets, null, 2)};`,
    '',
    `export const DECISIONS: StoredDecisions = ${JSON.stringify(decisions, null, 2)};`,
    '',
  ].join('\n');
}

/** Returns the decisions of a self-analysis. */
function analysedDecisions(parser: AnalysedParser): { sets: readonly string[]; decisions: StoredDecisions } {
  const { fullRuleNameToShort, lookAheadFuncsCache } = parser as unknown as Internals;
  const names = new Map(ALL_TOKENS.map(({ name, tokenTypeIdx }) => [tokenTypeIdx!, name]));
  const numbers = new Map<string, number>();
  const numberOf = ({ tokens, nullable }: First): string => {
    const text = [...tokens]
      .map((index) => names.get(index)!)
      .sort()
      .join(' ');
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return `${numbers.get(text)}${nullable ? '?' : ''}`;
  };
  const stored = ({ alternatives, firsts }: Decision): string =>
    `${alternatives?.[0] ?? 'o'}${firsts.map(numberOf).join(' ')}`;
  const decisions = Object.entries(fullRuleNameToShort).flatMap(([rule, shortName]) => {
    const functions = Object.entries(lookAheadFuncsCache[shortName] ?? []);
    const texts = functions.map(([number, decide]) => [number, stored(parser.lookahead.decisions.get(decide)!)]);
    return texts.length === 0 ? [] : [[rule, Object.fromEntries(texts)]];
  });
  return { sets: [...numbers.keys()], decisions: Object.fromEntries(decisions) };
}
