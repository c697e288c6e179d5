import type * as Chevrotain from 'chevrotain';
import type { ILookaheadStrategy, IOrAlt, IProduction, Rule, TokenType } from 'chevrotain';
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

/** The type of `this` in Chevrotain's calls of the lookahead functions. */
interface LookingParser {
  LA(k: number): { readonly tokenTypeIdx: number };
}
type Gated = readonly { readonly GATE?: (() => boolean) | undefined }[];

interface First {
  /** Indexes of token types. A category is replaced by its members. */
  readonly tokens: ReadonlySet<number>;
  readonly nullable: boolean;
}

const PRODUCTIONS = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

/**
 * A lookahead strategy with one token. It computes the first tokens of each rule once. Chevrotain's
 * default strategy walks the grammar again for each decision. That took two thirds of the parser's
 * start (measured: 40 ms of 60). Both strategies make the same decisions. This class inherits the
 * checks of the grammar (ambiguity, left recursion), which run in tests.
 */
export class FirstTokenLookahead extends LLkLookaheadStrategy implements ILookaheadStrategy {
  readonly #rules = new Map<string, First>();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation(options: { prodOccurrence: number; rule: Rule; hasPredicates: boolean }): (
    // biome-ignore lint/suspicious/noExplicitAny: Chevrotain's own type
    alternatives?: IOrAlt<any>[],
  ) => number | undefined {
    const production = find(
      options.rule.definition,
      (part) => part instanceof Alternation && part.idx === options.prodOccurrence,
    ) as Chevrotain.Alternation;
    const firsts = alternativesOf(production).map((alternative) => this.#sequence(alternative));
    if (options.hasPredicates) {
      return function (this: LookingParser, alternatives?: Gated) {
        const next = this.LA(1).tokenTypeIdx;
        for (const [i, first] of firsts.entries()) {
          if ((first.nullable || first.tokens.has(next)) && alternatives![i]!.GATE?.call(this) !== false) return i;
        }
        return undefined;
      } as () => number | undefined;
    }
    const choice = new Map<number, number>();
    for (const [i, first] of firsts.entries())
      for (const token of first.tokens) if (!choice.has(token)) choice.set(token, i);
    const empty = firsts.findIndex((first) => first.nullable);
    return function (this: LookingParser) {
      return choice.get(this.LA(1).tokenTypeIdx) ?? (empty < 0 ? undefined : empty);
    } as () => number | undefined;
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
    const { tokens } = this.#sequence(production.definition);
    return function (this: LookingParser) {
      return tokens.has(this.LA(1).tokenTypeIdx);
    } as () => boolean;
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
