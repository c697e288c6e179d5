import { DECISIONS, TOKEN_SETS } from './decision-table.ts';
import { type First, lookaheadFunction } from './lookahead-functions.ts';
import type { StatementRules } from './statement-rules.ts';
import { ALL_TOKENS } from './tokens.ts';

/**
 * The decisions of a rule by Chevrotain's number of the decision. A decision has a letter (`g`
 * gated alternatives, `p` plain alternatives, `o` optional part) and the numbers of its sets of
 * first tokens; `?` means that the part can be empty.
 */
export type StoredDecisions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The parts of Chevrotain's parser that its types do not show. The version is fixed. */
export interface Internals {
  selfAnalysisDone: boolean;
  readonly fullRuleNameToShort: Readonly<Record<string, number>>;
  /** By short name of the rule and number of the decision. */
  readonly lookAheadFuncsCache: readonly (readonly unknown[] | undefined)[];
  setLaFuncCache(rule: number, decision: number, decide: unknown): void;
}

const KINDS = { g: 'gated', p: 'plain', o: null } as const;

/** Gives a parser the stored decisions instead of those of a self-analysis. */
export function useDecisions(parser: StatementRules): void {
  const internals = parser as unknown as Internals;
  for (const [rule, decisions] of Object.entries(DECISIONS)) {
    const shortName = internals.fullRuleNameToShort[rule]!;
    for (const [number, text] of Object.entries(decisions)) {
      const alternatives = KINDS[text[0] as keyof typeof KINDS];
      const decide = lookaheadFunction(() => ({ alternatives, firsts: firstsOf(text) }), alternatives);
      internals.setLaFuncCache(shortName, Number(number), decide);
    }
  }
  internals.selfAnalysisDone = true;
}

const indexes = new Map<string, number>();
const sets = new Map<number, ReadonlySet<number>>();

function firstsOf(text: string): First[] {
  const parts = text.slice(1).split(' ');
  return parts.map((part) => ({ tokens: tokenSet(Number.parseInt(part, 10)), nullable: part.endsWith('?') }));
}

function tokenSet(number: number): ReadonlySet<number> {
  const known = sets.get(number);
  if (known !== undefined) return known;
  if (indexes.size === 0) for (const { name, tokenTypeIdx } of ALL_TOKENS) indexes.set(name, tokenTypeIdx!);
  const names = TOKEN_SETS[number]!;
  const made = new Set(names === '' ? [] : names.split(' ').map((name) => indexes.get(name)!));
  sets.set(number, made);
  return made;
}
