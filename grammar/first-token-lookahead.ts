import type * as Chevrotain from 'chevrotain';
import type { ILookaheadStrategy, IProduction, Rule, TokenType } from 'chevrotain';
import {
  Alternation,
  LLkLookaheadStrategy,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
} from './chevrotain.ts';
import { type ChooseAlternative, type Decision, type First, lookaheadFunction } from './lookahead-functions.ts';

const PRODUCTIONS = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

/**
 * A lookahead strategy with one token. It computes the first tokens of each rule once. Chevrotain's
 * default strategy walks the grammar again for each decision, which is slower. Both strategies make
 * the same decisions. This class inherits the checks of the grammar (ambiguity, left recursion),
 * which run in tests.
 */
export class FirstTokenLookahead extends LLkLookaheadStrategy implements ILookaheadStrategy {
  /** By the function that makes the decision. */
  readonly decisions = new Map<unknown, Decision>();
  readonly #rules = new Map<string, First>();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation(options: {
    prodOccurrence: number;
    rule: Rule;
    hasPredicates: boolean;
  }): ChooseAlternative {
    const production = find(
      options.rule.definition,
      (part) => part instanceof Alternation && part.idx === options.prodOccurrence,
    ) as Chevrotain.Alternation;
    const firsts = alternativesOf(production).map((alternative) => this.#sequence(alternative));
    const decide: unknown = this.#function({ alternatives: options.hasPredicates ? 'gated' : 'plain', firsts });
    return decide as ChooseAlternative;
  }

  override buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: keyof typeof PRODUCTIONS;
    rule: Rule;
  }): () => boolean {
    const type = PRODUCTIONS[options.prodType];
    const production = find(
      options.rule.definition,
      (part) => part instanceof type && part.idx === options.prodOccurrence,
    ) as Chevrotain.Option;
    return this.#function({ alternatives: null, firsts: [this.#sequence(production.definition)] });
  }

  #function(decision: Decision): () => boolean {
    const decide = lookaheadFunction(() => decision, decision.alternatives);
    this.decisions.set(decide, decision);
    return decide;
  }

  #sequence(parts: readonly IProduction[]): First {
    const tokens = new Set<number>();
    for (const part of parts) {
      const first = this.#first(part);
      for (const token of first.tokens) tokens.add(token);
      if (!first.nullable) return { tokens, nullable: false };
    }
    return { tokens, nullable: true };
  }

  #first(part: IProduction): First {
    if (part instanceof Terminal) return { tokens: new Set(withCategories(part.terminalType)), nullable: false };
    if (part instanceof NonTerminal) return this.#rule(part.referencedRule);
    if (part instanceof Alternation) {
      const firsts = alternativesOf(part).map((alternative) => this.#sequence(alternative));
      return {
        tokens: new Set(firsts.flatMap((first) => [...first.tokens])),
        nullable: firsts.some((first) => first.nullable),
      };
    }
    const { definition } = part as Chevrotain.Option;
    const inside = this.#sequence(definition);
    const mandatory = part instanceof RepetitionMandatory || part instanceof RepetitionMandatoryWithSeparator;
    return mandatory ? inside : { tokens: inside.tokens, nullable: true };
  }

  #rule(rule: Rule): First {
    const known = this.#rules.get(rule.name);
    if (known !== undefined) return known;
    const first = this.#sequence(rule.definition);
    this.#rules.set(rule.name, first);
    return first;
  }
}

const alternativesOf = (alternation: Chevrotain.Alternation): readonly (readonly IProduction[])[] =>
  alternation.definition.map((alternative) => (alternative as Chevrotain.Alternative).definition);

const withCategories = (type: TokenType): number[] => [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])];

/** Finds the first production, at any depth of a rule, that the test accepts. */
function find(parts: readonly IProduction[], accepts: (part: IProduction) => boolean): IProduction | undefined {
  for (const part of parts) {
    if (accepts(part)) return part;
    if (part instanceof Terminal || part instanceof NonTerminal) continue;
    const inside = find((part as Chevrotain.Option).definition, accepts);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
