import { invariant } from '../../core/invariant.ts';
import type { PatternGroup, PatternLink, PatternSequence, PatternVariable, Quantifier } from '../match-node.ts';
import { patternVariables, walkPattern } from '../walk-pattern.ts';
import { ALWAYS, and, type EdgeCondition, holds, not } from './condition.ts';

/** An element with the one before it in its sequence. */
export interface PatternPlace {
  readonly element: PatternVariable | PatternGroup;
  readonly previous: PatternPlace | null;
}

/**
 * The position of the construction of the automaton in the pattern, which it walks from the end to
 * the beginning. It gives the conditions at that position: the rows that the element takes, the
 * rows that it may pass over, and the negations before it.
 */
export class PatternWalk {
  /**
   * Names of the pattern's variables, then of the conditions that end loops, then of other
   * definitions.
   */
  readonly variables: readonly string[];
  current: PatternPlace;
  /** The element after the current one. */
  following: PatternPlace | null = null;
  #group: PatternGroup | null = null;
  /**
   * Groups that are not at the first turn of their loop. Their head then follows by the inner
   * contiguity.
   */
  readonly #laterTurn = new Set<PatternGroup>();

  constructor(pattern: PatternSequence, defined: readonly string[]) {
    this.variables = [...new Set([...patternVariables(pattern), ...loopEndsOf(pattern), ...defined])];
    this.current = lastOf(pattern);
  }

  /** Steps to the element before. */
  back(): void {
    invariant(this.current.previous !== null, 'there is an element before the current one');
    this.following = this.current;
    this.current = this.current.previous;
  }

  /** Walks through a group by `build`, then returns to the position before. */
  inside<T>(group: PatternGroup, build: () => T): T {
    const { current, following } = this;
    const outer = this.#group;
    this.#group = group;
    this.current = lastOf(group.sequence);
    const built = build();
    this.current = current;
    this.following = following;
    this.#group = outer;
    return built;
  }

  quantifier(): Quantifier {
    return this.current.element.quantifier;
  }
  link(): PatternLink {
    return this.#first(this.current) ? 'next' : this.current.element.link;
  }
  #first(link: PatternPlace): boolean {
    return link.previous === null;
  }
  name(link: PatternPlace): string {
    return link.element.kind === 'variable' ? link.element.variable : '$group';
  }
  #headOfGroup(link: PatternPlace): boolean {
    return this.#group !== null && this.#first(link);
  }
  headOfOptionalGroup(): boolean {
    return this.#headOfGroup(this.current) && !this.#laterTurn.has(this.#group!) && this.#group!.quantifier.optional;
  }
  firstTurn(first: boolean): void {
    const element = this.current.element;
    if (element.kind !== 'group') return;
    if (first) this.#laterTurn.delete(element);
    else this.#laterTurn.add(element);
  }

  condition(variable: string): EdgeCondition {
    const index = this.variables.indexOf(variable);
    invariant(index >= 0, () => `pattern names the unknown condition ${variable}`);
    return holds(index);
  }

  /** Returns the own condition of a place. A group itself has no condition. */
  #own(link: PatternPlace): EdgeCondition {
    return link.element.kind === 'variable' ? this.condition(link.element.variable) : ALWAYS;
  }

  #groupUntil(): EdgeCondition | null {
    const until = this.#group?.quantifier.until;
    return until === undefined ? null : this.condition(until);
  }

  takeCondition(link: PatternPlace): EdgeCondition {
    return whileNot(this.#groupUntil(), this.#own(link))!;
  }

  /**
   * Returns the condition for moving on without a row: always true, except on a row that ends the
   * loop of the group around it.
   */
  proceedCondition(): EdgeCondition {
    return whileNot(this.#groupUntil(), ALWAYS)!;
  }

  innerIgnoreCondition(link: PatternPlace): EdgeCondition | null {
    const inner = this.#headOfGroup(link) ? this.#group!.quantifier.inner : link.element.quantifier.inner;
    const skips = inner === 'consecutive' ? null : inner === 'relaxed' ? not(this.#own(link)) : ALWAYS;
    return whileNot(this.#groupUntil(), skips);
  }

  ignoreCondition(link: PatternPlace): EdgeCondition | null {
    // The head of a group follows the element before the group by the group's link. In later turns
    // it follows by the group's inner contiguity.
    if (this.#headOfGroup(link)) {
      if (this.#laterTurn.has(this.#group!)) return this.innerIgnoreCondition(link);
      return whileNot(this.#groupUntil(), this.#skips(this.#group!.link, link));
    }
    return whileNot(this.#groupUntil(), this.#skips(this.#first(link) ? 'next' : link.element.link, link));
  }

  #skips(link: PatternLink, of: PatternPlace): EdgeCondition | null {
    if (link === 'followed-by') return not(this.#own(of));
    return link === 'followed-by-any' ? ALWAYS : null;
  }

  /**
   * Returns the negated variables between the current element and the last one before it that must
   * take a row.
   */
  earlierNots(): { readonly condition: EdgeCondition; readonly name: string }[] {
    const nots: { condition: EdgeCondition; name: string }[] = [];
    let link = this.current;
    while (
      link.previous !== null &&
      (link.previous.element.quantifier.optional || link.previous.element.link === 'not-followed-by')
    ) {
      link = link.previous;
      if (link.element.link === 'not-followed-by')
        nots.push({ condition: this.takeCondition(link), name: this.name(link) });
    }
    return nots;
  }
}

/** Returns `condition`, but not for rows that end the loop. Null stays null. */
export function whileNot(ends: EdgeCondition | null, condition: EdgeCondition | null): EdgeCondition | null {
  return ends === null || condition === null ? condition : and(not(ends), condition);
}

function lastOf(sequence: PatternSequence): PatternPlace {
  let last: PatternPlace | null = null;
  for (const element of sequence.elements) {
    invariant(element.kind === 'variable' || element.kind === 'group', 'an automaton is of variables and groups');
    last = { element, previous: last };
  }
  invariant(last !== null, 'a pattern sequence has at least one element');
  return last;
}

/** Returns the names of the conditions that end loops. */
function loopEndsOf(sequence: PatternSequence): string[] {
  const ends: string[] = [];
  walkPattern(sequence, ({ quantifier }) => {
    if (quantifier.until !== undefined) ends.push(quantifier.until);
  });
  return ends;
}
