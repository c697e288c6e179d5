import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { BacktrackingMatcher } from './backtracking-matcher.ts';
import { type BacktrackingProgram, compileProgram } from './backtracking-program.ts';
import { type LinearPattern, toLinear } from './linear-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import type { ParsedPattern } from './pattern-tree.ts';

/** The matches of a pattern in one text, one after the other. */
export interface RegexMatcher {
  find(): boolean;
  /** The place of the match in UTF-16 code units. */
  start(): number;
  end(): number;
  /** The text of a group, by default of the whole match; null if the group is not in the match. */
  group(group?: number): string | null;
}

/** Loaded at the first pattern: most jobs have none. */
let engine: typeof RE2JS | null = null;
function linearEngine(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return engine;
}

/**
 * A regular expression of Java. Patterns are matched by an engine with linear time where that gives
 * the same matches. All others, and texts with characters that the engine takes another way, are
 * matched by backtracking with a limit of steps.
 */
export class Regex {
  readonly #parsed: ParsedPattern;
  readonly #exceeded: (steps: number) => Error;
  /** Compiled at the first use; null: the linear engine cannot have the pattern. */
  #withGroups: LinearRegex | null | undefined;
  #withoutGroups: LinearRegex | null | undefined;
  #program: BacktrackingProgram | null = null;

  /** Throws InvalidPattern, UnsupportedPattern. `exceeded` makes the error of too many steps. */
  constructor(pattern: string, exceeded: (steps: number) => Error) {
    this.#parsed = parsePattern(pattern);
    this.#exceeded = exceeded;
  }

  /** The number of capturing groups. */
  get groups(): number {
    return this.#parsed.groups;
  }

  /** Searches in a text. `groups`: whether the texts of groups are read too. */
  matcher(text: string, groups = false): RegexMatcher {
    return this.#linear(groups, text)?.matcher(text) ?? this.#backtracking(text);
  }

  /** Returns whether the whole text matches. */
  matches(text: string): boolean {
    return this.#linear(false, text)?.matches(text) ?? this.#backtracking(text).matches();
  }

  /** Returns the linear engine's pattern if it matches this text as Java does. */
  #linear(groups: boolean, text: string): RE2JS | null {
    const known = groups ? this.#withGroups : this.#withoutGroups;
    const compiled = known === undefined ? this.#compileLinear(groups) : known;
    return compiled === null || compiled.except?.test(text) ? null : compiled.regex;
  }

  #compileLinear(groups: boolean): LinearRegex | null {
    const linear = toLinear(this.#parsed, groups);
    const regex = linear && compileLinear(linear);
    const compiled = regex && { regex, except: linear!.except };
    if (groups) this.#withGroups = compiled;
    else this.#withoutGroups = compiled;
    return compiled;
  }

  #backtracking(text: string): BacktrackingMatcher {
    this.#program ??= compileProgram(this.#parsed);
    return new BacktrackingMatcher(this.#program, text, this.#exceeded);
  }
}

interface LinearRegex {
  readonly regex: RE2JS;
  readonly except: RegExp | null;
}

/** Returns null if the linear engine cannot have the pattern, such as for its size. */
function compileLinear({ source }: LinearPattern): RE2JS | null {
  try {
    return linearEngine().compile(source);
  } catch {
    return null;
  }
}
