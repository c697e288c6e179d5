import type { IOrAlt } from 'chevrotain';

/** The type of `this` in Chevrotain's calls of the lookahead functions. */
interface LookingParser {
  LA(k: number): { readonly tokenTypeIdx: number };
}
type Gated = readonly { readonly GATE?: (() => boolean) | undefined }[];

// biome-ignore lint/suspicious/noExplicitAny: Chevrotain's own type
export type ChooseAlternative = (alternatives?: IOrAlt<any>[]) => number | undefined;

export interface First {
  /** Indexes of token types. A category is replaced by its members. */
  readonly tokens: ReadonlySet<number>;
  readonly nullable: boolean;
}

/** What the parser must know to decide by the next token. */
export interface Decision {
  /** Null: the decision is whether to enter an optional part or a repetition. */
  readonly alternatives: 'gated' | 'plain' | null;
  /** One for each alternative, or one for the optional part. */
  readonly firsts: readonly First[];
}

/** Returns the function that makes a decision. It reads the first tokens in its first call. */
export function lookaheadFunction(decide: () => Decision, kind: Decision['alternatives']): () => boolean {
  const make = kind === null ? enter : kind === 'gated' ? chooseGated : choose;
  let made: ((this: LookingParser, alternatives?: Gated) => unknown) | null = null;
  return function (this: LookingParser, alternatives?: Gated) {
    made ??= make(decide().firsts);
    return made.call(this, alternatives);
  } as () => boolean;
}

function enter([first]: readonly First[]) {
  const { tokens } = first!;
  return function (this: LookingParser): boolean {
    return tokens.has(this.LA(1).tokenTypeIdx);
  };
}

function choose(firsts: readonly First[]) {
  const choice = new Map<number, number>();
  for (const [i, first] of firsts.entries())
    for (const token of first.tokens) if (!choice.has(token)) choice.set(token, i);
  const empty = firsts.findIndex((first) => first.nullable);
  return function (this: LookingParser): number | undefined {
    return choice.get(this.LA(1).tokenTypeIdx) ?? (empty < 0 ? undefined : empty);
  };
}

function chooseGated(firsts: readonly First[]) {
  return function (this: LookingParser, alternatives?: Gated): number | undefined {
    const next = this.LA(1).tokenTypeIdx;
    for (const [i, first] of firsts.entries()) {
      if ((first.nullable || first.tokens.has(next)) && alternatives![i]!.GATE?.call(this) !== false) return i;
    }
    return undefined;
  };
}
